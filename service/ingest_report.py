"""The report of a run over sources: a line for each record, indexed or skipped."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from corpus.errors import SourceError
from corpus.sources import Found, Skip

__all__ = ["IngestReport"]


class IngestReport:
    """Writes what became of each record, and counts what was left out by choice."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.n_left_out = 0
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

    def index(self, found: Found) -> None:
        """Tell that an article was given to the index."""
        line = {"status": "indexed", "id": found.article.id}
        # The later of two articles with one id is kept: the report must not count both.
        if self._out and hash(found.article.id) in self._seen:
            line["note"] = "in place of an earlier article with this id"
        if self._out:
            self._seen.add(hash(found.article.id))
        self._write(found.file, found.line, line)

    def skip(self, skip: Skip) -> None:
        """Tell that a record could not be read."""
        self._write(skip.file, skip.line, {"status": "skipped", "reason": skip.reason})

    def leave_out(self, skip: Skip) -> None:
        """Tell that an article was not wanted."""
        self.n_left_out += 1
        self.skip(skip)

    def _write(self, file: str, number: int | None, told: dict[str, str]) -> None:
        if self._out:
            line = {"file": file, "record": number} | told
            self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
