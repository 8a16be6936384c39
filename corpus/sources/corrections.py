"""Corrections that a source states in a field of their own."""

from collections.abc import Iterator, Mapping

from corpus.corrections.day import notice_day
from corpus.corrections.notice import Correction
from corpus.sources.dates.moments import read_moment
from corpus.sources.policy import Policy

__all__ = ["stated_corrections"]

_TEXTS = ("text", "description", "value", "name", "articleBody", "headline", "#text", "@value")
_DATES = ("datePublished", "dateCreated", "dateModified", "date", "published", "on")
_MAX_CHARS = 2000
_MAX_NOTICES = 20
_MAX_DEPTH = 3


def stated_corrections(value: object, published: str | None) -> tuple[Correction, ...]:
    """Return the corrections in a field, as schema.org's `correction` has them.

    A text, an object with a text and a date (`CorrectionComment`), or a list of these; an address
    alone says nothing. `published` is the day of the article.
    """
    return tuple(_read(value, published, 0))[:_MAX_NOTICES]


def _read(value: object, published: str | None, depth: int) -> Iterator[Correction]:
    if isinstance(value, str):
        words = " ".join(value.split())[:_MAX_CHARS]
        if words and not words.startswith(("http://", "https://")):
            yield Correction("correction", words, notice_day(words, published))
    elif isinstance(value, list) and depth < _MAX_DEPTH:
        for one in value[:_MAX_NOTICES]:
            yield from _read(one, published, depth + 1)
    elif isinstance(value, Mapping):
        texts = (value[name] for name in _TEXTS if isinstance(value.get(name), str))
        words = next(texts, "")
        for one in _read(words, published, depth):
            stated = next((value[name] for name in _DATES if value.get(name)), None)
            day = _day(stated)
            yield Correction(one.kind, one.text, day or one.day)


def _day(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    iso = read_moment(value, Policy()).iso
    return iso[:10] if iso and len(iso) >= len("2024-03-05") else None
