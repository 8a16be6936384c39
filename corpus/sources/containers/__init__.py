"""What files come in: compressed, or put into archives."""
