"""The language of a text that does not state it."""

__all__ = ["detect_language"]


def detect_language(text: str) -> str | None:
    """Return the code of the language a text is in, or None when it is too short to tell."""
    return None
