"""Puts together what follows sources, as the settings say."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from corpus.errors import DatelineError, FetchError, IndexStateError, RequestError
from corpus.remote import AddressRule, Bounds, Fetcher
from corpus.sources import ReadArticle, Reading
from corpus.sources.workers import page_processes
from index.building.progress import Progress, Silent
from index.engines.archive import Archive
from index.files import write_lock
from service.following.courtesy import Courtesy
from service.following.follower import Follower
from service.following.looking import Looker
from service.following.pages import PageReader
from service.following.publishing import Publisher
from service.following.source import Source
from service.following.state import State
from service.settings import Settings
from service.writing import ArticleWriter

__all__ = ["open_follower", "read_once"]

_LOCK = "follow.lock"
# An item of a sitemap or feed may be waited for so often before it is given up.
_MAX_ROUNDS = 100


@contextmanager
def open_follower(
    settings: Settings,
    sources: Sequence[Source],
    writer: ArticleWriter,
    archive: Archive,
    *,
    every_s: float | None = None,
    tell: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
    pause_s: float = 1.0,
    bounds: Bounds | None = None,
) -> Iterator[Follower]:
    """Give what keeps the index of the settings in step with `sources`.

    What it publishes goes through `writer`, `archive` is what that changes. Setting the follower's
    `stop` breaks off what it is doing. Between two pages of a host it waits for `pause_s`;
    `bounds` are those of each fetch.

    Raises:
        IndexBusyError: another process follows sources for this index.
        IndexStateError: its state cannot be opened.
    """
    stop = threading.Event()
    watched = _Stoppable(progress or Silent(), stop)
    with (
        write_lock(settings.index_dir, _LOCK),
        State(settings.index_dir) as state,
        _fetcher(settings, sources, bounds) as fetcher,
    ):
        courtesy = Courtesy(fetcher, state, wait=stop.wait, pause_s=pause_s)
        yield Follower(
            sources,
            state,
            Looker(state, courtesy),
            PageReader(state, courtesy),
            Publisher(state, writer, lambda one: _has(archive, one), watched),
            every_s,
            tell,
            stop=stop,
        )


def read_once(
    settings: Settings, source: Source, reading: Reading, wait: Callable[[float], object]
) -> Iterator[ReadArticle]:
    """Yield the articles of what is at one address: a feed, sitemap, site, file or page.

    `wait` sleeps for seconds, between the pages of one host.

    Raises:
        DatelineError: it cannot be fetched or read.
    """
    with (
        TemporaryDirectory() as folder,
        State(Path(folder)) as state,
        _fetcher(settings, [source]) as fetcher,
    ):
        courtesy = Courtesy(fetcher, state, wait=wait)
        state.enlist([source], None)
        known = state.find(source.key)
        if known is None:
            raise FetchError(f"{source.key} cannot be read.")
        Looker(state, courtesy, reading, takes_pages=True).look(source, known)
        pages = PageReader(state, courtesy, reading)
        with page_processes() as processes:
            for _ in range(_MAX_ROUNDS):
                pages.fetch(source.key)
                while pages.read({source.key: source}, processes):
                    pass
                if not state.items.sources_waiting("page", time.time()):
                    break
        while items := state.items.waiting("add", 100, time.time()):
            yield from (
                ReadArticle(source.label, None, one.article) for one in items if one.article
            )
            state.items.published(items, time.time())


def _fetcher(
    settings: Settings, sources: Sequence[Source], bounds: Bounds | None = None
) -> Fetcher:
    remote = [one for one in sources if one.is_remote]
    private = [urlsplit(one.key).hostname or "" for one in remote if one.is_private]
    rule = AddressRule.named((one.key for one in remote), private)
    return Fetcher(rule, f"{settings.agent}/{version('dateline')}", bounds)


def _has(archive: Archive, article_id: str) -> bool:
    try:
        return archive.current().article(article_id) is not None
    except RequestError:
        return True  # several are called so
    except IndexStateError:
        return False


class _StoppedError(DatelineError):
    """What is being published is broken off; it is published when it is begun again."""


class _Stoppable:
    """Passes progress on, and ends the run when asked to; see `index.building.builder.Progress`."""

    def __init__(self, inner: Progress, stop: threading.Event) -> None:
        self._inner = inner
        self._stop = stop

    def start(self, stage: str, total: int | None) -> None:
        """See `Progress.start`."""
        self._check()
        self._inner.start(stage, total)

    def advance(self, n: int) -> None:
        """See `Progress.advance`."""
        self._check()
        self._inner.advance(n)

    def _check(self) -> None:
        if self._stop.is_set():
            raise _StoppedError("it was broken off, and goes on when it is begun again.")
