"""How a skip says why, whatever the bytes that caused it."""

__all__ = ["because", "plain"]

_MAX_CHARS = 200


def plain(text: str) -> str:
    r"""Return text that any terminal, log or JSON file can hold: what is not printable, escaped.

    >>> print(plain("a\nb.txt"))
    a\nb.txt
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def because(error: BaseException) -> str:
    """Return the first line of what an error says, or its kind when it says nothing."""
    first = str(error).strip().partition("\n")[0]
    return plain(first[:_MAX_CHARS]) or type(error).__name__
