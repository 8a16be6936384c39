"""The pages of articles: fetched where robots.txt allows it, and read for their stories."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from corpus.article import Article
from corpus.errors import FetchError
from corpus.processes import Processes
from corpus.sources import ReadArticle, Reading
from corpus.sources.formats.html import Page, page_task
from corpus.sources.workers import in_order
from service.following.courtesy import Courtesy, NotAllowedError, NotNowError
from service.following.reading import of_outlet
from service.following.rows import Listed, Waiting
from service.following.source import Source
from service.following.state import State

__all__ = ["PageReader"]

_MAX_TRIES = 3
_RETRY_S = 300.0
# Pages of one source that are fetched in a round, and that are read together.
_MAX_FETCHED = 200
_MAX_READ = 64


@dataclass(frozen=True, slots=True)
class PageReader:
    """Fetches the pages that wait, and reads those that were fetched."""

    state: State
    courtesy: Courtesy
    reading: Reading = field(default_factory=Reading)
    now: Callable[[], float] = time.time

    def fetch(self, key: str, is_stopping: Callable[[], bool] = lambda: False) -> None:
        """Fetch the pages of a source that wait, one by one; what fails is tried again later."""
        items = self.state.items
        for item in items.waiting("page", _MAX_FETCHED, self.now(), key):
            if is_stopping():
                return
            self._fetch(item)

    def _fetch(self, item: Waiting) -> None:
        items = self.state.items
        try:
            reply = self.courtesy.get(item.url or "", is_page=True)
        except NotNowError as error:
            items.retry(item, error.until, counts=False)
        except NotAllowedError:
            self._do_without(item)
        except FetchError:
            self._fail(item)
        else:
            if reply.status == 200:
                items.fetched(item, reply.content, reply.url, reply.headers.get("x-robots-tag"))
            elif reply.status >= 500:
                self._fail(item)
            else:
                self._do_without(item)

    def _fail(self, item: Waiting) -> None:
        if item.n_tries + 1 >= _MAX_TRIES:
            self._do_without(item)
        else:
            self.state.items.retry(item, self.now() + _RETRY_S * 2**item.n_tries)

    def _do_without(self, item: Waiting) -> None:
        """Take what the feed has of an item, if it has anything."""
        own = [Listed(item.name, item.digest, item.article)] if item.article else []
        self.state.items.read(item, own, self.now())

    def read(self, sources: dict[str, Source], processes: Processes) -> bool:
        """Read pages that were fetched, in `page_processes`; return whether there were any."""
        waiting = self.state.items.waiting("raw", _MAX_READ, self.now())
        for item, found in self._stories(waiting, processes):
            source = sources.get(item.source)
            articles = [of_outlet(one, source.outlet if source else None) for one in found]
            if not articles:
                self._do_without(item)
            elif item.article:
                self.state.items.read(item, [_with_story(item, articles)], self.now())
            else:
                self.state.items.read(item, _in_place_of(item, articles), self.now())
        return bool(waiting)

    def _stories(
        self, waiting: list[Waiting], processes: Processes
    ) -> Iterator[tuple[Waiting, list[Article]]]:
        """Yield the articles of each page."""
        tasks = (page_task(self._page(number, item)) for number, item in enumerate(waiting))
        found: dict[int | None, list[Article]] = {}
        for record in in_order(tasks, processes):
            found.setdefault(record.line, [])
            if isinstance(record, ReadArticle):
                found[record.line].append(record.article)
        for number, item in enumerate(waiting):
            yield item, found.get(number, [])

    def _page(self, number: int, item: Waiting) -> Page:
        return Page(
            item.url or "",
            item.raw or b"",
            number,
            item.url,
            is_crawled=item.article is None,
            policy=self.reading.policy,
            robots=item.robots,
        )


def _with_story(item: Waiting, articles: list[Article]) -> Listed:
    """Return the article of a feed with the text of its page, where that has more."""
    own = item.article or articles[0]
    # What stands in a text of its corrections goes with it.
    story = max([own, *articles], key=lambda one: len(one.text))
    of_feed = [one for one in own.corrections if not one.is_in_text and story is not own]
    told = replace(own, text=story.text, corrections=(*story.corrections, *of_feed))
    return Listed(item.name, item.digest, told)


def _in_place_of(item: Waiting, articles: list[Article]) -> list[Listed]:
    """Return the articles of a page as items: the first stands for the page itself."""
    first, *others = articles
    return [
        Listed(item.name, item.digest, first),
        *(Listed(f"{item.name}#{one.id}", item.digest, one) for one in others),
    ]
