"""One kind of line break, of space and of composed character."""

import re
import unicodedata

__all__ = ["clean_title", "normalise"]

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
# Control characters (but line break and tab), zero-width and soft-hyphen marks, surrogates,
# bidirectional overrides (they can make a quote look like another one), byte order marks.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# A lone space, by far the most frequent, is left alone.
_SPACES = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """Return `text` in Unicode NFC, with one kind of line break and of space, trimmed.

    Compatibility forms stay (NFKC would rewrite "½" and "²"): a quote must look as printed.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    lines = (line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_title(title: str) -> str:
    """Return a title normalised and on one line."""
    return normalise(title).replace("\n", " ")
