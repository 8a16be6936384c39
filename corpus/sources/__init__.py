"""One small module per format, each yielding articles and skips."""
