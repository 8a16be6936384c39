"""Text is normalised here, once, before any offset into it exists."""

import re
import unicodedata
from collections.abc import Callable

__all__ = ["clean_text", "clean_title", "normalise"]

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
# Control characters (but line break and tab), zero-width and soft-hyphen marks, surrogates,
# bidirectional overrides (they can make a quote look like another one), byte order marks.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")

_CREDIT = re.compile(
    r"^(?:photo|photograph|image|picture|credit|photo credit)s?(?: by)?\s*[:/|]\s*\S.{0,100}$"
    r"|^\(?(?:AP|AFP|Reuters|Getty) (?:photo|images?)\b.{0,60}$",
    re.IGNORECASE,
)
_READ_MORE = re.compile(r"^(?:read|see|watch) (?:more|also|next|this)\s*:\s*\S.{0,160}$", re.I)
_TAIL = re.compile(
    r"^(?:related|recommended|more)\s+(?:posts?|stories|articles?|news|coverage|reading)\s*:?$",
    re.IGNORECASE,
)
# Headlines may end with a question mark, hardly ever with a full stop.
_ENDS_SENTENCE = re.compile(r"[.!…]['\"”’)]*$")
_MAX_TAIL_PARAGRAPHS = 12

Rule = Callable[[list[str]], list[str]]


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


def clean_text(text: str) -> str:
    """Normalise a story's text and drop what is not the story; quoted speech is never touched."""
    paragraphs = normalise(text).split("\n")
    for rule in (_drop_tail, _drop_credits, _drop_read_more, _drop_repeats):
        paragraphs = rule(paragraphs)
    return _BLANK_LINES.sub("\n\n", "\n".join(paragraphs)).strip()


def _drop_tail(paragraphs: list[str]) -> list[str]:
    """Drop a "Related Posts" heading and the headlines after it, up to the end.

    Only when all that follows looks like headlines: a story that goes on is kept whole.
    """
    for position, paragraph in enumerate(paragraphs):
        if not _TAIL.match(paragraph):
            continue
        tail = [line for line in paragraphs[position + 1 :] if line]
        if len(tail) <= _MAX_TAIL_PARAGRAPHS and not any(map(_ENDS_SENTENCE.search, tail)):
            return paragraphs[:position]
    return paragraphs


def _drop_credits(paragraphs: list[str]) -> list[str]:
    """Drop lines that only say who took a picture."""
    return [line for line in paragraphs if not _CREDIT.match(line)]


def _drop_read_more(paragraphs: list[str]) -> list[str]:
    """Drop lines that only point to another story."""
    return [line for line in paragraphs if not _READ_MORE.match(line)]


def _drop_repeats(paragraphs: list[str]) -> list[str]:
    """Keep a paragraph that stands twice in a row (as captions do) once."""
    kept: list[str] = []
    last = ""
    for line in paragraphs:
        if line and line == last:
            continue
        kept.append(line)
        last = line or last
    return kept
