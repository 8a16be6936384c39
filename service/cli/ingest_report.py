"""The report of a run over sources: a line for each record, indexed or skipped."""

import dataclasses
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

from corpus.errors import SourceError
from corpus.sources import ReadArticle, SkippedRecord
from service.words import count

__all__ = ["IngestReport"]

_MAX_TOLD = 20


class IngestReport:
    """Writes what became of each record, and counts what is told at the end.

    `n_left_out` articles were not wanted, `n_undated` were indexed without a date, and `dropped`
    tells how many lines each rule of cleaning dropped from those indexed. `unread` counts the
    fields that cost themselves, and `unpublished` the reasons of items that say they are not
    published.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self.n_left_out = 0
        self.n_undated = 0
        self.dropped: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self.unpublished: Counter[str] = Counter()
        self.dialects: dict[str, str] = {}
        self._first_unread: dict[str, str] = {}
        self._n_read = 0
        self._reading_s = 0.0
        self._out = out
        self._seen: set[int] = set()

    @classmethod
    @contextmanager
    def open(cls, path: Path | None) -> Iterator["IngestReport"]:
        """Give a report that is written to `path`, or nowhere.

        Raises:
            SourceError: the file cannot be written.
        """
        if path is None:
            yield cls()
            return
        try:
            out = path.open("w", encoding="utf-8")
        except OSError as error:
            raise SourceError(f"the report cannot be written: {error}.") from error
        with out:
            yield cls(out)

    def index(self, found: ReadArticle) -> None:
        """Tell that an article was given to the index."""
        self.n_undated += found.article.published is None
        self.dropped.update(found.dropped)
        line: dict[str, object] = {"status": "indexed", "id": found.article.id}
        line |= {"published": found.article.published, "date_from": found.date_from}
        line["language"] = found.article.language
        if found.is_detected:
            line["language_from"] = "text"
        if found.dropped:
            line["dropped"] = dict(found.dropped)
        if found.unread:
            line["unread"] = [dataclasses.asdict(one) for one in found.unread]
        if found.article.embargo:
            line["embargo"] = found.article.embargo
        if found.dialect:
            line["dialect"] = found.dialect
            self.dialects.setdefault(found.file, found.dialect)
        for one in found.unread:
            self.unread[one.field] += 1
            self._first_unread.setdefault(one.field, f"{found.file}:{found.line or 1}: {one}")
        # The later of two articles with one id is kept: the report must not count both.
        if self._out and hash(found.article.id) in self._seen:
            line["note"] = "in place of an earlier article with this id"
        if self._out:
            self._seen.add(hash(found.article.id))
        self._write(found.file, found.line, line)

    def skip(self, skip: SkippedRecord) -> None:
        """Tell that a record could not be read."""
        if skip.kind == "unpublished":
            self.unpublished[skip.reason] += 1
        self._write(skip.file, skip.line, {"status": "skipped", "reason": skip.reason})

    def leave_out(self, skip: SkippedRecord) -> None:
        """Tell that an article was not wanted."""
        self.n_left_out += 1
        self.skip(skip)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count the time in it as that of reading; the rest of the run is others'."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._reading_s += time.monotonic() - began

    def summary(self) -> Iterator[str]:
        """Yield the lines to tell at the end."""
        if self._n_read:
            rate = self._n_read / max(self._reading_s, 1e-3)
            read = count(self._n_read, "record")
            yield f"Read {read} in {self._reading_s:.1f} s: {rate:.0f} records/s."
        if self.dropped:
            told = ", ".join(f"{name} {n}" for name, n in sorted(self.dropped.items()))
            yield f"Lines removed by cleaning rules: {told} (dateline info --cleaning lists them)."
        for file, dialect in islice(self.dialects.items(), _MAX_TOLD):
            yield f"{file} was read as a table: {dialect}."
        if self.unpublished:
            told = ", ".join(f"{reason} ({n})" for reason, n in self.unpublished.most_common())
            yield f"Skipped: {told}; --include-unpublished indexes them."
        for name, n in sorted(self.unread.items()):
            first = self._first_unread[name]
            yield f"Field {name} left out of {count(n, 'article')}, first in {first}."
        if self.n_undated:
            yield f"Articles without a date: {self.n_undated}."
        if self.n_left_out:
            yield f"{count(self.n_left_out, 'article')} left out by --since or --lang."

    def _write(self, file: str, number: int | None, told: Mapping[str, object]) -> None:
        self._n_read += 1
        if self._out:
            line = {"file": file, "record": number, **told}
            self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
