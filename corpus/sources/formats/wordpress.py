"""What is WordPress's own, in its exports, its answers and its feeds: two clocks for one date."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

__all__ = ["local_moment"]

_MAX_HOURS = 15
_PAIRS = (("post_date", "post_date_gmt"), ("date", "date_gmt"), ("pubdate", "pubdate_gmt"))


def local_moment(facts: Mapping[str, object]) -> str | None:
    """Return the date of a post with its zone, which is between the clocks it is stated in.

    >>> local_moment({"date": "2024-03-06T00:40:00", "date_gmt": "2024-03-05T23:40:00"})
    '2024-03-06T00:40:00+01:00'
    """
    for here, there in _PAIRS:
        local, universal = (_read(facts, name) for name in (here, there))
        if local and universal:
            offset = local - universal
            if abs(offset) <= timedelta(hours=_MAX_HOURS):
                return local.replace(tzinfo=timezone(offset)).isoformat()
        if universal:
            return universal.replace(tzinfo=UTC).isoformat()
    return None


def _read(facts: Mapping[str, object], name: str) -> datetime | None:
    value = facts.get(f"wp_{name}", facts.get(name))
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
    # With a zone of its own it needs no other clock.
    return moment if moment and not moment.tzinfo and ":" in str(value) else None
