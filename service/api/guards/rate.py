"""How often each caller may call."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

from corpus.errors import DatelineError

__all__ = ["RateLimitedError", "RateLimiter"]

# So many callers are remembered; one that was forgotten begins anew.
_MAX_CALLERS = 10_000


class RateLimitedError(DatelineError):
    """A caller calls too often. `retry_after_s` is how long to wait, in whole seconds."""

    def __init__(self, per_minute: int, retry_after_s: int) -> None:
        super().__init__(
            f"Only {per_minute} calls a minute are allowed: try again in {retry_after_s} seconds."
        )
        self.retry_after_s = retry_after_s


@dataclass(slots=True)
class _Bucket:
    """Calls left, as of a time in seconds."""

    left: float
    at_s: float


class RateLimiter:
    """Allows each caller `per_minute` calls a minute, all at once if it likes; 0 allows any number.

    A bucket for each caller fills up steadily and gives up one token a call. `clock` returns
    seconds.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def count(self, who: str) -> None:
        """Count a call of `who`: the id of a key, or an address.

        Raises:
            RateLimitedError: it is one too many.
        """
        if not self._per_minute:
            return
        now_s, per_s = self._clock(), self._per_minute / 60
        who = _network(who)
        bucket = self._buckets.setdefault(who, _Bucket(self._per_minute, now_s))
        self._buckets.move_to_end(who)
        if len(self._buckets) > _MAX_CALLERS:
            self._buckets.popitem(last=False)
        bucket.left = min(self._per_minute, bucket.left + (now_s - bucket.at_s) * per_s)
        bucket.at_s = now_s
        if bucket.left < 1:
            raise RateLimitedError(self._per_minute, math.ceil((1 - bucket.left) / per_s))
        bucket.left -= 1


def _network(who: str) -> str:
    """Return the network of an IPv6 address: one customer has all the addresses of a /64."""
    try:
        address = ip_address(who)
    except ValueError:
        return who
    # IPv4 in the form that a socket for both has: all of it would be one network.
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(IPv6Network((address, 64), strict=False))
    return who
