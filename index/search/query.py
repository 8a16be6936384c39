"""What a retriever is asked."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
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

    def spelt_as(self, sources: Collection[str]) -> "Filters":
        """Return the filters with their outlets written as the archive does, whatever the case."""
        written = {name.casefold(): name for name in sources}
        own = (
            name if name in sources else written.get(name.casefold(), name) for name in self.sources
        )
        return replace(self, sources=tuple(own))


@dataclass(frozen=True, slots=True)
class Query:
    """Words to search for, the articles allowed, and the day from which the archive is seen.

    `as_of` hides what was published after that day and favours what was new then; without it
    all articles are alike, whatever their age.
    """

    text: str
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
