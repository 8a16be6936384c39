"""What a retriever is asked."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.article import Article

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

    def allow(self, article: Article) -> bool:
        """Whether an article passes; outlets are written as the archive does."""
        if self.sources and article.source not in self.sources:
            return False
        return self.allow_day(article.known_by)

    def allow_day(self, day: date | None) -> bool:
        """Whether what was published on a day passes; None stands for what states none."""
        if not (self.published_from or self.published_to):
            return True
        first, last = self.published_from or date.min, self.published_to or date.max
        return day is not None and first <= day <= last

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
