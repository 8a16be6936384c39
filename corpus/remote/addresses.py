"""Which network addresses may be connected to.

Addresses come from people, and also from feeds, redirects and name servers, which anybody may
write. So what is not on the public internet is connected to only where a person named it.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Self

from corpus.errors import FetchError
from corpus.remote.http import read_address

__all__ = ["AddressRule", "Resolve", "is_local_name", "is_public", "resolve"]

Resolve = Callable[[str, int], Sequence[str]]
"""From a host and port to its IP addresses; raises `FetchError` when there are none."""

# Names that only a local network gives an address to (RFC 6761, 6762, 8375, 9476).
_LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet")
# These lead to an IPv4 address, in their last four bytes or after the first two (RFC 6052, 3056).
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_COMPATIBLE = IPv6Network("::/96")


@dataclass(frozen=True, slots=True)
class AddressRule:
    """Allows public addresses, and others only for the hosts and ports in `private`."""

    private: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def named(cls, urls: Iterable[str], private_hosts: Iterable[str] = ()) -> Self:
        """Return the rule for addresses that a person wrote.

        A URL whose host is an IP address, `localhost` or another name without public meaning names
        that host and port. Any other host may be private only if it is one of `private_hosts`,
        because its name server could turn it into a private one at any time.

        Raises:
            FetchError: what is no http or https address.
        """
        allowed = set()
        also = {host.casefold().rstrip(".") for host in private_hosts}
        for url in urls:
            address = read_address(url)
            if is_local_name(address.host) or address.host in also:
                allowed.add((address.host, address.port))
                if address.port == 80:  # many send from http to https
                    allowed.add((address.host, 443))
        return cls(frozenset(allowed))

    def allows(self, host: str, port: int, ip: str) -> bool:
        """Whether the address that `host` has now may be connected to."""
        return is_public(ip) or (host, port) in self.private


def is_public(ip: str) -> bool:
    """Whether an IP address is one host on the public internet, however it is written.

    >>> [is_public(ip) for ip in ("93.184.215.14", "::ffff:127.0.0.1", "64:ff9b::a00:1")]
    [True, False, False]
    """
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if (inner := _inner(address)) is not None:
            return is_public(str(inner))
        if address.is_site_local:
            return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_link_local
        or address.is_unspecified
        or address.is_loopback
    )


def is_local_name(host: str) -> bool:
    """Whether whoever wrote this host can have meant only one on a local network, or an address.

    >>> [is_local_name(host) for host in ("127.0.0.1", "cms", "cms.local", "post.example")]
    [True, True, True, False]
    """
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_ENDINGS)


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a host, as the system finds them; see `Resolve`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A label that is too long is a UnicodeError.
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} has no address ({error}): is its name right?") from error
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to, if it does."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return address.sixtofour
    return None
