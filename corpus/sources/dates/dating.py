"""Dates of articles whose record states none: from the address, then from the dateline."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from corpus.sources.dates.moments import read_moment
from corpus.sources.policy import Policy

__all__ = ["Stated", "day_in_dateline", "day_in_url", "first_date"]

_YEAR = r"(?P<y>19[5-9][0-9]|20[0-9]{2})"
_NAMES = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# A number of an article may look like a day too: parts of it are only taken between slashes, or
# where hyphens part them.
_IN_PATH = re.compile(
    rf"/{_YEAR}/(?P<m>[01]?[0-9]|{_NAMES})/(?P<d>[0-3]?[0-9])(?=/|$)"
    rf"|(?<![0-9]){_YEAR.replace('<y>', '<y2>')}-(?P<m2>[01][0-9])-(?P<d2>[0-3][0-9])(?![0-9])"
    rf"|/{_YEAR.replace('<y>', '<y3>')}(?P<m3>[01][0-9])(?P<d3>[0-3][0-9])(?=/|$)",
    re.IGNORECASE,
)
_MONTHS = _NAMES.split("|")

_MONTH = rf"(?:{_NAMES})[a-z]{{0,6}}\.?"
_DAY = rf"(?:{_MONTH}\s[0-9]{{1,2}},?\s[0-9]{{4}}|[0-9]{{1,2}}\s{_MONTH},?\s[0-9]{{4}})"
_CLOCK = r"(?:(?:,|\sat)?\s[0-9]{1,2}:[0-9]{2}(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?)?"
# "NORHAVN, March 5, 2024 (Agency) - The ferry": a town in capitals, and a dash after all of it.
_DATELINE = re.compile(
    rf"[A-ZÀ-Þ][A-ZÀ-Þ .,'’/-]{{2,40}}\(?(?P<when>(?i:{_DAY}))\)?"
    r"\s*+(?:\([^()\n]{2,40}\)|/[^/\n]{2,40}/)?\s*+[-–—:]"
)
_BYLINE = re.compile(
    r"(?:first )?(?:published|posted)(?: on| at)?:?\s(?:[a-z]{3,9}day,?\s)?"
    rf"(?P<when>{_DAY}{_CLOCK})\.?",
    re.IGNORECASE,
)
_MAX_LINES = 3
_MAX_LINE_CHARS = 400
# Pages state what programs write where there is no date.
_NO_YEARS = ("1900", "1970")


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as it is written, and where: `metadata`, `JSON-LD`, `URL`, `dateline` ..."""

    where: str
    raw: str


def first_date(candidates: list[Stated], policy: Policy | None = None) -> Stated | None:
    """Return the first of dates that can be read, as `Article.published` holds it.

    Where it is a day only and a later one tells the instant on that day, the instant is taken.
    """
    read = [found for one in candidates if (found := _read(one, policy))]
    if not read:
        return None
    first = read[0]
    if len(first.raw) > len("2024-03-05"):
        return first
    return next((one for one in read if one.raw.startswith(first.raw + "T")), first)


def _read(stated: Stated, policy: Policy | None = None) -> Stated | None:
    published = read_moment(stated.raw, policy).iso
    # A month or a year of something else on the page is too little to date a story by.
    if not published or len(published) < len("2024-03-05") or published.startswith(_NO_YEARS):
        return None
    return Stated(stated.where, published)


def day_in_url(url: str | None) -> str | None:
    """Return the day in the path of an address, or None: a year and month alone are no day.

    >>> day_in_url("https://post.example/2024/mar/05/ferry"), day_in_url("https://post.example/7")
    ('2024-03-05', None)
    """
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    for match in _IN_PATH.finditer(path):
        year, month, day = (
            next(match[f"{part}{n}"] for n in ("", "2", "3") if match[f"{part}{n}"])
            for part in "ymd"
        )
        number = month if month.isdigit() else _MONTHS.index(month.lower()) + 1
        if found := _read(Stated("URL", f"{year}-{int(number):02}-{int(day):02}")):
            return found.raw
    return None


def day_in_dateline(text: str) -> str | None:
    """Return the date in the dateline of a story, or in a line of when it was published.

    A dateline without its year ("QUITO, Feb 19 -") says no date.

    >>> day_in_dateline("NORHAVN, March 5, 2024 (HP) - The ferry Sula sank.")
    '2024-03-05'
    """
    for line in text[: _MAX_LINES * _MAX_LINE_CHARS].split("\n", _MAX_LINES * 2)[: _MAX_LINES * 2]:
        match = _DATELINE.match(line) or _BYLINE.fullmatch(line)
        if match and (found := _read(Stated("dateline", match["when"]))):
            return found.raw
    return None
