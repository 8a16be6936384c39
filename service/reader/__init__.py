"""The extractive reader: its model, decoding and confidence."""
