"""An article and its passages: the two things everything else is made from."""

from dataclasses import dataclass
from datetime import date

__all__ = ["Article", "Passage"]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article, cleaned and dated.

    All offsets anywhere in Dateline are `[start, end)` code points of `text`, which is normalised
    before the first offset is taken and never changed after.

    `published` is ISO 8601 as the outlet gave it: a day (`2025-02-19`) or an instant with its
    offset (`2025-02-19T08:30:00+00:00`); None when unknown.
    """

    id: str
    title: str
    text: str
    url: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str | None = None
    section: str | None = None

    @property
    def day(self) -> date | None:
        """The day of publication where the outlet is, or None when unknown."""
        return date.fromisoformat(self.published[:10]) if self.published else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article, short enough to embed and to read at once.

    The text of a passage is always `article.text[start:end]`. `sentences` are the bounds of its
    sentences, `[start, end)` in code points of the article's text, in order, without overlap.
    """

    id: str
    article_id: str
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]
