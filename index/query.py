"""What a retriever is asked."""

from dataclasses import dataclass, field
from datetime import date

__all__ = ["Filters", "Query"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be searched; an empty filter allows all.

    `sources` are outlets as written in `Article.source`. The days are inclusive. An article
    without a date passes no filter on dates: nothing shows that it belongs there.
    """

    sources: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Words to search for, the articles allowed, and the day from which the archive is seen.

    `as_of` hides what was published after that day and favours what was new then; without it
    all articles are alike, whatever their age.
    """

    text: str
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
