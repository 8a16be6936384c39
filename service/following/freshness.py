"""How fresh the archive is: its newest article, and each followed source against what is usual."""

import logging
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from index.engines.archive import ArchiveSnapshot
from index.store.sqlite import DatabaseError, open_database
from service.following.database import FILE_NAME
from service.following.rows import Followed
from service.words import count, day

__all__ = ["Freshness", "FreshnessReader", "SourceFreshness", "moment", "span"]

_log = logging.getLogger(__name__)
# What was read is good for so long.
_KEEP_S = 5.0
# An article of the future has a wrong date.
_MAX_AHEAD_S = 86_400.0
_N_NEWEST = 50
# A source is late when it is silent for so many of its longest silences, and for half a day.
_LATE_SILENCES = 3.0
_MIN_LATE_S = 12 * 3600.0
_LATE_FAILURES = 3
# Nobody looks any more when so many looks are missing.
_MISSED_LOOKS = 4.0
_MIN_MISSED_S = 3600.0
_UNKNOWN_PACE_S = 24 * 3600.0
_DAY_CHARS = len("2025-02-19")


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """One followed source; times in UTC.

    `checked` is the last look that succeeded, `newest` when something new came last, `usual_s` the
    usual seconds between two articles, None while unknown. `late` says why it is late, None when
    it is not.
    """

    name: str
    address: str
    checked: datetime | None
    newest: datetime | None
    usual_s: float | None
    n_failures: int
    trouble: str | None
    late: str | None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the archive is. `newest` is the date of its newest article, as it is stated.

    `checked` is the last look at any source that succeeded; None where nothing is followed.
    """

    newest: str | None = None
    checked: datetime | None = None
    sources: tuple[SourceFreshness, ...] = ()

    @property
    def late(self) -> tuple[SourceFreshness, ...]:
        """Return the sources that are late."""
        return tuple(source for source in self.sources if source.late)

    @property
    def newest_at(self) -> float | None:
        """Return when the newest article was published, in seconds since 1970, where known."""
        return _seconds(self.newest) if self.newest and len(self.newest) >= _DAY_CHARS else None

    def looked_ago(self, now: datetime) -> str:
        """Return how long ago the last look was, in words; empty where there was none.

        >>> seen = datetime(2026, 11, 26, 14, 13, tzinfo=UTC)
        >>> Freshness(checked=seen).looked_ago(seen.replace(minute=16))
        '3 minutes ago'
        """
        return _ago((now - self.checked).total_seconds()) if self.checked else ""


@dataclass
class FreshnessReader:
    """Reads how fresh the archive in `root` is, at most every few seconds.

    `now` returns seconds since 1970.
    """

    root: Path
    now: Callable[[], float] = time.time
    _sources: tuple[float, tuple[SourceFreshness, ...]] = field(default=(0.0, ()))
    _newest: tuple[int, str | None] = field(default=(0, None))

    def read(self, snapshot: ArchiveSnapshot) -> Freshness:
        """Return how fresh a snapshot is, and the sources that it is made from."""
        number = snapshot.status.snapshot
        if self._newest[0] != number:
            self._newest = (number, self._newest_in(snapshot))
        return self._fresh(self._newest[1])

    def read_sources(self) -> Freshness:
        """Return what is known of the sources, where there is no snapshot."""
        return self._fresh(None)

    def _fresh(self, newest: str | None) -> Freshness:
        read_at, sources = self._sources
        if self.now() - read_at > _KEEP_S:
            sources = tuple(_source(known, self.now()) for known in _read(self.root))
            self._sources = (self.now(), sources)
        looks = [source.checked for source in sources if source.checked]
        return Freshness(newest, max(looks, default=None), sources)

    def _newest_in(self, snapshot: ArchiveSnapshot) -> str | None:
        dates = [one.published for one in snapshot.newest(_N_NEWEST) if one.published]
        sound = [one for one in dates if _seconds(one) <= self.now() + _MAX_AHEAD_S]
        return max(sound, key=_seconds, default=None)


def moment(published: str) -> str:
    """Return a date of publication in words, with the time where it states one.

    >>> moment("2026-11-26T14:10:00+01:00"), moment("2026-11")
    ('26 Nov 2026, 14:10', 'Nov 2026')
    """
    _, mark, clock = published.partition("T")
    return (
        f"{day(published)}, {clock[:5]}" if mark and len(clock) >= len("14:10") else day(published)
    )


def _read(root: Path) -> list[Followed]:
    """Return what is known of all sources."""
    path = root / FILE_NAME
    if not path.is_file():
        return []
    try:
        with closing(open_database(path, "ro")) as db:
            rows = db.execute("SELECT * FROM sources ORDER BY name, key").fetchall()
            return [Followed.of(row) for row in rows]
    except (DatabaseError, OSError) as error:
        # Whoever follows is told; questions are answered without it.
        _log.warning("%s cannot be read: %s", path, error)
        return []


def _source(known: Followed, now: float) -> SourceFreshness:
    return SourceFreshness(
        known.name,
        known.key,
        _at(known.looked_at),
        _at(known.gave_at),
        known.usual_s,
        known.n_failures,
        known.trouble,
        _late(known, now),
    )


def _late(known: Followed, now: float) -> str | None:
    """Return why a source is late, or None; without its address, which may hold a password."""
    if known.is_ended:
        return "it is gone for good"
    since = f"since {_clock(known.looked_at)}" if known.looked_at else "at all"
    if known.n_failures >= _LATE_FAILURES:
        return f"it could not be read {since}"
    seen = known.looked_at or known.asked_at
    if seen is not None and now - seen > max(_MISSED_LOOKS * _pace_s(known), _MIN_MISSED_S):
        return f"nobody looked {since}" if not known.n_failures else f"it could not be read {since}"
    if known.newest_at is None or known.usual_s is None or known.longest_s is None:
        return None
    if now - known.newest_at > max(_LATE_SILENCES * known.longest_s, _MIN_LATE_S):
        since, usual = _clock(known.newest_at), span(known.usual_s)
        return f"nothing new since {since}, usually something every {usual}"
    return None


def _pace_s(known: Followed) -> float:
    """Return how often a source is looked at, in seconds."""
    if known.every_s:
        return known.every_s
    if known.asked_at and known.before_at:
        return min(known.asked_at - known.before_at, _UNKNOWN_PACE_S)
    return _UNKNOWN_PACE_S


def _at(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)


def _clock(seconds: float) -> str:
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{day(at.isoformat())}, {at:%H:%M} UTC"


def _seconds(published: str) -> float:
    if len(published) < _DAY_CHARS:
        return float("-inf")
    found = datetime.fromisoformat(published)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _ago(seconds: float) -> str:
    return "just now" if seconds < 60 else f"{span(seconds)} ago"


def span(seconds: float) -> str:
    """Return a time in words.

    >>> span(180), span(7200), span(200_000)
    ('3 minutes', '2 hours', '2 days')
    """
    for size, noun in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(int(seconds // size), noun)
    return count(int(seconds), "second")
