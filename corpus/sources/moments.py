"""Dates as archives write them, made into what `corpus.dates` takes."""

import re
from datetime import UTC, date, datetime

__all__ = ["as_iso"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_CLOCK = r"(?:[,T\s]+(?:at\s+)?(?P<h>[0-9]{1,2}):(?P<min>[0-9]{2})(?::(?P<s>[0-9]{2}))?(?![0-9:]))?"
_DAY, _YEAR = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?", r"(?P<y>[0-9]{4})"
# Days of the week may come before, and hundredths of a second or "UTC" after.
_SHAPES = tuple(
    re.compile(rf"(?:[a-z]{{3,9}}\.?,\s+)?{shape}{_CLOCK}", re.IGNORECASE)
    for shape in (
        rf"{_DAY}[\s-]+(?:of\s+)?{_MONTH},?[\s-]+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_YEAR}[/.-](?P<m>[0-9]{{1,2}})[/.-]{_DAY}",
    )
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T000000)?")
_PDF = re.compile(
    r"D:([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2})?)?"
    r"(?:([+-])([0-9]{2})'?([0-9]{2}))?.*"
)
_ZONE = re.compile(r"([+-][0-9]{2}):?([0-9]{2})$")
_AMERICAN = re.compile(r"\b([ECMP])([SD])T$", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?|[0-9]{12,13}")


def as_iso(raw: str | int | float) -> str:
    """Return a date in ISO 8601 where it is written in words, digits only or seconds of the epoch.

    What is written in another way is returned as it is. Days like 03/04/2024 are: nobody knows
    which number is the month.

    >>> as_iso("26-FEB-1987 15:01:01.79"), as_iso("March 5, 2024"), as_iso(1709627400)
    ('1987-02-26T15:01:01', '2024-03-05', '2024-03-05T08:30:00+00:00')
    """
    text = str(raw).strip()
    try:
        if not text.isascii() or len(text) > 80:
            return text
        if _SECONDS.fullmatch(text):
            seconds = float(text)
            # A thousand times as many since 1970: milliseconds.
            seconds = seconds / 1000 if seconds >= 1e11 else seconds
            return datetime.fromtimestamp(int(seconds), UTC).isoformat()
        if match := _COMPACT.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        if match := _PDF.fullmatch(text):
            return _pdf(match)
        if _is_iso(text):
            return text
        for shape in _SHAPES:
            if match := shape.match(text):
                return _in_words(match, text[match.end() :])
    except (ValueError, OverflowError, OSError):
        pass
    return text


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _in_words(match: re.Match[str], rest: str) -> str:
    part = match.groupdict()
    month = part.get("m") or _MONTHS.index(part["name"][:3].lower()) + 1
    day = date(int(part["y"]), int(month), int(part["d"])).isoformat()
    if part["h"] is None:
        return day
    hour = int(part["h"])
    if half := re.match(r"\s*([ap])\.?m\b", rest, re.IGNORECASE):
        hour = hour % 12 + (12 if half[1] in "pP" else 0)
    return f"{day}T{hour:02}:{part['min']}:{part['s'] or '00'}{_offset(rest)}"


def _offset(rest: str) -> str:
    if zone := _ZONE.search(rest):
        return f"{zone[1]}:{zone[2]}"
    if american := _AMERICAN.search(rest):
        is_summer = american[2].upper() == "D"
        return f"-{'ECMP'.index(american[1].upper()) + 5 - is_summer:02}:00"
    return ""


def _pdf(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second, sign, off_hours, off_minutes = match.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    offset = f"{sign}{off_hours}:{off_minutes}" if sign else ""
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{offset}"
