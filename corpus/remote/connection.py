"""The only door to httpcore, httpx's own transport: one connection to one host.

What is checked is the address that is connected to: names are looked up once, here, and the
connection goes to an address that was found and passed the rule. Host header and TLS server name
stay those of the name. A deadline holds for each read and write, so a server that sends a byte a
second does not keep anybody waiting for hours.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore

from corpus.errors import FetchError, ForbiddenAddressError
from corpus.remote.addresses import AddressRule, Resolve
from corpus.remote.http import Address

__all__ = ["Connection", "Incoming"]

_IDLE_S = 30.0


@dataclass(frozen=True, slots=True)
class Incoming:
    """A reply whose body is still to be read, as it was sent; headers in small letters."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


class Connection:
    """The one connection to the host of an address; one request at a time."""

    def __init__(
        self,
        rule: AddressRule,
        resolve: Resolve,
        tls: ssl.SSLContext,
        clock: Callable[[], float],
    ) -> None:
        self._deadline = _Deadline(clock)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=1,
            keepalive_expiry=_IDLE_S,
            network_backend=_CheckedBackend(rule, resolve, self._deadline),
        )

    @contextmanager
    def send(
        self,
        method: str,
        address: Address,
        headers: Mapping[str, str],
        content: bytes | None,
        max_s: float,
    ) -> Iterator[Incoming]:
        """Give the reply, to be read within; all of it may take `max_s` seconds.

        Raises:
            FetchError: the host does not answer, breaks off, or takes too long.
            ForbiddenAddressError: it has no address that may be connected to.
        """
        self._deadline.start(max_s)
        url = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        extensions = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), max_s)}
        sent = [("Host", address.authority), *headers.items()]
        try:
            with self._pool.stream(
                method, url, headers=sent, content=content, extensions=extensions
            ) as got:
                told = _in_small_letters(got.headers)
                yield Incoming(got.status, told, got.iter_stream())
        except (httpcore.TimeoutException, _TooLateError) as error:
            raise FetchError(f"{address.host} did not answer within {max_s:.0f} s.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            why = f" ({error})" if str(error) else ""
            raise FetchError(f"{address.host} cannot be reached, or broke off{why}.") from error

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


def _in_small_letters(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


class _TooLateError(Exception):
    """The deadline is over."""


class _Deadline:
    """When the request that is being made must be done."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._end_s = 0.0

    def start(self, max_s: float) -> None:
        self._end_s = self._clock() + max_s

    def left_s(self, timeout_s: float | None) -> float:
        left = self._end_s - self._clock()
        if left <= 0:
            raise _TooLateError
        return left if timeout_s is None else min(left, timeout_s)


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects only where the rule allows it."""

    def __init__(self, rule: AddressRule, resolve: Resolve, deadline: _Deadline) -> None:
        self._rule = rule
        self._resolve = resolve
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        found = self._resolve(host, port)
        allowed = [ip for ip in found if self._rule.allows(host, port, ip)]
        if not allowed:
            raise ForbiddenAddressError(host, port)
        for last, ip in enumerate(allowed, start=1):
            try:
                stream = self._inner.connect_tcp(
                    ip, port, self._deadline.left_s(timeout), local_address, socket_options
                )
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last == len(allowed):
                    raise
        raise FetchError(f"{host} has no address.")  # for type checkers: the loop never ends here


class _TimedStream(httpcore.NetworkStream):
    """A stream of which each read and write ends by the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left_s(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left_s(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left_s(timeout)
        return _TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore declares it
        return self._inner.get_extra_info(info)
