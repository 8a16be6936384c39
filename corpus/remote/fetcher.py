"""A bounded fetch: each redirect is checked, and size, time and where it leads have limits."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from corpus.closable import Closable
from corpus.errors import FetchError
from corpus.remote.addresses import AddressRule, Resolve, resolve
from corpus.remote.connection import Connection, Incoming
from corpus.remote.http import Address, Reply, read_address, tls_context
from corpus.remote.unpacking import ACCEPTED, unpack

__all__ = ["Bounds", "Fetcher"]

_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
# Connections that are kept for the next request.
_MAX_KEPT = 64

Before = Callable[[Address], None]
"""Is given each address before it is asked for, redirects included; what it raises ends it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one fetch: seconds for each hop, bytes as sent and unpacked, redirects."""

    max_s: float = 30.0
    max_bytes: int = 16 * 2**20
    max_unpacked_bytes: int = 64 * 2**20
    max_redirects: int = 5


@dataclass(slots=True)
class _Slot:
    connection: Connection
    lock: threading.Lock = field(default_factory=threading.Lock)
    n_waiting: int = 0


class Fetcher(Closable):
    """Fetches over one connection a host; to be closed. Threads may share it.

    Environment proxies are not used: through one, nobody could see what is connected to.
    `resolve` and `clock` (seconds) stand in for the system's.
    """

    def __init__(
        self,
        rule: AddressRule,
        agent: str = "Dateline",
        bounds: Bounds | None = None,
        resolve: Resolve = resolve,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rule = rule
        self._agent = agent
        self._bounds = bounds or Bounds()
        self._resolve = resolve
        self._clock = clock
        self._tls = tls_context()
        self._slots: OrderedDict[str, _Slot] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for slot in self._slots.values():
                slot.connection.close()
            self._slots.clear()

    def get(
        self, url: str, headers: Mapping[str, str] | None = None, before: Before | None = None
    ) -> Reply:
        """Return what is at an address, whatever its status; redirects are followed.

        Raises:
            FetchError: it cannot be fetched, or not within the bounds.
            ForbiddenAddressError: it, or where it leads, may not be connected to.
        """
        address, moved = read_address(url), True
        moved_to = None
        for _ in range(self._bounds.max_redirects + 1):
            if before:
                before(address)
            reply = self._send("GET", address, headers or {}, None)
            target = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not target:
                return Reply(reply.status, reply.headers, reply.content, str(address), moved_to)
            address = read_address(target, address)
            # Only as far as the way there is permanent from the beginning.
            moved = moved and reply.status in _PERMANENT
            moved_to = str(address) if moved else moved_to
        raise FetchError(f"{url} leads on and on: more than {self._bounds.max_redirects} times.")

    def post(self, url: str, content: bytes, headers: Mapping[str, str] | None = None) -> Reply:
        """Return what an address replies to `content`; a redirect is returned, not followed.

        Raises:
            FetchError: it cannot be reached, or its reply is not within the bounds.
            ForbiddenAddressError: it may not be connected to.
        """
        address = read_address(url)
        reply = self._send("POST", address, headers or {}, content)
        return Reply(reply.status, reply.headers, reply.content, str(address))

    def _send(
        self, method: str, address: Address, headers: Mapping[str, str], content: bytes | None
    ) -> Reply:
        bounds = self._bounds
        sent = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": ACCEPTED, **headers}
        slot = self._take(address.origin)
        try:
            with (
                slot.lock,
                slot.connection.send(method, address, sent, content, bounds.max_s) as got,
            ):
                if got.status in _REDIRECTS and method == "GET":
                    return Reply(got.status, got.headers)
                body = _read(got, bounds, str(address))
                return Reply(got.status, got.headers, body)
        finally:
            self._release(slot)

    def _take(self, origin: str) -> _Slot:
        with self._lock:
            slot = self._slots.get(origin)
            if slot is None:
                connection = Connection(self._rule, self._resolve, self._tls, self._clock)
                slot = self._slots[origin] = _Slot(connection)
            slot.n_waiting += 1
            self._slots.move_to_end(origin)
            return slot

    def _release(self, slot: _Slot) -> None:
        with self._lock:
            slot.n_waiting -= 1
            idle = [name for name, kept in self._slots.items() if not kept.n_waiting]
            for name in idle[: max(len(self._slots) - _MAX_KEPT, 0)]:
                self._slots.pop(name).connection.close()


def _read(got: Incoming, bounds: Bounds, url: str) -> bytes:
    try:
        return unpack(
            _limited(got.chunks, bounds.max_bytes),
            got.headers.get("content-encoding", ""),
            bounds.max_unpacked_bytes,
        )
    except FetchError as error:
        raise FetchError(f"{url} cannot be read: {error}.") from error


def _limited(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    n_bytes = 0
    for chunk in chunks:
        n_bytes += len(chunk)
        if n_bytes > max_bytes:
            raise FetchError(f"it is larger than {max_bytes / 2**20:.0f} MiB")
        yield chunk
