"""What is asked of a snapshot, and what it returns."""
