"""The one truth: archive.db, and what is read from and written to it."""
