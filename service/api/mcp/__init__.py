"""The archive as tools of a language model."""
