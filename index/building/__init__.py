"""Records become the next snapshot."""
