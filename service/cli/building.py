"""What the commands that change an index share: the builder, its records, and what ends a run."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

from corpus.errors import DatelineError, SourceError
from corpus.sources import Record, SkippedRecord
from index.building.builder import Builder
from index.engines.local.folder import IndexFolder
from service.cli.console import BuildProgress, err
from service.cli.ingesting import Ingest
from service.cli.options import errors_told
from service.cli.pools import PoolChoice
from service.following.source import Source
from service.priority import giving_way
from service.settings import Settings
from service.wiring import open_builder
from service.words import count

__all__ = ["building"]

# Records looked at for an article before a model is loaded.
_MAX_PEEKED = 1000
_SHOWN_REASONS = 5
# What shells give a program that Ctrl-C ended.
_INTERRUPTED = 130


@contextmanager
def building(
    index_dir: Path, ingest: Ingest | None = None, pool: PoolChoice | None = None
) -> Iterator[tuple[Builder, Iterator[Record]]]:
    """Give the builder of an index, and the records to ingest.

    Sources without any article are refused before a model is loaded. Ctrl-C ends with what can be
    searched already and how to go on.
    """
    # Bars of the libraries that export the embedder.
    os.environ.setdefault("TQDM_DISABLE", "1")
    try:
        with errors_told(), giving_way(), BuildProgress() as bars, ExitStack() as opened:
            records: Iterator[Record] = iter(())
            if ingest:
                found = opened.enter_context(ingest.records())
                records = _with_an_article(found, ingest.sources)
            open_pool = pool.open if pool else None
            builder = open_builder(Settings(index_dir=index_dir), index_dir, bars, open_pool)
            yield (ingest.wants(builder) if ingest else builder), records
    except KeyboardInterrupt:
        err.print(_stopped(index_dir), soft_wrap=True)
        raise SystemExit(_INTERRUPTED) from None


def _with_an_article(
    records: Iterator[Record], sources: Sequence[Path | Source]
) -> Iterator[Record]:
    """Return the records, once there is an article among the first of them.

    Raises:
        SourceError: there is none at all.
    """
    peeked: list[Record] = []
    for record in records:
        peeked.append(record)
        if not isinstance(record, SkippedRecord) or len(peeked) == _MAX_PEEKED:
            return chain(peeked, records)
    named = ", ".join(one.label if isinstance(one, Source) else str(one) for one in sources)
    reasons = [f"\n  {skip}" for skip in peeked[:_SHOWN_REASONS]]
    more = len(peeked) - len(reasons)
    skipped = f" {count(len(peeked), 'record')} skipped:{''.join(reasons)}" if peeked else ""
    raise SourceError(
        f"There are no articles in {named}. The index was not changed.{skipped}"
        + (f"\n  and {more} more" if more > 0 else "")
    )


def _stopped(index_dir: Path) -> str:
    """Return what to say after Ctrl-C."""
    again = "Run the same command again to go on: nothing is embedded twice."
    folder = IndexFolder(index_dir)
    try:
        number = folder.current()
        manifest = folder.verified(number) if number else None
    except (DatelineError, OSError):
        manifest = None
    if manifest is None:
        return f"Stopped. Nothing can be searched yet. {again}"
    by_meaning = (
        "" if manifest.n_embedded == manifest.n_passages
        else f", {manifest.n_embedded:,} of {count(manifest.n_passages, 'passage')} by meaning too"
    )  # fmt: skip
    return (
        f"Stopped. {count(manifest.n_articles, 'article')} can be searched{by_meaning} "
        f"(snapshot {manifest.number}). {again}"
    )
