"""The embedded engine: an index directory of this machine."""
