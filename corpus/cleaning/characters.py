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
# Texts of usual letters, signs and quotation marks need no closer look: that is most of them.
_UNUSUAL = re.compile("[^\n -~\u00a1-\u00ac\u00ae-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]")
# Both begin with characters that are looked for quickly: normalising takes half the time so.
_SPACES = re.compile("  +")
_BLANK_LINES = re.compile("\n\n\n+")


def normalise(text: str) -> str:
    """Return `text` in Unicode NFC, with one kind of line break and of space, trimmed.

    Compatibility forms stay (NFKC would rewrite "½" and "²"): a quote must look as printed.
    """
    if _UNUSUAL.search(text):
        text = _LINE_ENDS.sub("\n", text.replace("\r\n", "\n"))
        text = _ODD_SPACE.sub(" ", _INVISIBLE.sub("", text))
    if "  " in text:
        text = _SPACES.sub(" ", text)
    text = unicodedata.normalize("NFC", text)
    text = "\n".join([line.strip() for line in text.split("\n")])
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def clean_title(title: str) -> str:
    """Return a title normalised and on one line."""
    return normalise(title).replace("\n", " ")
