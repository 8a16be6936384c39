"""The day that a notice states."""

import re
from datetime import date

from corpus.dates import last_day

__all__ = ["notice_day"]

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_D = r"(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"\b(?P<y>[12][0-9]{3})-(?P<m>[01]?[0-9])-(?P<d>[0-3]?[0-9])\b",
        rf"\b{_D} (?:of )?{_MONTH},? (?P<y>[12][0-9]{{3}})\b",
        rf"\b{_MONTH} {_D},? (?P<y>[12][0-9]{{3}})\b",
        rf"\b{_D} (?:of )?{_MONTH}(?![^\W\d_])",
        rf"\b{_MONTH} {_D}\b",
    )
)
# The day of a notice stands in its head or beside the word for the change, not where it tells
# which day was given wrongly.
_STATES = re.compile(
    r"\b(?:amended|corrected|clarified|updated|changed|edited|revised|retracted|withdrawn|modified)"
    r"(?: again)?(?: in (?:this|the) \w+)?(?: (?:on|at))?\s*,?\s+"
    r"|^\W*(?:corrections?|clarifications?|editor['’]?s['’]? note|retraction|retracted|corrected)"
    r"(?: notice)?\s*[,(—–-]?\s*(?:on )?\s*"
)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+")


def notice_day(words: str, published: str | None) -> str | None:
    """Return the day on which a notice says that it was made, ISO 8601, or None.

    A day without a year is the first such day from that of the article on.

    >>> notice_day("This article was amended on 5 March because of an error.", "2024-03-02")
    '2024-03-05'
    >>> notice_day("An earlier version gave the day as 5 March.", "2024-03-02")
    """
    text = " ".join(words.casefold().split())
    for place in _STATES.finditer(text):
        at = place.end()
        if weekday := _WEEKDAY.match(text, at):
            at = weekday.end()
        for shape in _SHAPES:
            if (match := shape.match(text, at)) and (day := _day(match, published)):
                return day.isoformat()
    return None


def _day(match: re.Match[str], published: str | None) -> date | None:
    part = match.groupdict()
    month = int(part["m"]) if part.get("m") else _NAMES.index(part["name"][:3]) + 1
    try:
        if part.get("y"):
            return date(int(part["y"]), month, int(part["d"]))
        if not published:
            return None
        first = last_day(published)
        day = date(first.year, month, int(part["d"]))
        return day if day >= first else date(first.year + 1, month, int(part["d"]))
    except ValueError:  # there is no such day
        return None
