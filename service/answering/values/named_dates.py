"""The day, month or year that an English expression of time names, seen from a day."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from service.answering.english import MONTHS

__all__ = ["Named", "named_date"]

_MONTHS = tuple(name[:3] for name in MONTHS)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_COUNTS = {word: n for n, word in enumerate(_SMALL)}
_COUNTS |= {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50}
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_RELATIVE = re.compile(r"\b(\d+|[a-z]+) (day|week|month|year|decade)s?\b")
_PARTS = re.compile(r"\d+|[a-z]+")
_YEAR_CHARS = 4


@dataclass(frozen=True, slots=True)
class Named:
    """A day, and how much of it is named: in "May 2020" or "two months ago" not the day itself."""

    day: date
    precision: Literal["day", "month", "year"]


def named_date(words: str, published: date, *, ahead: bool) -> Named | None:
    """Return what an expression such as "March 5", "5th May 2020" or "two weeks ago" names.

    A day without its year is the next one if `ahead` and else the latest one, the day of
    publication included. None is returned for a day that there is not.

    >>> named_date("sept. 5", date(2024, 5, 31), ahead=False)
    Named(day=datetime.date(2023, 9, 5), precision='day')
    """
    words = words.lower()
    try:
        if match := _ISO.search(words):
            return Named(date(*map(int, match.groups())), "day")
        if match := _RELATIVE.search(words):
            step = -1 if words.endswith("ago") else 1
            return _moved(published, step * _count(match[1]), match[2])
        return _absolute(_PARTS.findall(words), published, ahead)
    # No such day, or one beyond all calendars.
    except (ValueError, OverflowError):
        return None


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS[word]


def _moved(day: date, n: int, unit: str) -> Named:
    if unit in ("day", "week"):
        return Named(day + timedelta(n * (7 if unit == "week" else 1)), "day")
    months = day.year * 12 + day.month - 1 + n * {"month": 1, "year": 12, "decade": 120}[unit]
    year, month = months // 12, months % 12 + 1
    # The last day of a shorter month.
    moved = date(year, month, min(day.day, monthrange(year, month)[1]))
    return Named(moved, "month" if unit == "month" else "year")


def _absolute(parts: list[str], published: date, ahead: bool) -> Named | None:
    month = next((_MONTHS.index(part[:3]) + 1 for part in parts if part[:3] in _MONTHS), None)
    numbers = [part for part in parts if part.isdigit()]
    year = next((int(number) for number in numbers if len(number) == _YEAR_CHARS), None)
    day = next((int(number) for number in numbers if len(number) < _YEAR_CHARS), None)
    if month is None:
        return Named(date(year, 1, 1), "year") if year else None
    if day is None:
        return Named(date(year, month, 1), "month") if year else None
    if year:
        return Named(date(year, month, day), "day")
    return _nearest(month, day, published, ahead)


def _nearest(month: int, day: int, published: date, ahead: bool) -> Named | None:
    """Return the next or the latest such day; for February 29 that may be years away."""
    step = 1 if ahead else -1
    for year in range(published.year, published.year + 9 * step, step):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found > published if ahead else found <= published:
            return Named(found, "day")
    return None
