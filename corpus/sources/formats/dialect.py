"""How a table is written: what parts its cells, what quotes them, what escapes a quote."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.sources.fields import Naming

__all__ = ["Dialect", "sniffed"]

_USUAL = ",\t;|"
# Excel says it before the names of the columns.
_SAYS = re.compile(r"\"?sep=(?P<delimiter>[^\r\n])\"?\s*\r?\n", re.IGNORECASE)
_NO_DELIMITERS = set("\"'_-.()[]{}<>/\\ \r\n")
_MAX_CANDIDATES = 12
_NAMES = {"\t": "a tab", " ": "a space", "\x01": "\\x01", "\x1f": "\\x1f"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """What `csv` has to know of a table; `n_before` characters stand before the names."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    skips_space: bool = False
    n_before: int = 0

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments of `csv.reader`."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "doublequote": self.escape is None,
            "escapechar": self.escape,
            "skipinitialspace": self.skips_space,
        }

    def __str__(self) -> str:
        delimiter = _NAMES.get(self.delimiter, repr(self.delimiter))
        escape = f", {self.escape} before a quote inside" if self.escape else ""
        return f"cells parted by {delimiter}, quoted by {self.quote}{escape}"


def sniffed(head: str, naming: Naming) -> Dialect:
    r"""Return how a table is written, by its first lines.

    What parts the cells is that by which most columns have names that are known: a guess by how
    often a character comes, as `csv.Sniffer` makes it, is lost among sentences.

    >>> sniffed("sep=^\ntitle^text\nFerry^It sank.\n", Naming()).delimiter
    '^'
    """
    says = _SAYS.match(head)
    table = head[says.end() :] if says else head
    delimiter: str = says["delimiter"] if says else _delimiter(table, naming)
    quote = _quote(table, delimiter)
    is_escaped = f"\\{quote}" in table and quote * 2 not in table
    return Dialect(
        delimiter,
        quote,
        "\\" if is_escaped else None,
        bool(re.search(rf"{re.escape(delimiter)} +{re.escape(quote)}", table)),
        says.end() if says else 0,
    )


def _delimiter(table: str, naming: Naming) -> str:
    first = table.lstrip("\r\n").partition("\n")[0]
    odd = [
        char
        for char in dict.fromkeys(first)
        if not char.isalnum() and char not in _NO_DELIMITERS and char not in _USUAL
    ]

    def rank(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([first], delimiter=delimiter), [])
        known = sum(naming.knows(name.strip().strip("'")) is not None for name in names)
        return known, len(names) if delimiter in _USUAL else 0

    candidates: list[str] = [*_USUAL, *odd[:_MAX_CANDIDATES]]
    return max(candidates, key=rank)


def _quote(table: str, delimiter: str) -> str:
    def n_cells(quote: str) -> int:
        edge = re.escape(delimiter)
        return len(re.findall(rf"(?:^|{edge}){quote}[^\n]*?{quote}(?={edge}|\r?$)", table, re.M))

    return "'" if n_cells("'") > 1 and not n_cells('"') else '"'
