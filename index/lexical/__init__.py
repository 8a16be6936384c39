"""The words of passages, indexed and searched."""
