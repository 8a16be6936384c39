"""Rounds over all sources: those that are due are looked at, and what is new is published."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import nullcontext
from dataclasses import dataclass, field

from corpus.errors import DatelineError
from corpus.processes import Processes
from corpus.remote import read_address
from corpus.sources.workers import page_processes
from service.following.courtesy import EndedError, NotNowError
from service.following.looking import Looker
from service.following.pages import PageReader
from service.following.publishing import Publication, Publisher
from service.following.rows import Followed
from service.following.source import Source
from service.following.state import State

__all__ = ["Follower", "Round"]

_THREADS = 8
# Between two looks at what threads have found: so many seconds later it is published at most.
_GATHER_S = 1.0
_MIN_WAIT_S, _MAX_WAIT_S = 1.0, 30.0
# After failures a source is left alone for twice as long each time.
_FIRST_RETRY_S = 60.0
_MAX_RETRY_S = 86_400.0
_MAX_DOUBLINGS = 12


@dataclass(slots=True)
class Round:
    """What came of one round."""

    n_looked: int = 0
    n_failed: int = 0
    n_new: int = 0
    published: list[Publication] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, n_new: int | None) -> None:
        """Count a look, and what was new; None: it failed."""
        with self._lock:
            self.n_looked += 1
            self.n_failed += n_new is None
            self.n_new += n_new or 0


@dataclass(frozen=True, slots=True)
class Follower:
    """Keeps an index in step with its sources.

    `every_s` is the pace of sources without one of their own; without any they are looked at
    whenever a round is run. `tell` is given a sentence for each thing that a person should know.
    `now` returns seconds since 1970; `stop` ends it. Pages are read in `processes`; without, each
    round that has any starts its own.
    """

    sources: Sequence[Source]
    state: State
    looker: Looker
    pages: PageReader
    publisher: Publisher
    every_s: float | None = None
    tell: Callable[[str], None] = lambda _: None
    now: Callable[[], float] = time.time
    stop: threading.Event = field(default_factory=threading.Event)
    processes: Processes | None = None

    def run(self) -> None:
        """Run rounds until `stop` is set; what fails is told, and tried again."""
        self.state.enlist(self.sources, self.every_s)
        while not self.stop.is_set():
            try:
                self._round()
            except Exception as error:  # nobody else would go on, or tell
                self.tell(f"A round broke off, and is tried again: {_why(error)}")
            self.stop.wait(self._pause_s())

    def round(self) -> Round:
        """Look at every source that is due, and publish what is new as it comes.

        Raises:
            DatelineError: what is new cannot be published. It is kept, and is the next time.
        """
        self.state.enlist(self.sources, self.every_s)
        return self._round()

    def _round(self) -> Round:
        with nullcontext(self.processes) if self.processes else page_processes() as processes:
            return self._round_with(processes)

    def _round_with(self, processes: Processes) -> Round:
        done = Round()
        with ThreadPoolExecutor(_THREADS, "follow") as threads:
            groups = self._due()
            waiting = {threads.submit(self._look_at, group, done) for group in groups}
            try:
                while waiting:
                    ready, waiting = wait(waiting, _GATHER_S)
                    _raise_first(ready)
                    self._publish(done, processes)
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise
        self._publish(done, processes)
        return done

    def _due(self) -> list[list[Source]]:
        """Return the sources to look at, those of one host together; folders each by themselves."""
        now = self.now()
        known = {one.key: one for one in self.state.followed()}
        pages = self.state.items.sources_waiting("page", now)
        groups: dict[str, list[Source]] = {}
        for source in self.sources:
            at = known[source.key]
            if (not at.is_ended and at.next_at <= now) or source.key in pages:
                url = at.moved_to or source.key
                host = read_address(url).origin if source.is_remote else source.key
                groups.setdefault(host, []).append(source)
        return list(groups.values())

    def _look_at(self, group: Sequence[Source], done: Round) -> None:
        """Look at the sources of one host, one after the other."""
        for source in group:
            if self.stop.is_set():
                return
            known = self.state.find(source.key)
            if known is None:
                continue
            if not known.is_ended and known.next_at <= self.now():
                self._look(source, known, done)
            self.pages.fetch(source.key, self.stop.is_set)

    def _look(self, source: Source, known: Followed, done: Round) -> None:
        now = self.now()
        pace_s = source.every_s or self.every_s or 0.0
        doubled_s = _FIRST_RETRY_S * 2 ** min(known.n_failures, _MAX_DOUBLINGS)
        retry_at = now + min(max(pace_s, doubled_s), max(_MAX_RETRY_S, pace_s))
        # What failed before is not tried again at once either when this process ends meanwhile.
        self.state.begin_look(source.key, now, retry_at if known.n_failures else now + pace_s)
        try:
            looked = self.looker.look(source, known)
        except NotNowError as error:
            if error.is_known:
                self.state.postpone(source.key, error.until)
                return
            self._fail(source, known, error, error.until)
            done.count(None)
        # Whatever foreign bytes make libraries raise must harm this source only.
        except Exception as error:
            self._fail(source, known, error, retry_at)
            done.count(None)
        else:
            if looked.moved_to and looked.moved_to != known.moved_to:
                self.tell(f"{source.label} has moved to {looked.moved_to}: name it so.")
            if known.n_failures:
                self.tell(f"{source.label} can be read again.")
            self.state.end_look(source.key, self.now(), now + pace_s, looked.moved_to)
            done.count(looked.n_new)

    def _fail(self, source: Source, known: Followed, error: Exception, next_at: float) -> None:
        is_ended = isinstance(error, EndedError)
        why = _why(error)
        self.state.fail_look(source.key, why, next_at, is_ended=is_ended)
        # Said once, not every quarter of an hour.
        if known.trouble != why and not (known.trouble and isinstance(error, NotNowError)):
            self.tell(f"{source.label}: {why}")

    def _publish(self, done: Round, processes: Processes) -> None:
        """Publish all that waits."""
        by_key = {source.key: source for source in self.sources}
        while self.pages.read(by_key, processes):
            pass
        while not self.stop.is_set() and (published := self.publisher.publish()):
            done.published.append(published)
            self.tell(_in_words(published))

    def _pause_s(self) -> float:
        """Return how long to wait until a source is due, within bounds."""
        own = {source.key for source in self.sources}
        known = [one for one in self.state.followed() if one.key in own and not one.is_ended]
        due = [one.next_at for one in known]
        is_waiting = self.state.items.n_waiting("add", "remove", "raw") > 0
        wait_s = _MIN_WAIT_S if is_waiting else min(due, default=0.0) - self.now()
        return min(max(wait_s, _MIN_WAIT_S), _MAX_WAIT_S)


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, DatelineError) else f"{type(error).__name__}: {error}"


def _raise_first(done: set[Future[None]]) -> None:
    for one in done:
        one.result()


def _in_words(published: Publication) -> str:
    return (
        f"Snapshot {published.snapshot}: {published.added} added, {published.replaced} replaced, "
        f"{published.removed} removed."
    )
