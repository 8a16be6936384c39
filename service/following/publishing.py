"""What was fetched is published: added and removed in runs, words first."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.errors import IndexBusyError
from index.building.builder import BuildReport
from index.building.progress import Progress, Silent
from service.following.rows import Waiting
from service.following.state import State
from service.writing import ArticleWriter

__all__ = ["Publication", "Publisher"]

# Articles of one run: their meaning is embedded before the words of the next can be searched.
_MAX_ARTICLES = 500


@dataclass(frozen=True, slots=True)
class Publication:
    """What one publication changed in the archive."""

    snapshot: int = 0
    added: int = 0
    replaced: int = 0
    removed: int = 0

    def plus(self, report: BuildReport) -> "Publication":
        """Return this with what a run did."""
        return Publication(
            report.snapshot,
            self.added + report.added,
            self.replaced + report.replaced,
            self.removed + report.removed,
        )


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes what waits. `has_article` tells whether the archive has the article of an id."""

    state: State
    writer: ArticleWriter
    has_article: Callable[[str], bool]
    progress: Progress = field(default_factory=Silent)
    now: Callable[[], float] = time.time

    def publish(self) -> Publication | None:
        """Publish some of what waits; None when there is nothing, or somebody else is writing.

        What is published is marked so only afterwards: where a process ends in between, the next
        one finds it there unchanged, and publishes nothing.
        """
        items, done = self.state.items, Publication()
        to_add = items.waiting("add", _MAX_ARTICLES, self.now())
        to_remove = [] if to_add else items.waiting("remove", _MAX_ARTICLES, self.now())
        if not to_add and not to_remove:
            return None
        try:
            if to_add:
                articles = [one.article for one in to_add if one.article]
                done = done.plus(self.writer.add(articles, self.progress))
            elif ids := self._to_remove(to_remove):
                done = done.plus(self.writer.remove(ids, self.progress))
        except IndexBusyError:
            return None
        items.published([*to_add, *to_remove], self.now())
        return done

    def _to_remove(self, gone: list[Waiting]) -> list[str]:
        """Return the ids of the articles that no other item has and that the archive still has."""
        ids = filter(None, map(self.state.items.article_to_remove, gone))
        return [one for one in dict.fromkeys(ids) if self.has_article(one)]
