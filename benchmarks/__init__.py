"""Commands that make every published figure."""
