"""The time that a question asks about."""

import re
from datetime import date

from service.answering.values.dates import date_value

__all__ = ["asked_day", "asked_years", "is_of_these_days"]

_PART = (
    r"(?:(?:the )?(?:spring|summer|autumn|fall|winter|beginning|end|early|late|mid)[- ](?:of )?)"
)
_TIME = re.compile(
    rf"\b(?:(?:in|during|as of|by|on|since|at|before|until)\s+)?{_PART}?(?:\w+\.? \d{{1,2}},? )?"
    r"(?:\w+ )?((?:1[6-9]|20)\d\d)\b(?! [a-z]+(?:s|men|people|children)\b)"
    r"|\b(?:last \w+|\w+ (?:years?|months?|weeks?) ago)\b",
    re.IGNORECASE,
)


def asked_day(question: str, as_of: date | None) -> date | None:
    """Return the last day of the time that a question names, None when it names none.

    "In 2018" ends with that year, "last March" with that month, seen from `as_of`.

    >>> asked_day("Who was the mayor in 2018?", None)
    datetime.date(2018, 12, 31)
    """
    for match in _TIME.finditer(question):
        start, end = match.span()
        value = date_value(question, start + len(match[0]) - len(match[0].lstrip()), end, as_of)
        if value and value.iso:
            return _end_of(value.iso.split("/")[-1])
    return None


_JUST_NOW = re.compile(
    r"\b(?:this|last) (?:week|weekend)\b|\bthis month\b|\b(?:today|tonight|yesterday)\b",
    re.IGNORECASE,
)


def is_of_these_days(question: str) -> bool:
    """Tell whether a question speaks of the days in which it is asked.

    >>> is_of_these_days("Who resigned this week?"), is_of_these_days("Who resigned in 2018?")
    (True, False)
    """
    return _JUST_NOW.search(question) is not None


def asked_years(question: str) -> frozenset[int]:
    """Return the years that a question names in figures.

    >>> asked_years("Who won in 2023, a year after 2022?") == {2022, 2023}
    True
    """
    return frozenset(map(int, re.findall(r"(?<![\d,.$])(?:1[6-9]|20)\d\d(?!,?\d|%)", question)))


def _end_of(iso: str) -> date:
    if len(iso) == 4:
        return date(int(iso), 12, 31)
    if len(iso) == 7:
        year, month = int(iso[:4]), int(iso[5:])
        after = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(after.toordinal() - 1)
    return date.fromisoformat(iso)
