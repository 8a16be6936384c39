"""When an article was published."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

__all__ = ["parse_day", "parse_published"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_published(raw: str) -> str:
    """Return a date as `Article.published` holds it.

    Takes ISO 8601 days and instants and the dates of e-mail and RSS (RFC 2822). An instant
    without an offset is taken as UTC.

    Raises:
        ValueError: `raw` is none of these.

    >>> parse_published("2025-02-19 08:30")
    '2025-02-19T08:30:00+00:00'
    """
    raw = raw.strip()
    if _DAY.fullmatch(raw):
        return date.fromisoformat(raw).isoformat()
    try:
        # fromisoformat also takes the digits of other scripts, which would not sort as text.
        instant = datetime.fromisoformat(raw) if raw.isascii() else _rfc_2822(raw)
    except ValueError:
        instant = _rfc_2822(raw)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return instant.replace(microsecond=0).isoformat()


def _rfc_2822(raw: str) -> datetime:
    try:
        return parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError) as error:
        raise ValueError(
            f"{raw[:40]!r} is not a date: write it as 2025-02-19 or 2025-02-19T08:30:00Z"
        ) from error


def parse_day(raw: str) -> date:
    """Return the day named by `raw` (`2025-02-19`).

    Raises:
        ValueError: `raw` is not an ISO 8601 day.
    """
    if not _DAY.fullmatch(raw):
        raise ValueError(f"{raw[:40]!r} is not a day: write it as 2025-02-19")
    return date.fromisoformat(raw)
