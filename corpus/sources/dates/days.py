"""Days, months and years, in the shapes that archives write them in."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from corpus.sources.dates.months import MONTH, month_number
from corpus.sources.policy import Policy

__all__ = ["UnreadError", "day_in"]

_DAY, _YEAR = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|er|\.|º|ª)?", r"(?P<y>[0-9]{4})"
# Spaces are never given back (*+): where nothing fits after all, there are too many ways to share
# them out.
_PARTS = r"\s*+[,./-]?\s*+"
_OF = r"(?:\s*+(?:of|de|del|di|d'))?\s*+"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})",
        r"(?P<y>[0-9]{4})\s?[年년]\s?(?P<m>[0-9]{1,2})\s?[月월]\s?(?P<d>[0-9]{1,2})\s?[日일]",
        rf"{_DAY}{_PARTS}{_OF}{MONTH}{_PARTS}{_OF}{_YEAR}",
        rf"{MONTH}\s*+{_DAY}\s*+,?\s*+{_YEAR}",
        rf"{_YEAR}{_PARTS}{MONTH}{_PARTS}{_DAY}",
        # RFC 822, before the year 2000 came near.
        rf"{_DAY} {MONTH} (?P<yy>[0-9]{{2}})(?= )",
    )
)
_MONTHS = tuple(
    re.compile(shape)
    for shape in (
        r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})",
        r"(?P<m>[0-9]{1,2})[/.](?P<y>[0-9]{4})",
        rf"{MONTH}\s*+,?\s*+{_OF}{_YEAR}",
        r"(?P<y>[0-9]{4})\s?[年년]\s?(?P<m>[0-9]{1,2})\s?[月월]",
    )
)
_NUMBERS = re.compile(r"(?P<a>[0-9]{1,2})([-/.])(?P<b>[0-9]{1,2})\2(?P<y>[0-9]{4}|[0-9]{2})\.?")


class UnreadError(ValueError):
    """Why a date cannot be read."""


def day_in(text: str, policy: Policy) -> tuple[date | str, str]:
    """Return the day, month or year in a text, and the text without it."""
    for shape in _SHAPES:
        if match := shape.search(text):
            part = match.groupdict()
            month = int(part["m"]) if part.get("m") else month_number(part["name"])
            year = int(part["y"]) if part.get("y") else _full_year(part["yy"])
            return date(year, month, int(part["d"])), _around(text, match)
    if match := _NUMBERS.search(text):
        return _of_numbers(match, policy), _around(text, match)
    for shape in _MONTHS:
        if match := shape.fullmatch(text.strip()):
            part = match.groupdict()
            month = int(part["m"]) if part.get("m") else month_number(part["name"])
            return date(int(part["y"]), month, 1).isoformat()[:7], ""
    if re.fullmatch(r"[12][0-9]{3}", text.strip()):
        return text.strip(), ""
    raise UnreadError("it is not a date")


def _of_numbers(match: re.Match[str], policy: Policy) -> date:
    """Return the day of a date in three numbers, whose order may be known."""
    one, other, year = int(match["a"]), int(match["b"]), match["y"]
    if len(year) == 2:
        if not policy.dates:
            raise UnreadError("the year has two digits: only --dates dmy or mdy says which it is")
        year = str(_full_year(year))
    orders: dict[str, Callable[[], date]] = {
        "dmy": lambda: date(int(year), other, one),
        "mdy": lambda: date(int(year), one, other),
    }
    if policy.dates and max(one, other) <= 12:
        return orders[policy.dates]()
    if one != other and max(one, other) <= 12:
        raise UnreadError("the day and the month can be told apart only with --dates dmy or mdy")
    return orders["dmy" if other <= 12 else "mdy"]()


def _full_year(two_digits: str) -> int:
    this = datetime.now(UTC).year
    year = this // 100 * 100 + int(two_digits)
    return year if year <= this + 1 else year - 100


def _around(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
