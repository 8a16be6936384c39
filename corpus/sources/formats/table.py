"""CSV and TSV: the first row names the columns, each other row is an article."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from corpus.sources.containers.streams import Stream, tapped
from corpus.sources.decoding import WESTERN_ELSE
from corpus.sources.entry import Entry
from corpus.sources.formats.dialect import Dialect, sniffed
from corpus.sources.formats.objects import read_object
from corpus.sources.reasons import because
from corpus.sources.record import ReadArticle, SkippedRecord

__all__ = ["read_table"]

# What databases and programs for statistics write into cells that hold nothing.
_NOTHING = {"nan", "null", "none", "n/a", "#n/a", "<na>", "nat", "nil", "\\n", "(null)", "[null]"}
_MAX_CELL_CHARS = 1_000_000
_MAX_ROW_CHARS = 4_000_000
# A quote that is not closed takes in what follows; so much of that is read again.
_MAX_MENDED_CHARS = 4_000_000
_HEAD_CHARS = 64 * 1024


def read_table(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield an article or a skip for each row; rows are counted from the one under the names."""
    csv.field_size_limit(_MAX_CELL_CHARS)
    text = _Text(entry.stream)
    dialect = sniffed(text.peek(_HEAD_CHARS), entry.naming)
    text.skip(dialect.n_before)
    rows = csv.reader(text, **dialect.options)
    try:
        names = [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        yield SkippedRecord(
            entry.name, None, f"the names of the columns cannot be read: {because(error)}"
        )
        return
    if not {"text", "summary", "title"} & {entry.naming.knows(name) for name in names}:
        shown = ", ".join(names)[:100]
        yield SkippedRecord(
            entry.name, None, f"no column is known to hold the text ({shown}): use --map"
        )
        return
    for number, row in enumerate(_rows(rows, text, len(names), dialect), start=1):
        if isinstance(row, str):
            yield SkippedRecord(entry.name, number, row)
        elif any(row):
            record = _read_row(names, row, entry, number)
            yield (
                replace(record, dialect=str(dialect)) if isinstance(record, ReadArticle) else record
            )


def _rows(
    rows: Iterator[list[str]], text: "_Text", n_names: int, dialect: Dialect
) -> Iterator[list[str] | str]:
    """Yield the cells of each row without what stands for nothing, or what is wrong with it."""
    n_mended = 0
    while True:
        text.begin_row()
        row, reason = None, ""
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"not a row of a table: {because(error)}"
        is_odd = row is None or len(row) != n_names or _begins_row(text.taken, n_names, dialect)
        if len(text.taken) > 1 and is_odd:
            reason = reason or f"a quote is not closed: {len(row or [])} cells in several lines"
            if n_mended < _MAX_MENDED_CHARS:
                n_mended += text.put_back()
        yield reason or ["" if cell.strip().casefold() in _NOTHING else cell for cell in row or []]


def _begins_row(taken: list[str], n_names: int, dialect: Dialect) -> bool:
    """Whether the line that a cell goes on in is a row by itself: then a quote is missing."""
    if len(taken) < 2 or n_names < 2:
        return False
    try:
        alone = next(csv.reader(taken[1:2], **dialect.options, strict=True), [])
    except csv.Error:
        return False
    return len(alone) == n_names


def _read_row(
    names: list[str], row: list[str], entry: Entry, number: int
) -> ReadArticle | SkippedRecord:
    if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
        reason = f"the row has {len(row)} cells, and there are {len(names)} columns"
        return SkippedRecord(entry.name, number, f"{reason}: is a quote missing?")
    # Short rows leave out what is empty at their end.
    return read_object(dict(zip(names, row, strict=False)), entry, number)


class _Text:
    """The lines of a stream of bytes, with the break at their end, as `csv` wants them."""

    def __init__(self, stream: Stream) -> None:
        # What is wrapped here is closed with it, and the stream is its owner's to close.
        raw = tapped(stream, lambda _: None)
        mark = raw.peek(4)[:4]
        utf_16 = mark.startswith((b"\xff\xfe", b"\xfe\xff"))
        self._lines = io.TextIOWrapper(
            raw, "utf-16" if utf_16 else "utf-8-sig", WESTERN_ELSE, newline=""
        )
        self._waiting: list[str] = []
        self.taken: list[str] = []
        self._n_taken = 0

    def peek(self, n_chars: int) -> str:
        """Return the first lines without taking them."""
        lines: list[str] = []
        while n_chars > 0 and (line := self._next()):
            lines.append(line)
            n_chars -= len(line)
        self._waiting = lines[::-1]
        return "".join(lines)

    def skip(self, n_chars: int) -> None:
        """Pass over the first lines, which have so many characters."""
        while n_chars > 0 and (line := self._waiting.pop() if self._waiting else self._next()):
            n_chars -= len(line)

    def begin_row(self) -> None:
        """Forget what was taken."""
        self.taken.clear()
        self._n_taken = 0

    def put_back(self) -> int:
        """Give out again what was taken, but for its first line; return how much that is."""
        again = self.taken[:0:-1]
        self._waiting += again
        return sum(map(len, again))

    def _next(self) -> str:
        # csv refuses NUL, which says nothing.
        return self._lines.readline(_MAX_CELL_CHARS).replace("\0", "")

    def __iter__(self) -> "_Text":
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else self._next()
        if not line:
            raise StopIteration
        if len(line) == _MAX_CELL_CHARS and not line.endswith("\n"):
            # The rest of it is no line of its own.
            while (rest := self._next()) and not rest.endswith("\n"):
                pass
            raise csv.Error(f"the line is longer than {_MAX_CELL_CHARS} characters")
        self.taken.append(line)
        self._n_taken += len(line)
        if self._n_taken > _MAX_ROW_CHARS:
            raise csv.Error(f"the row is longer than {_MAX_ROW_CHARS} characters")
        return line
