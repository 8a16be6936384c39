"""The addresses of the pages, and the filters that they hold; `address.js` reads the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import urlencode

from corpus.dates import parse_day
from index.search.query import Filters
from service.words import day

__all__ = ["FilterError", "PageFilters", "browse_address"]


class FilterError(ValueError):
    """A filter in an address cannot be right; the message says why."""


@dataclass(frozen=True, slots=True)
class PageFilters:
    """The filters of the ask page; days as they were typed, empty when not set."""

    sources: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    as_of: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Sequence[str]]) -> Self:
        """Return the filters in the parameters of an address."""

        def one(name: str) -> str:
            return next(iter(given.get(name, ())), "").strip()

        sources = tuple(dict.fromkeys(name for name in given.get("source", ()) if name))
        return cls(sources, one("from"), one("to"), one("as_of"))

    def checked(self) -> tuple[Filters, date | None]:
        """Return them as the archive takes them, and the day of `as_of`.

        Raises:
            FilterError: a day is none, or they cross.
        """
        first, last = _day("From", self.first), _day("Until", self.last)
        if first and last and first > last:
            raise FilterError(
                f"“Until” ({day(self.last)}) is before “From” ({day(self.first)}): no day is in "
                "between. Change one of them."
            )
        return Filters(self.sources, first, last), _day("As of", self.as_of)

    def address(self, question: str = "") -> str:
        """Return the address of the page with a question and these filters."""
        pairs = [
            ("q", question),
            *(("source", source) for source in self.sources),
            ("from", self.first),
            ("to", self.last),
            ("as_of", self.as_of),
        ]
        asked = urlencode([(name, value) for name, value in pairs if value])
        return f"/?{asked}" if asked else "/"

    def each_left_out(self) -> Iterator[tuple[str, "PageFilters"]]:
        """Yield what each filter is called, with the filters without it."""
        for source in self.sources:
            rest = tuple(other for other in self.sources if other != source)
            yield f"Outlet: {source}", replace(self, sources=rest)
        if self.first:
            yield f"From {self.first}", replace(self, first="")
        if self.last:
            yield f"Until {self.last}", replace(self, last="")
        if self.as_of:
            yield f"As of {self.as_of}", replace(self, as_of="")


def _day(name: str, text: str) -> date | None:
    try:
        return parse_day(text) if text else None
    except ValueError:
        raise FilterError(f"“{name}” must be a day such as 2025-02-19.") from None


def browse_address(**parameters: str | Sequence[str] | None) -> str:
    """Return the address of the list of articles.

    >>> browse_address(q="Calder Foods", source=("Costa Daily",), month=None)
    '/articles?q=Calder+Foods&source=Costa+Daily'
    """
    given = {name: value for name, value in parameters.items() if value}
    return f"/articles?{urlencode(given, doseq=True)}" if given else "/articles"
