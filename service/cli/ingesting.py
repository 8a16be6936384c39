"""What `build` and `add` read: their options, and the records that come of them."""

import functools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

import rich_click as click

from corpus.errors import RequestError, SourceError
from corpus.samples import ARTICLES
from corpus.sources import (
    FIELDS,
    DateOrder,
    Naming,
    Policy,
    ReadArticle,
    Reading,
    Record,
    Selection,
    SkippedRecord,
    find_records,
)
from corpus.sources.dates.zones import zone_named
from index.building.builder import Builder, OnConflict
from service.cli.console import err
from service.cli.ingest_report import IngestReport
from service.cli.options import Day, Number
from service.following.source import Source, is_address, read_named
from service.settings import Settings

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


class _Zone(click.ParamType[str]):
    name = "ZONE"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if zone_named(value) is None:
            self.fail(f"{value!r} is not a time zone such as Europe/Berlin", param, ctx)
        return value


class _Source(click.ParamType[Path | Source]):
    name = "SOURCE"

    def convert(
        self,
        value: str | Path | Source,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path | Source:
        if not isinstance(value, str):
            return value
        try:
            return read_named([value])[0] if is_address(value) else Path(value)
        except RequestError as error:
            self.fail(str(error), param, ctx)


_OPTIONS = (
    click.argument("sources", nargs=-1, type=_Source()),
    click.option("--samples", is_flag=True, help="Read the sample archive: 46 fictional articles."),
    click.option("--glob", metavar="PATTERN", help="Only read files matching this pattern."),
    click.option("--limit", type=Number(1), help="Stop after N articles."),
    click.option(
        "--since", type=Day(), help="Published on or after this day; leaves out undated articles."
    ),
    click.option(
        "--lang",
        "language",
        metavar="CODE",
        help="Only articles in this language (en: also en-GB), as stated or detected.",
    ),
    click.option(
        "--dates",
        type=click.Choice(["dmy", "mdy"]),
        help="The order in dates such as 03/04/2024, which are left unread otherwise.",
    ),
    click.option(
        "--zone",
        type=_Zone(),
        metavar="ZONE",
        help="The outlet's time zone, as in Europe/Berlin: sets what day 'today' is.",
    ),
    click.option(
        "--include-unpublished",
        is_flag=True,
        help="Index drafts, private, withheld and embargoed items too.",
    ),
    click.option(
        "--on-conflict",
        type=click.Choice(["keep", "replace", "fail"]),
        default="replace",
        show_default=True,
        help="When another article has the id: keep that, replace it, or stop.",
    ),
    click.option(
        "--keep-versions",
        type=Number(0),
        metavar="N",
        help="Earlier versions kept of a changed article; by default DATELINE_KEEP_VERSIONS or 5.",
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

    sources: Sequence[Path | Source]
    reading: Reading
    selection: Selection
    limit: int | None = None
    report: Path | None = None
    on_conflict: OnConflict = "replace"
    keep_versions: int | None = None

    @contextmanager
    def records(self) -> Iterator[Iterator[Record]]:
        """Give the records to index, and at the end tell what became of them.

        Raises:
            SourceError: a source cannot be read, or the report not written; nothing is read then.
        """
        paths = [source for source in self.sources if isinstance(source, Path)]
        remote = [source for source in self.sources if isinstance(source, Source)]
        found = chain(find_records(paths, self.reading), *map(self._fetched, remote))
        if self.report and any(_is_same(self.report, source) for source in paths):
            raise SourceError(f"{self.report} is a source: the report would be written over it.")
        with IngestReport.open(self.report) as report:
            try:
                yield self._wanted(found, report)
            finally:
                for line in report.summary():
                    err.print(line, soft_wrap=True)

    def _fetched(self, source: Source) -> Iterator[ReadArticle | SkippedRecord]:
        # Here, not at the top: no other command fetches anything.
        from service.following.opening import read_once

        return read_once(Settings(), source, self.reading, time.sleep)

    def wants(self, builder: Builder) -> Builder:
        """Return a builder that does with articles of one id what was asked for."""
        kept = builder.keep_versions if self.keep_versions is None else self.keep_versions
        return replace(builder, on_conflict=self.on_conflict, keep_versions=kept)

    def _wanted(
        self, found: Iterator[ReadArticle | SkippedRecord], report: IngestReport
    ) -> Iterator[Record]:
        n_given = 0
        # The limit is looked at before more is read: what is left may take hours.
        while self.limit is None or n_given < self.limit:
            with report.reading():
                one = next(found, None)
            if one is None:
                return
            if isinstance(one, SkippedRecord):
                report.skip(one)
                yield one
            elif reason := self.selection.reason_against(one.article):
                report.leave_out(SkippedRecord(one.file, one.line, reason))
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
        sources: tuple[Path | Source, ...],
        samples: bool,
        glob: str | None,
        limit: int | None,
        since: date | None,
        language: str | None,
        names: tuple[tuple[str, str], ...],
        report: Path | None,
        dates: DateOrder | None,
        zone: str | None,
        include_unpublished: bool,
        on_conflict: OnConflict,
        keep_versions: int | None,
        **others: object,
    ) -> None:
        if samples:
            sources = (*sources, ARTICLES)
        if not sources:
            raise click.UsageError("Missing argument 'SOURCES...'.")
        policy = Policy(dates, zone, include_unpublished)
        reading = Reading(glob, Naming(dict(names)), policy)
        selection = Selection(since, language)
        ingest = Ingest(sources, reading, selection, limit, report, on_conflict, keep_versions)
        command(ingest=ingest, **others)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected
