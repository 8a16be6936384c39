"""A follower of sources on a mock web, with an embedder of words and a clock that is set."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mock_web import MockWeb
from corpus.article import Article
from corpus.errors import IndexBusyError
from corpus.processes import Processes
from corpus.remote import AddressRule, Bounds, Fetcher
from corpus.sources import Record
from index.building.builder import Builder, BuildReport, OnConflict, Progress
from index.engines.local.archive import LocalArchive
from service.following.courtesy import Courtesy
from service.following.follower import Follower
from service.following.looking import Looker
from service.following.pages import PageReader
from service.following.publishing import Publisher
from service.following.source import Source
from service.following.state import State
from tests.conftest import HashEmbedder

START = 1_795_000_000.0


@dataclass
class Clock:
    """Seconds since 1970, and what was waited for."""

    at: float = START
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += seconds


@dataclass
class DeskWriter:
    """Writes with a builder, and notes what it was given; `fails` is raised instead, once.

    `fails_after` is raised once when all is done, and `is_busy` each time.
    """

    make_builder: Callable[[], Builder]
    added: list[list[str]] = field(default_factory=list)
    removed: list[list[str]] = field(default_factory=list)
    fails: Exception | None = None
    fails_after: Exception | None = None
    is_busy: bool = False

    def check_free(self) -> None:
        """Nobody else writes."""

    def add(
        self, records: Iterable[Record], progress: Progress, on_conflict: OnConflict = "replace"
    ) -> BuildReport:
        if self.is_busy:
            raise IndexBusyError("another process writes")
        if self.fails:
            error, self.fails = self.fails, None
            raise error
        given = list(records)
        self.added.append([one.id for one in given if isinstance(one, Article)])
        report = self.make_builder().add(given)
        if self.fails_after:
            error, self.fails_after = self.fails_after, None
            raise error
        return report

    def remove(self, ids: Sequence[str], progress: Progress) -> BuildReport:
        self.removed.append(list(ids))
        return self.make_builder().remove(ids)


@dataclass
class Desk:
    """All parts, to be looked at."""

    follower: Follower
    state: State
    writer: DeskWriter
    archive: LocalArchive
    clock: Clock
    told: list[str]

    def texts(self) -> dict[str, str]:
        """Return the texts of the archive by id."""
        return {one.id: one.text for one in self.archive.current().newest(1000)}


@contextmanager
def desk(
    root: Path,
    make_builder: Callable[[], Builder],
    web: MockWeb,
    sources: Sequence[Source],
    every_s: float | None = None,
    clock: Clock | None = None,
    processes: Processes | None = None,
) -> Iterator[Desk]:
    """Open a follower; `root` is where the builders write."""
    clock = clock or Clock()
    told: list[str] = []
    rule = AddressRule.named([web.url()])
    archive = LocalArchive(root, 1, embedder=HashEmbedder())
    writer = DeskWriter(make_builder)

    def has(article_id: str) -> bool:
        return archive.current().article(article_id) is not None

    with (
        State(root) as state,
        Fetcher(rule, "Dateline/test", Bounds(max_s=5, max_bytes=100_000)) as fetcher,
    ):
        courtesy = Courtesy(fetcher, state, clock.now, clock.wait)
        follower = Follower(
            sources,
            state,
            Looker(state, courtesy, now=clock.now),
            PageReader(state, courtesy, now=clock.now),
            Publisher(state, writer, has, now=clock.now),
            every_s,
            told.append,
            clock.now,
            processes=processes,
        )
        yield Desk(follower, state, writer, archive, clock, told)
