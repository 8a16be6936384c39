"""One kind of line break, of space and of composed character."""

import re
import unicodedata

__all__ = ["clean_title", "normalise"]

_LINE_ENDS = re.compile("[\r\u2028\u2029\x0b\x0c\x85]")
# Control characters (but line break and tab), zero-width and soft-hyphen marks, surrogates,
# bidirectional overrides (they can make a quote look like another one), byte order marks.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_ODD_SPACE = re.compile(r"[^\S\n ]")
# Both begin with characters that are looked for quickly: normalising takes half the time so.
_SPACES = re.compile("  +")
_BLANK_LINES = re.compile("\n\n\n+")


def normalise(text: str) -> str:
    """Return `text` in Unicode NFC, with one kind of line break and of space, trimmed.

    Compatibility forms stay (NFKC would rewrite "½" and "²"): a quote must look as printed.
    """
    text = _LINE_ENDS.sub("\n", text.replace("\r\n", "\n"))
    text = _INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", _ODD_SPACE.sub(" ", text)))
    lines = (line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_title(title: str) -> str:
    """Return a title normalised and on one line."""
    return normalise(title).replace("\n", " ")
