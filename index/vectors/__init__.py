"""Texts become vectors, and the nearest are found."""
