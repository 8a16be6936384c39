"""When an article was published."""

import re
from calendar import monthrange
from datetime import date

__all__ = ["last_day", "parse_day"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def last_day(published: str) -> date:
    """Return the day by which an article was published, as `Article.published` has it.

    >>> last_day("2024-02").isoformat(), last_day("2024-02-05T23:30:00Z").isoformat()
    ('2024-02-29', '2024-02-05')
    """
    year, month, day = (*map(int, published[:10].split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def parse_day(raw: str) -> date:
    """Return the day named by `raw` (`2025-02-19`).

    Raises:
        ValueError: `raw` is not an ISO 8601 day.
    """
    if not _DAY.fullmatch(raw):
        raise ValueError(f"{raw[:40]!r} is not a day: write it as 2025-02-19")
    return date.fromisoformat(raw)
