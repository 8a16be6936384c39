"""Fetching as hosts ask for: when they want to be left alone, by their robots.txt, not too fast."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from corpus.errors import FetchError
from corpus.remote import Address, Fetcher, Reply, read_address
from corpus.remote.robots import RobotRules, read_robots
from service.following.rows import Validator
from service.following.state import State

__all__ = [
    "Courtesy",
    "EndedError",
    "NotAllowedError",
    "NotNowError",
    "conditions",
    "raise_for",
]

_AGENT = "dateline"
_PAUSE_S = 1.0
_ROBOTS_S = 24 * 3600
# Where a host asks to be left alone and does not say for how long.
_LEAVE_ALONE_S = 300


class NotNowError(FetchError):
    """A host is not to be asked before `until`, in seconds since 1970.

    `is_known`: it said so before, and nothing was asked.
    """

    def __init__(self, host: str, until: float, *, is_known: bool = False) -> None:
        when = datetime.fromtimestamp(until, UTC).strftime("%d %b %H:%M:%S UTC")
        super().__init__(f"{host} asked to be left alone until {when}.")
        self.until = until
        self.is_known = is_known


class EndedError(FetchError):
    """A source says that it is gone for good (410)."""


class NotAllowedError(FetchError):
    """The robots.txt of a host asks programs not to read a page."""


class Courtesy:
    """Fetches with the manners that hosts ask for; threads may share it.

    `now` returns seconds since 1970, `wait` sleeps. Between two pages of a host it waits for
    `pause_s`, or as long as its robots.txt says.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        state: State,
        now: Callable[[], float] = time.time,
        wait: Callable[[float], object] = time.sleep,
        pause_s: float = _PAUSE_S,
    ) -> None:
        self._fetcher = fetcher
        self._state = state
        self._now = now
        self._wait = wait
        self._pause_s = pause_s
        self._next_page: dict[str, float] = {}
        self._lock = threading.Lock()

    def get(
        self, url: str, headers: Mapping[str, str] | None = None, *, is_page: bool = False
    ) -> Reply:
        """Return what is at an address; a page only where robots.txt allows it.

        Raises:
            NotNowError: the host asked to be left alone, before or just now.
            NotAllowedError: it is a page that programs are asked not to read.
            FetchError: it cannot be fetched.
        """
        asked: list[Address] = []

        def before(address: Address) -> None:
            self._check(address, is_page=is_page)
            asked.append(address)

        reply = self._fetcher.get(url, headers, before)
        if reply.status in (429, 503):
            wait_s = reply.retry_after_s(datetime.fromtimestamp(self._now(), UTC))
            until = self._now() + (_LEAVE_ALONE_S if wait_s is None else wait_s)
            host = read_address(reply.url)
            self._state.leave_alone(host.origin, until)
            raise NotNowError(host.authority, until)
        return reply

    def pause(self, url: str) -> None:
        """Wait before the next of several requests to a host."""
        self._take_turn(read_address(url).origin, self._pause_s)

    def _check(self, address: Address, *, is_page: bool) -> None:
        not_before, _, _ = self._state.host(address.origin)
        if self._now() < not_before:
            raise NotNowError(address.authority, not_before, is_known=True)
        if not is_page:
            return
        rules = self._rules(address.origin)
        if not rules.allows(address.target):
            raise NotAllowedError(f"{address}: the site's robots.txt asks programs not to read it.")
        self._take_turn(address.origin, max(self._pause_s, rules.delay_s))

    def _rules(self, origin: str) -> RobotRules:
        _, text, until = self._state.host(origin)
        if text is None or self._now() >= until:
            text = self._fetch_robots(origin)
            self._state.keep_robots(origin, text, self._now() + _ROBOTS_S)
        return read_robots(text, _AGENT)

    def _fetch_robots(self, origin: str) -> str:
        """Return a robots.txt; one that is not there allows everything.

        Raises:
            FetchError: it cannot be told; RFC 9309 has pages left alone then.
        """
        reply = self.get(f"{origin}/robots.txt")
        if reply.status == 200:
            return reply.content.decode("utf-8", "replace")
        if 400 <= reply.status < 500:
            return ""
        raise FetchError(f"{origin}/robots.txt answers {reply.status}: its pages are left alone.")

    def _take_turn(self, origin: str, pause_s: float) -> None:
        with self._lock:
            now = self._now()
            at = max(self._next_page.get(origin, 0.0), now)
            self._next_page[origin] = at + pause_s
        if at > now:
            self._wait(at - now)


def conditions(known: Validator) -> dict[str, str]:
    """Return the headers that ask for something only if it has changed."""
    headers = {}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.modified:
        headers["If-Modified-Since"] = known.modified
    return headers


def raise_for(reply: Reply, url: str) -> None:
    """Raise what a status means for a source.

    Raises:
        EndedError: it is 410.
        FetchError: it is another one that is no success.
    """
    if reply.status == 410:
        raise EndedError(f"{url} is gone for good (410): it is not asked for any more.")
    if reply.status != 200:
        raise FetchError(f"{url} answers {reply.status}.")
