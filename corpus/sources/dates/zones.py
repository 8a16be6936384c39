"""Time zones by the names that news gives them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

__all__ = ["find_zone", "zone_named"]

# Hours from UTC. Of abbreviations used twice the one that more news is written in is taken: IST is
# India, CST and CDT are North America, BST is British Summer Time, AST is Atlantic.
_HOURS: dict[str, float] = {
    **{"utc": 0, "gmt": 0, "z": 0, "ut": 0, "wet": 0, "azost": 0},
    **{"bst": 1, "cet": 1, "mez": 1, "west": 1, "wat": 1, "met": 1},
    **{"cest": 2, "mesz": 2, "mest": 2, "eet": 2, "sast": 2, "cat": 2},
    **{"eest": 3, "idt": 3, "msk": 3, "eat": 3, "trt": 3},
    **{"irst": 3.5, "msd": 4, "gst": 4, "aft": 4.5, "pkt": 5, "uzt": 5},
    **{"ist": 5.5, "slst": 5.5, "npt": 5.75, "bdt": 6, "mmt": 6.5, "ict": 7, "wib": 7},
    **{"wita": 8, "hkt": 8, "sgt": 8, "awst": 8, "pht": 8, "myt": 8, "phst": 8},
    **{"jst": 9, "kst": 9, "wit": 9, "acst": 9.5, "aest": 10, "chst": 10, "acdt": 10.5},
    **{"aedt": 11, "nzst": 12, "nzdt": 13},
    **{"nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3, "uyt": -3, "clst": -3, "clt": -4},
    **{"ast": -4, "adt": -3, "vet": -4, "bot": -4, "cot": -5, "pet": -5, "ect": -5},
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
    **{"akst": -9, "akdt": -8, "hst": -10, "sst": -11},
}
# Names that stand for a zone's own time, in summer or winter.
_PLACES = {
    **{"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver"},
    **{"pt": "America/Los_Angeles", "eastern": "America/New_York", "central": "America/Chicago"},
    **{"mountain": "America/Denver", "pacific": "America/Los_Angeles"},
    **{"atlantic": "America/Halifax", "newfoundland": "America/St_Johns"},
    **{"uk": "Europe/London", "london": "Europe/London", "alaska": "America/Anchorage"},
    **{"hawaii": "Pacific/Honolulu", "sydney": "Australia/Sydney", "tokyo": "Asia/Tokyo"},
}
# "Japan Standard Time", "Central European Summer Time": the words before, and the abbreviation.
_WORDS = {
    **{"japan": "jst", "korea": "kst", "india": "ist", "indian": "ist", "singapore": "sgt"},
    **{"hong kong": "hkt", "china": "hkt", "philippine": "pht", "pakistan": "pkt"},
    **{"malaysia": "myt", "indochina": "ict", "western indonesia": "wib", "nepal": "npt"},
    **{"bangladesh": "bdt", "gulf": "gst", "moscow": "msk", "east africa": "eat"},
    **{"eastern africa": "eat", "west africa": "wat", "central africa": "cat"},
    **{"south africa": "sast", "turkey": "trt", "israel": "israel", "new zealand": "nzst"},
    **{"irish": "irish", "argentina": "art", "brasilia": "brt", "greenwich mean": "gmt"},
    **{"coordinated universal": "utc", "universal": "utc"},
}
_SEASONS: dict[str, tuple[float, float]] = {
    **{"western european": (0, 1), "central european": (1, 2), "eastern european": (2, 3)},
    **{"british": (1, 1), "irish": (0, 1), "israel": (2, 3), "new zealand": (12, 13)},
    **{"australian eastern": (10, 11), "australian central": (9.5, 10.5)},
    **{"australian western": (8, 9), "eastern": (-5, -4), "central": (-6, -5)},
    **{"mountain": (-7, -6), "pacific": (-8, -7), "atlantic": (-4, -3), "alaska": (-9, -8)},
    **{"newfoundland": (-3.5, -2.5), "hawaii": (-10, -9)},
}
_LONG = re.compile(r"(?P<who>[a-z]++(?: [a-z]++)*?)(?: (?P<season>standard|summer|daylight))? time")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+\-−])(?P<h>\d{1,2})(?::?(?P<min>\d{2}))?")
_IANA = re.compile(r"[A-Za-z_]+(?:/[A-Za-z_+\-0-9]+)+")


def find_zone(name: str) -> tzinfo | None:
    """Return the zone of a name, abbreviation or offset, or None when it is not known.

    >>> find_zone("AEST"), find_zone("Japan Standard Time"), find_zone("UTC+05:30")
    (datetime.timezone(datetime.timedelta(seconds=36000)), \
datetime.timezone(datetime.timedelta(seconds=32400)), \
datetime.timezone(datetime.timedelta(seconds=19800)))
    """
    stripped = name.strip().strip("()[]").strip()
    if _IANA.fullmatch(stripped):
        return zone_named(stripped)
    small = " ".join(stripped.casefold().replace(".", "").split())
    if match := _OFFSET.fullmatch(small):
        hours, minutes = int(match["h"]), int(match["min"] or 0)
        if hours > 15 or minutes > 59:
            return None
        delta = timedelta(hours=hours, minutes=minutes)
        return timezone(-delta if match["sign"] != "+" else delta)
    if small in _HOURS:
        return _fixed(_HOURS[small])
    if small in _PLACES:
        return zone_named(_PLACES[small])
    return _in_words(small)


def _in_words(small: str) -> tzinfo | None:
    match = _LONG.fullmatch(small)
    if not match:
        return None
    who, season = match["who"].strip(), match["season"]
    if season and who in _SEASONS:
        return _fixed(_SEASONS[who][season != "standard"])
    if not season and who in _PLACES:
        return zone_named(_PLACES[who])
    if (short := _WORDS.get(who)) and short in _HOURS:
        return _fixed(_HOURS[short])
    return None


def _fixed(hours: float) -> tzinfo:
    return timezone(timedelta(hours=hours)) if hours else UTC


@lru_cache(maxsize=256)
def zone_named(name: str) -> tzinfo | None:
    """Return the zone of an IANA name, or None when there is none of that name.

    >>> str(zone_named("Europe/Berlin")), zone_named("Europe/Nowhere")
    ('Europe/Berlin', None)
    """
    try:
        zone = ZoneInfo(_zone_names().get(name.casefold(), name))
        # Some names are of files without offsets.
        datetime(2024, 1, 1, tzinfo=zone).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return zone


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    """Return the names of zones by themselves in small letters: dates are read in these."""
    return {name.casefold(): name for name in available_timezones()}
