"""Days, months and years named in an article, by its own date.

News names days from where it stands: "on Wednesday" is the latest Wednesday, the day of
publication included, unless the sentence speaks of what is to come.
"""

import re
from datetime import date, timedelta
from typing import Literal

from service.answering.english import MONTH_OR_SHORT, MONTHS, WEEKDAY, WEEKDAYS
from service.answering.values.named_dates import named_date
from service.answering.values.value import Value

__all__ = ["date_value"]

_COUNT = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty)"
)
_UNIT = r"(?:day|week|month|year|decade)"
_YEAR = r"(?:1[5-9]|20)\d\d"
_NTH = r"(?:[12]?\d|3[01])(?:st|nd|rd|th)?"
# In this order: what names more of a date comes first.
_FORMS = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "iso": rf"\b{_YEAR}-\d\d-\d\d\b",
        "month day year": rf"\b{MONTH_OR_SHORT} {_NTH},? {_YEAR}\b",
        "day month year": rf"\b{_NTH}(?: of)? {MONTH_OR_SHORT},? {_YEAR}\b",
        "month day": rf"\b{MONTH_OR_SHORT} {_NTH}\b",
        "day month": rf"\b{_NTH}(?: of)? {MONTH_OR_SHORT}(?!\w)",
        "month year": rf"\b{MONTH_OR_SHORT},? (?:of )?{_YEAR}\b",
        "month of": rf"\b{MONTH_OR_SHORT} (?:of )?(last|this|next) year\b",
        "from another": rf"\b(?:({_COUNT}|the|a) )?({_UNIT})s? (earlier|before|later|after)\b"
        rf"|\bthe (following|next|previous|preceding) ({_UNIT})\b",
        "ago": rf"\b{_COUNT} {_UNIT}s? ago\b",
        "ahead": rf"\bin {_COUNT} {_UNIT}s?(?: time|['’] time)?\b|\b{_COUNT} {_UNIT}s? from now\b",
        "relative month": rf"\b(last|this|next) ({MONTH_OR_SHORT})(?!\w)",
        "relative weekday": rf"\b(last|this|next|this coming) ({WEEKDAY})\b",
        "relative unit": r"\b(last|this|next|the past) (week|month|year|decade)\b",
        "decade": r"\b(?:the )?((?:1[5-9]|20)\d0)s\b",
        "near": r"\b(?:today|tonight|last night|yesterday|tomorrow)\b"
        r"|\bthis (?:morning|afternoon|evening)\b",
        "weekday": rf"\b{WEEKDAY}\b",
        "nth": r"\bthe (\d{1,2})(?:st|nd|rd|th)\b",
        "month": rf"\b{MONTH_OR_SHORT}(?!\w)",
        "year": rf"(?<![\d,.$£€])(?<!\d-){_YEAR}(?![\d,]*\d)(?!-)",
    }.items()
}
_AHEAD = re.compile(
    r"\b(?:will|shall|won['’]t|is (?:due|set|scheduled|expected|to)|are (?:due|set|scheduled"
    r"|expected|to)|due to|set to|scheduled|plans? to|planned for|expected to|begins?|opens?"
    r"|starts?|takes place|deadline|upcoming|ahead of)\b|\b(?:until|by|next) (?:\w+ )?$",
    re.IGNORECASE,
)
_WEAK = ("weekday", "month", "year", "nth")
_ABSOLUTE = ("iso", "month day year", "day month year", "month year", "decade", "year")
_OF_TIME = re.compile(
    r"on|in|at|by|of|from|since|until|till|before|after|the|early|late|mid|end|beginning|start|and"
    r"|this|last|next|said|told|to|for|a\.?m|p\.?m|a|m|p|around|about|morning|afternoon|evening|night"
    rf"|noon|midnight|spring|summer|autumn|fall|winter|\d+|{MONTH_OR_SHORT}|{WEEKDAY}|s|st|nd|rd|th|year|month|week|local|time|dawn|dusk",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"on|since|until|till|by|from|before|after|last|next|this|in|early|late|said|told",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:Room|Route|Flight|Suite|Unit|Highway|Gate|Platform|Section|Article|No\.|Number) ?$"
)
_LOOK_BACK = 300
Precision = Literal["day", "week", "month", "year", "decade"]


def date_value(text: str, start: int, end: int, published: date | None) -> Value | None:
    """Return the date that the answer `text[start:end]` names, None when it names none.

    `published` is the day of the article whose text it is; without it only what names its year is
    resolved.

    >>> date_value("He died on Wednesday.", 11, 20, date(2025, 2, 21)).iso
    '2025-02-19'
    """
    answer, before, after = text[start:end], text[max(0, start - _LOOK_BACK) : start], text[end:]
    for name, form in _FORMS.items():
        if match := form.search(answer):
            if published is None:
                # Any day will do: these do not depend on it.
                published = date(2000, 1, 1)
                if name not in _ABSOLUTE:
                    return None
            if name in _WEAK and not _stands_alone(match, before, after):
                return None
            if name == "from another":
                return _from_another(match, before, published)
            return _resolve(name, match, _is_ahead(before), published)
    return None


def _stands_alone(match: re.Match[str], before: str, after: str) -> bool:
    """Whether a lone weekday, month or year is one, and no part of a name or of another thing."""
    answer = match.string
    rest = f"{answer[: match.start()]} {answer[match.end() :]}"
    if match[0][0].islower() and not match[0].startswith("the"):
        return False
    if not all(_OF_TIME.fullmatch(word) for word in re.findall(r"[^\W_]+", rest)):
        return False
    if _NUMBERED.search(before + answer[: match.start()]):
        return False
    if match[0][0].isdigit():
        return True
    opens, closes = not answer[: match.start()].strip(), not answer[match.end() :].strip()
    last = re.search(r"([\w.]+) $", before) if opens else None
    # "Tobias May", "Tuesday Club", "June Ashdown"; a date may stand between two names too.
    is_surname = last and last[1][0].isupper() and not _OF_TIME.fullmatch(last[1].rstrip("."))
    is_forename = closes and re.match(r" [A-Z][a-z]+", after)
    is_led = not opens or (last and _LEADS.fullmatch(last[1]))
    return not is_surname and not (is_forename and not is_led)


def _is_ahead(before: str) -> bool:
    """Whether the words before an answer, in its own clause, speak of what is to come."""
    return bool(_AHEAD.search(re.split(r"[;:“”.!?]\s|, (?:but|and|while|after)", before)[-1]))


def _from_another(match: re.Match[str], before: str, published: date) -> Value | None:
    """Resolve "two days earlier" by the date named last before it."""
    count, unit = match[1] or "one", (match[2] or match[5]).lower()
    back = (match[3] or match[4]).lower() in ("earlier", "before", "previous", "preceding")
    anchor = _last_date(before, published)
    if anchor is None or anchor.iso is None:
        return None
    base = date.fromisoformat((anchor.iso + "-01-01")[:10] if len(anchor.iso) == 4 else anchor.iso)
    words = f"{'one' if count.lower() in ('the', 'a') else count} {unit} ago"
    if anchor.precision == "year" or unit == "year":
        step = _parsed(words, "year", False, base)
        year = int(step.iso or 0) if step else 0
        year = year if back else 2 * base.year - year
        return Value("date", iso=str(year), precision="year")
    moved = _parsed(words, "day", False, base)
    if moved is None or moved.iso is None:
        return None
    day = date.fromisoformat(moved.iso)
    return _day(day if back else base + (base - day))


def _last_date(before: str, published: date) -> Value | None:
    """Return the date named last in a text, if it is a day or a year."""
    places = [
        (match.end(), match.start())
        for name, form in _FORMS.items()
        if name not in ("from another", "nth", "month")
        for match in form.finditer(before)
    ]
    # The one that ends last, and of those the longest.
    for end, start in sorted(places, key=lambda place: (-place[0], place[1])):
        value = date_value(before, start, end, published)
        if value and value.precision in ("day", "year"):
            return value
    return None


def _resolve(name: str, match: re.Match[str], ahead: bool, published: date) -> Value | None:
    words = match[0].lower()
    if name == "decade":
        first = int(match[1])
        return Value("date", iso=f"{first}/{first + 9}", precision="decade")
    if name == "weekday":
        return _day(_weekday(words, ahead, published))
    if name == "relative weekday":
        which, weekday = match[1].lower(), match[2].lower()
        day = _weekday(weekday, which != "last", published)
        return _day(day - timedelta(7) if which == "last" and day == published else day)
    if name == "nth":
        return _nth(int(match[1]), ahead, published)
    if name == "relative unit":
        return _relative_unit(match[1].lower(), match[2].lower(), published)
    if name == "month of":
        year = published.year + {"last": -1, "this": 0, "next": 1}[match[1].lower()]
        return _parsed(f"{match[0].split()[0]} {year}", "month", ahead, published)
    if name in ("month", "relative month"):
        return _month(name, match, ahead, published)
    if name == "near":
        named = {"yesterday": -1, "last night": -1, "tomorrow": 1}
        return _day(published + timedelta(named.get(words, 0)))
    words = re.sub(r"\bof\b", "", words)
    if name in ("month day", "day month"):
        return _day_without_year(words, ahead, published)
    precisions: dict[str, Precision | None] = {"month year": "month", "year": "year", "ago": None}
    return _parsed(words, precisions.get(name, "day"), ahead, published)


def _day_without_year(words: str, ahead: bool, published: date) -> Value | None:
    """Resolve a day that names no year to the next one, or if not `ahead` to the nearest."""
    found = [_parsed(words, "day", future, published) for future in {True, ahead}]
    days = [date.fromisoformat(value.iso) for value in found if value and value.iso]
    return _day(min(days, key=lambda day: abs(day - published))) if days else None


def _weekday(name: str, ahead: bool, published: date) -> date:
    back = (published.weekday() - WEEKDAYS.index(name)) % 7
    return published + timedelta(7 - back if back else 0) if ahead else published - timedelta(back)


def _nth(number: int, ahead: bool, published: date) -> Value | None:
    """Return the latest day of that number, or the next one."""
    day, step = published, timedelta(1 if ahead else -1)
    for _ in range(62):
        if day.day == number:
            return _day(day)
        day += step
    return None


def _month(name: str, match: re.Match[str], ahead: bool, published: date) -> Value:
    word = (match[2] if name == "relative month" else match[0]).lower().rstrip(".")
    which = match[1].lower() if name == "relative month" else ""
    number = next(n for n, month in enumerate(MONTHS, 1) if month.startswith(word[:3]))
    year = published.year
    if which == "last":
        year -= number >= published.month
    elif which == "next" or (ahead and not which):
        year += number <= published.month if which == "next" else number < published.month
    elif not which:
        year -= number > published.month
    return Value("date", iso=f"{year}-{number:02}", precision="month")


def _relative_unit(which: str, unit: str, published: date) -> Value | None:
    step = {"last": -1, "this": 0, "next": 1}.get(which)
    if step is None:
        return None  # "the past year" is a length of time
    if unit == "week":
        monday = published - timedelta(published.weekday()) + timedelta(7 * step)
        iso = f"{monday.isoformat()}/{(monday + timedelta(6)).isoformat()}"
        return Value("date", iso=iso, precision="week")
    if unit == "month":
        months = published.year * 12 + published.month - 1 + step
        return Value("date", iso=f"{months // 12}-{months % 12 + 1:02}", precision="month")
    if unit == "year":
        return Value("date", iso=str(published.year + step), precision="year")
    first = published.year // 10 * 10 + 10 * step
    return Value("date", iso=f"{first}/{first + 9}", precision="decade")


def _day(day: date) -> Value:
    return Value("date", iso=day.isoformat(), precision="day")


def _parsed(words: str, precision: Precision | None, ahead: bool, published: date) -> Value | None:
    """Return the value of an expression; None `precision` takes that of its unit."""
    named = named_date(words, published, ahead=ahead)
    if named is None:
        return None
    kind = precision or named.precision
    length = {"day": 10, "month": 7, "year": 4}[kind]
    return Value("date", iso=named.day.isoformat()[:length], precision=kind)
