"""The fields around a story, each read by itself: what cannot be read costs that field only."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from corpus.cleaning import clean_title
from corpus.identity import without_tracking
from corpus.sources.dates.moments import UNKNOWN_DATE, read_moment
from corpus.sources.dates.zones import zone_named
from corpus.sources.policy import Policy
from corpus.sources.reasons import plain

__all__ = ["SideFields", "Unread", "without_halves"]

_MAX_TITLE_CHARS = 2000
_MAX_URL_CHARS = 2000
_MAX_NAME_CHARS = 400
_MAX_AUTHORS = 200
_MAX_SHOWN_CHARS = 120
_HALVES = re.compile("[\ud800-\udfff]")
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}(?:\.[A-Za-z0-9-]+)?")
_SPACE_OR_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_NO_ADDRESSES = {"javascript", "data", "vbscript", "about", "blob"}
_LANGUAGES = {
    **{"english": "en", "german": "de", "deutsch": "de", "french": "fr", "francais": "fr"},
    **{"français": "fr", "spanish": "es", "espanol": "es", "español": "es", "italian": "it"},
    **{"italiano": "it", "portuguese": "pt", "português": "pt", "dutch": "nl", "nederlands": "nl"},
    **{"swedish": "sv", "norwegian": "no", "danish": "da", "finnish": "fi", "polish": "pl"},
    **{"russian": "ru", "ukrainian": "uk", "arabic": "ar", "hindi": "hi", "chinese": "zh"},
    **{"japanese": "ja", "korean": "ko", "turkish": "tr", "greek": "el", "hebrew": "he"},
}
# What databases and tables write where there is nothing.
_NOTHING = {"null", "none", "nan", "n/a", "undefined", "unknown", "und", "[removed]"}


@dataclass(frozen=True, slots=True)
class Unread:
    """A field that could not be read: its `value` as it came, cut short, and why."""

    field: str
    value: str
    why: str

    def __str__(self) -> str:
        return f"{self.field} {self.value!r}: {self.why}"


class _OddError(ValueError):
    """Why a value is no value of its field."""


@dataclass(frozen=True, slots=True)
class SideFields:
    """All fields of an article but its text, as far as they can be read; `unread` are the rest.

    `embargo` is "" for one that has no end.
    """

    title: str = ""
    id: str | None = None
    url: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str | None = None
    section: str | None = None
    embargo: str | None = None
    unread: tuple[Unread, ...] = ()

    @property
    def host(self) -> str | None:
        """The host of the address, which stands for an outlet that is not named."""
        return urlsplit(self.url).hostname if self.url else None

    @classmethod
    def read(cls, fields: Mapping[str, Any], policy: Policy) -> "SideFields":
        """Return the side fields of a record."""
        unread: list[Unread] = []
        read: dict[str, Any] = {}
        for name, reader in _READERS.items():
            if (value := fields.get(name)) is None:
                continue
            try:
                read[name] = reader(value)
            except ValueError as error:
                unread.append(Unread(name, _shown(value), str(error)))
        zone = fields.get("zone")
        if isinstance(zone, str) and zone_named(zone.strip()) and not policy.zone:
            policy = Policy(policy.dates, zone.strip(), policy.include_unpublished)
        for name in ("published", "embargo"):
            value = fields.get(name)
            if value is None or (isinstance(value, str) and not value.strip()):
                if name == "embargo" and value is not None:
                    read[name] = ""
                continue
            moment = read_moment(value, policy)
            if name == "embargo" and moment.why == UNKNOWN_DATE:
                # "none", "n/a": there is no embargo.
                continue
            if moment.why:
                unread.append(Unread(name, _shown(value), moment.why))
            # Nobody knows when an embargo ends that cannot be read.
            read[name] = _whole_day(moment.iso or "") if name == "embargo" else moment.iso
        authors, odd = _authors(fields.get("authors"))
        return cls(**read, authors=authors, unread=(*unread, *odd))


def without_halves(text: str) -> str:
    """Drop halves of surrogate pairs: they are no characters, and cannot be stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALVES.sub("", text)
    return text


def _whole_day(iso: str) -> str:
    """Return an embargo's end as a day at least: that of a month or year is its last day."""
    if not iso or len(iso) >= len("2024-03-05"):
        return iso
    return f"{iso}-28" if len(iso) == len("2024-03") else f"{iso}-12-31"


def _shown(value: object) -> str:
    text = plain(without_halves(str(value)))
    return text if len(text) <= _MAX_SHOWN_CHARS else f"{text[:_MAX_SHOWN_CHARS]}…"


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise _OddError("it is not a text")
    return without_halves(value).strip()


def _title(value: object) -> str:
    title = clean_title(_string(value))
    if len(title) > _MAX_TITLE_CHARS:
        raise _OddError(f"it is longer than {_MAX_TITLE_CHARS} characters")
    return title


def _id(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _string(value) or None


def _url(value: object) -> str | None:
    url = _string(value)
    if not url or url.casefold() in _NOTHING:
        return None
    if len(url) > _MAX_URL_CHARS:
        raise _OddError(f"it is longer than {_MAX_URL_CHARS} characters")
    if _SPACE_OR_CONTROL.search(url):
        raise _OddError("an address has no spaces in it")
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() in _NO_ADDRESSES:
        raise _OddError("it is a script or data, not an address")
    try:
        urlsplit(url).port  # noqa: B018 - raises when it is odd
    except ValueError as error:
        raise _OddError("it is not an address") from error
    return without_tracking(url)


def _name(value: object) -> str | None:
    name = clean_title(_string(value))
    if len(name) > _MAX_NAME_CHARS:
        raise _OddError(f"it is longer than {_MAX_NAME_CHARS} characters")
    return None if not name or name.casefold() in _NOTHING else name


def _language(value: object) -> str | None:
    code = _string(value)
    if not code or code.casefold() in _NOTHING:
        return None
    if _CODE.fullmatch(code):
        return code
    if known := _LANGUAGES.get(code.casefold()):
        return known
    raise _OddError("it is not the code of a language, such as en or pt-BR")


def _authors(value: object) -> tuple[tuple[str, ...], tuple[Unread, ...]]:
    if value is None:
        return (), ()
    if not isinstance(value, str | list | tuple):
        return (), (Unread("authors", _shown(value), "they are not names"),)
    names: list[str] = []
    odd: list[Unread] = []
    for one in [value] if isinstance(value, str) else value[:_MAX_AUTHORS]:
        if one is None:
            continue
        try:
            name = _name(one)
        except ValueError as error:
            odd.append(Unread("authors", _shown(one), str(error)))
            continue
        if name:
            names.append(name)
    return tuple(names), tuple(odd)


_READERS: dict[str, Callable[[object], str | None]] = {
    "title": _title,
    "id": _id,
    "url": _url,
    "source": _name,
    "language": _language,
    "section": _name,
}
