"""The calls, and the pages that are calls."""
