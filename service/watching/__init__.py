"""Watched questions: asked again when what is published may change their answers."""
