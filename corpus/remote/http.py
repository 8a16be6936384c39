"""The only door to httpx: addresses, what a server replies, and a client of one named server."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TypeAlias

import httpx

from corpus.errors import FetchError

__all__ = ["Address", "HttpClient", "Reply", "Transport", "read_address", "tls_context"]

Transport: TypeAlias = httpx.BaseTransport
"""What stands between a client and the network."""

_PORTS = {"http": 80, "https": 443}
_MAX_URL_CHARS = 4096
_MAX_WAIT_S = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address: `host` in ASCII without a last dot, `target` path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Return the host as the header Host has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Return scheme, host and port: what robots.txt is for."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def read_address(text: str, base: Address | None = None) -> Address:
    """Return an address, taken relative to `base` if there is one; its fragment is left out.

    >>> str(read_address("HTTPS://Post.Example.:443/a b?c#d"))
    'https://post.example/a%20b?c'

    Raises:
        FetchError: it is no http or https address, or has a user name or password in it.
    """
    try:
        if len(text) > _MAX_URL_CHARS:
            raise FetchError(f"{text[:80]}… cannot be fetched: the address is too long.")
        url = httpx.URL(str(base)).join(text.strip()) if base else httpx.URL(text.strip())
        host = url.raw_host.decode("ascii").casefold().removesuffix(".")
        port = url.port
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"{text!r} is no address ({error}).") from error
    if url.scheme not in _PORTS or not host:
        raise FetchError(f"{text!r} cannot be fetched: only http:// and https:// addresses can.")
    if url.userinfo:
        raise FetchError(f"{host}: an address with a user name or password is not fetched.")
    port = _PORTS[url.scheme] if port is None else port
    # A zone (fe80::1%eth0) means something on this machine only.
    if not 0 < port < 2**16 or "%" in host:
        raise FetchError(f"{text!r} is no address that can be connected to.")
    return Address(url.scheme, host, port, url.raw_path.decode("ascii") or "/")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server replied: names of headers are in small letters, `content` is unpacked.

    `url` is where it came from after redirects; `moved_to` is where the address asked for has
    moved for good, None when it has not.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    url: str = ""
    moved_to: str | None = None

    def retry_after_s(self, now: datetime) -> float | None:
        """Return how long the server asks to be left alone, at most 30 days; None if it does not.

        >>> Reply(429, {"retry-after": "120"}).retry_after_s(datetime.now(UTC))
        120.0
        """
        told = self.headers.get("retry-after", "").strip()
        if told.isascii() and told.isdecimal():
            return float(min(int(told[:9]), _MAX_WAIT_S))
        try:
            until = parsedate_to_datetime(told)
        except (ValueError, TypeError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max((until - now).total_seconds(), 0.0), _MAX_WAIT_S)


class HttpClient:
    """Calls the one server at `url`, which a person named; to be closed.

    Redirects are not followed. `transport` stands in for the network.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        timeout_s: float,
        transport: Transport | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=url, headers=dict(headers), timeout=timeout_s, transport=transport
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return what the server replies.

        Raises:
            FetchError: it cannot be reached.
        """
        try:
            got = self._http.request(method, path, content=content, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(str(error)) from error
        return Reply(got.status_code, got.headers, got.content, str(got.url))


@cache
def tls_context() -> ssl.SSLContext:
    """Return what verifies certificates: by `SSL_CERT_FILE` if set, else by the bundled list.

    Made once: the list takes 20 ms to read.
    """
    return httpx.create_ssl_context()
