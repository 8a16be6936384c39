"""An article and its passages: the two things everything else is made from."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime

from corpus.corrections.notice import Correction
from corpus.dates import last_day

__all__ = ["Article", "Passage"]

_DAY_CHARS = len("2025-02-19")


@dataclass(frozen=True, slots=True)
class Article:
    """One news article, cleaned and dated.

    All offsets anywhere in Dateline are `[start, end)` code points of `text`, which is normalised
    before the first offset is taken and never changed after.

    `published` is ISO 8601 as the outlet gave it: a day (`2025-02-19`), an instant with its offset
    (`2025-02-19T08:30:00+00:00`), or only a month or year (`2025-02`, `2025`); None when unknown.
    Until `embargo`, an instant or a day in the same form, the article is not shown. `corrections`
    are what its outlet said of it afterwards, those in the text in their order.
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
    embargo: str | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def is_retracted(self) -> bool:
        """Whether its outlet took it back: it is no source of answers any more."""
        return any(one.kind == "retraction" for one in self.corrections)

    @property
    def version(self) -> str:
        """What names this wording of it: 12 hex digits of a hash of title and text."""
        words = f"{self.title}\n{self.text}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(words).hexdigest()[:12]

    @property
    def day(self) -> date | None:
        """The day of publication where the outlet is, or None when no day is known."""
        if not self.published or len(self.published) < _DAY_CHARS:
            return None
        return date.fromisoformat(self.published[:_DAY_CHARS])

    @property
    def known_by(self) -> date | None:
        """The day by which it was published for sure: the last one of a month or year."""
        return last_day(self.published) if self.published else None

    def is_embargoed(self, now: datetime, as_of: date | None = None) -> bool:
        """Whether it is not to be shown at a moment, or to who looks from a day."""
        if not self.embargo:
            return False
        ends = datetime.fromisoformat(self.embargo)
        ends = ends if ends.tzinfo else ends.replace(tzinfo=UTC)
        return ends > now or (as_of is not None and ends.date() > as_of)


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
