"""What `build` and `add` read: their options, and the records that come of them."""

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import rich_click as click

from corpus.errors import SourceError
from corpus.sources import FIELDS, Found, Naming, Reading, Record, Selection, Skip, find_records
from service.console import err
from service.ingest_report import IngestReport
from service.options import Day

__all__ = ["Ingest", "ingest_options"]

_PATH = click.Path(path_type=Path)


class _Name(click.ParamType[tuple[str, str]]):
    name = "FIELD=NAME"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        field, equals, own = value.partition("=")
        if field not in FIELDS or not equals or not own:
            self.fail(f"{value!r} is not FIELD=NAME, FIELD one of {', '.join(FIELDS)}", param, ctx)
        return field, own


_OPTIONS = (
    click.argument("sources", nargs=-1, required=True, type=_PATH),
    click.option("--glob", metavar="PATTERN", help="Of folders and archives only these files."),
    click.option("--limit", type=click.IntRange(1), help="Stop after so many articles."),
    click.option(
        "--since", type=Day(), help="Only what was published from then on; not what has no date."
    ),
    click.option(
        "--lang",
        "language",
        metavar="CODE",
        help="Only what states this language (en: also en-GB); not what states none.",
    ),
    click.option(
        "--map",
        "names",
        type=_Name(),
        multiple=True,
        help="A field's name in JSON and tables, as in --map title=kop (repeatable).",
    ),
    click.option(
        "--report", type=_PATH, help="Write a line of JSON here for each record, indexed or not."
    ),
)


@dataclass(frozen=True, slots=True)
class Ingest:
    """Sources, and what is wanted of them."""

    sources: Sequence[Path]
    reading: Reading
    selection: Selection
    limit: int | None = None
    report: Path | None = None

    @contextmanager
    def records(self) -> Iterator[Iterator[Record]]:
        """Give the records to index, and at the end tell what became of them.

        Raises:
            SourceError: a source cannot be read, or the report not written; nothing is read then.
        """
        found = find_records(self.sources, self.reading)
        if self.report and any(_is_same(self.report, source) for source in self.sources):
            raise SourceError(f"{self.report} is a source: the report would be written over it.")
        with IngestReport.open(self.report) as report:
            try:
                yield self._wanted(found, report)
            finally:
                for line in report.summary():
                    err.print(line, soft_wrap=True)

    def _wanted(self, found: Iterator[Found | Skip], report: IngestReport) -> Iterator[Record]:
        n_given = 0
        # The limit is looked at before more is read: what is left may take hours.
        while self.limit is None or n_given < self.limit:
            with report.reading():
                one = next(found, None)
            if one is None:
                return
            if isinstance(one, Skip):
                report.skip(one)
                yield one
            elif reason := self.selection.reason_against(one.article):
                report.leave_out(Skip(one.file, one.line, reason))
            else:
                report.index(one)
                n_given += 1
                yield one.article


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def ingest_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the sources and all options on them, as one argument `ingest`."""

    @functools.wraps(command)
    def collected(
        *,
        sources: tuple[Path, ...],
        glob: str | None,
        limit: int | None,
        since: date | None,
        language: str | None,
        names: tuple[tuple[str, str], ...],
        report: Path | None,
        **others: object,
    ) -> None:
        reading = Reading(glob, Naming(dict(names)))
        selection = Selection(since, language)
        command(ingest=Ingest(sources, reading, selection, limit, report), **others)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected
