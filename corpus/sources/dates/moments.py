"""Dates as archives write them: what can mean one thing only is read, all else left and told."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from corpus.sources.dates.days import UnreadError, day_in
from corpus.sources.dates.months import LABELS, MONTH, folded
from corpus.sources.dates.zones import find_zone, zone_named
from corpus.sources.policy import Policy

__all__ = ["UNKNOWN_DATE", "Moment", "read_moment"]

UNKNOWN_DATE = "it stands for an unknown date"

_MAX_CHARS = 120
_MAX_YEARS = (1500, 2200)
_UNKNOWN = re.compile(
    r"[-–—_?.]*|n\.?/?a\.?|none|null|nil|nan|nat|unknown|undated|undefined|no date|not available"
    r"|tba|tbd|unbekannt|inconnue?|desconocid[ao]|sin fecha|ohne datum|sans date|false|\\n"
)
_ZEROS = re.compile(r"[0\s:/.tz+-]+")
# What programs write where they have no date: the first moments that they can count.
_FIRST_DAYS = (date(1970, 1, 1), date(1900, 1, 1), date(1899, 12, 30), date(1601, 1, 1))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS = re.compile(r"[0-9]{9,10}(?:\.[0-9]+)?|[0-9]{12,13}|[0-9]{15,16}")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:t?([0-9]{2})([0-9]{2})([0-9]{2})z?)?")
_PDF = re.compile(
    r"d:([0-9]{4})([0-9]{2})?([0-9]{2})?(?:([0-9]{2})([0-9]{2})([0-9]{2})?)?"
    r"(z|[+-][0-9]{2}'?(?:[0-9]{2})?)?.*"
)
_CLOCK = re.compile(
    r"(?:(?<=[0-9])t|(?<![0-9:]))(?P<h>[0-9]{1,2})(?:[:h](?P<min>[0-9]{2})(?::(?P<s>[0-9]{2}))?"
    r"(?:[.,][0-9]{1,9})?(?![0-9:])\s*(?P<half>[ap]\.?\s?m\b\.?)?|\s?(?P<bare>[ap]\.?m\b\.?))"
    r"(?P<zone>.*)"
)
# "at 9.15", "9.15 Uhr": elsewhere a dot parts days and months.
_DOTTED_CLOCK = re.compile(
    r"(?:(?<=\bat )|(?<=\bum )|(?<=\bkl )|(?=[0-9]{1,2}\.[0-9]{2}\s?(?:uhr|gmt|bst|h|cet|cest)\b))"
    r"([0-9]{1,2})\.([0-9]{2})\b"
)
# "605:12:19.12", as some collections have it: the day is good.
_BROKEN_CLOCK = re.compile(r"[0-9]{1,4}:[0-9:.]+")
_YEAR_LAST = re.compile(r"(?P<zone>.*?)(?:^|\s)(?P<y>[12][0-9]{3})")
_ZONE_FIRST = re.compile(r"\s*(?P<zone>[a-z]{1,5}|[+-][0-9]{2}:?[0-9]{2})\s+(?P<rest>.+)")
# Days of the week, and what stands between day and clock.
_FILLERS = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|mo|di|mi|do|fr|sa|so"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo|mie|jue|vie|sab|dom"
    r"|lunedi|martedi|mercoledi|giovedi|venerdi|(?:segunda|terca|quarta|quinta|sexta)(?:-feira)?"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
    r"|at|on|um|am|a|le|el|den|der|les|klo?k?|uhr|o'clock|hrs?|horas?|as|alle|il|om"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a date comes to: `iso` as `Article.published` has it, or None; `why` what was left."""

    iso: str | None
    why: str | None = None


def read_moment(raw: object, policy: Policy | None = None) -> Moment:
    """Return what a date means where it can mean one thing only.

    A time without a zone is taken as UTC, or as `policy.zone`. Of a zone that is not known only the
    day is taken.

    >>> read_moment("Updated: 5. März 2024").iso, read_moment("12/25/2023").iso
    ('2024-03-05', '2023-12-25')
    >>> read_moment("03/04/2024")
    Moment(iso=None, why='the day and the month can be told apart only with --dates dmy or mdy')
    """
    policy = policy or Policy()
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Moment(None, "it is not a date")
    try:
        return _read(str(raw).strip(), policy)
    except UnreadError as error:
        return Moment(None, str(error))
    except (ValueError, OverflowError, OSError):
        return Moment(None, "there is no such day or time")


def _read(text: str, policy: Policy) -> Moment:
    if len(text) > _MAX_CHARS:
        raise UnreadError("it is too long for a date")
    # The commonest by far, and quickly told.
    if text[4:5] == "-" and (iso := _iso(text)) is not None:
        return Moment(_checked(iso, policy))
    small = folded(text)
    if _UNKNOWN.fullmatch(small) or _ZEROS.fullmatch(small) or "-0001" in small:
        raise UnreadError(UNKNOWN_DATE)
    why: str | None = None
    found: date | datetime | str
    if _SECONDS.fullmatch(small):
        found = _of_epoch(small)
    elif match := _COMPACT.fullmatch(small):
        found = _compact(match)
    elif match := _PDF.fullmatch(small):
        found = _of_pdf(match)
    elif (iso := _iso(text)) is not None:
        found = iso
    else:
        found, why = _in_words(LABELS.sub("", small), policy)
    return Moment(_checked(found, policy), why)


def _checked(found: date | datetime | str, policy: Policy) -> str:
    """Return a date in ISO 8601 that no program wrote for want of one.

    Raises:
        UnreadError: it is before there was news, or far ahead, or where counting begins.
    """
    if isinstance(found, str):
        if not _MAX_YEARS[0] <= int(found[:4]) <= _MAX_YEARS[1]:
            raise UnreadError("no news is of that year")
        return found
    if not _MAX_YEARS[0] <= found.year <= _MAX_YEARS[1]:
        raise UnreadError("no news is of that year")
    if isinstance(found, datetime):
        found = _zoned(found, policy)
        if abs((found - _EPOCH).total_seconds()) < 1:
            raise UnreadError("it is where computers begin to count, and stands for no date")
        if found.date() in _FIRST_DAYS and found.time() == time():
            raise UnreadError("it is where computers begin to count, and stands for no date")
        return found.replace(microsecond=0).isoformat()
    if found in _FIRST_DAYS:
        raise UnreadError("it is where computers begin to count, and stands for no date")
    return found.isoformat()


def _zoned(moment: datetime, policy: Policy) -> datetime:
    """Return a moment in the outlet's zone where that is known and the date says UTC or none."""
    zone = zone_named(policy.zone) if policy.zone else None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone or UTC)
    return moment.astimezone(zone) if zone and not moment.utcoffset() else moment


def _of_epoch(digits: str) -> datetime:
    seconds = float(digits)
    # A thousand or a million times as many since 1970: milliseconds and microseconds.
    for limit in (1e14, 1e11):
        if seconds >= limit:
            seconds /= 1e6 if limit == 1e14 else 1e3
            break
    return datetime.fromtimestamp(int(seconds), UTC)


def _compact(match: re.Match[str]) -> date | datetime:
    year, month, day, *clock = match.groups()
    found = date(int(year), int(month), int(day))
    if clock[0] is None or match[0].endswith("000000"):
        return found
    hour, minute, second = map(int, clock)
    moment = datetime.combine(found, time(hour, minute, second))
    return moment.replace(tzinfo=UTC) if match[0].endswith("z") else moment


def _of_pdf(match: re.Match[str]) -> date | datetime | str:
    year, month, day, hour, minute, second, zone = match.groups()
    if day is None:
        return f"{year}-{month}" if month else year
    found = date(int(year), int(month), int(day))
    if hour is None:
        return found
    clock = time(int(hour), int(minute), int(second or 0))
    offset = find_zone((zone or "").replace("'", "")) if zone else None
    return datetime.combine(found, clock, offset)


def _iso(text: str) -> date | datetime | None:
    if not text.isascii():
        return None
    if text.endswith("T000000"):
        text = text[:-7]
    try:
        if len(text) == len("2024-03-05") and text[4] == text[7] == "-":
            return date.fromisoformat(text)
        # Also takes a bare year and week; a day and no more is one of the shapes below.
        return datetime.fromisoformat(text) if ":" in text or "T" in text else None
    except ValueError:
        return None


def _in_words(text: str, policy: Policy) -> tuple[date | datetime | str, str | None]:
    """Return the date in a folded text, and what of its time was left."""
    clock, zone_name, rest = _clock_in(_DOTTED_CLOCK.sub(r"\1:\2", text))
    # Two digits are a year only where a time follows.
    found, left = day_in(rest if clock is None else f"{rest} ", policy)
    if (stray := _strays(left)) and not _BROKEN_CLOCK.fullmatch(stray):
        raise UnreadError("it is not a date")
    if clock is None or stray or not isinstance(found, date):
        return found, None
    if not zone_name:
        return datetime.combine(found, clock), None
    zone = find_zone(zone_name)
    if zone is None:
        return found, f"the zone {zone_name!r} is not known: only the day is taken"
    return datetime.combine(found, clock, zone), None


def _clock_in(text: str) -> tuple[time | None, str, str]:
    """Return the time of day in a text, the name of its zone, and what stands around them."""
    match = _CLOCK.search(text)
    if not match:
        return None, "", text
    hour, minute, second = (int(match[part] or 0) for part in ("h", "min", "s"))
    if half := match["half"] or match["bare"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    before, zone = text[: match.start()], match["zone"]
    after = ""
    # "Tue Mar 05 09:15:00 +0000 2024", "09:15, 5 March 2024": the date goes on behind.
    if late := _YEAR_LAST.fullmatch(zone.strip()):
        first = _ZONE_FIRST.fullmatch(zone)
        if before.strip() and not re.search(MONTH, late["zone"]):
            zone, after = late["zone"], late["y"]
        elif first and find_zone(first["zone"]):
            zone, after = first["zone"], first["rest"]
        else:
            zone, after = "", match["zone"]
    elif not re.search(r"[0-9]", before):
        first = _ZONE_FIRST.fullmatch(zone)
        is_zone = first and find_zone(first["zone"])
        zone, after = (first["zone"], first["rest"]) if first and is_zone else ("", zone)
    zone = re.sub(r"^\s*(?:uhr|hrs?|h)\b", "", zone)
    # "10:00 +0100 (CET)": the offset says it all.
    zone = re.sub(r"^\s*([+-][0-9]{2}:?[0-9]{2})\s*\(.*\)\s*$", r"\1", zone)
    # "Z[UTC]", as Java writes it.
    zone = zone.partition("[")[0].strip(" ,.|()·")
    if hour == 24 and not minute:
        return None, "", before
    return time(hour, minute, second), zone, f"{before} {after}".strip()


def _strays(text: str) -> str:
    """Return what is neither a day of the week nor a word around a date."""
    words = (word.strip("-–—:.") for word in re.split(r"[\s,|()·;]+", text))
    return " ".join(word for word in words if word and not _FILLERS.fullmatch(word))
