"""Embedding wide: `python -m benchmarks.wide rates` and `python -m benchmarks.wide kill`.

`rates` embeds the same passages in one process of one thread, in two of one thread each, and in one
of two threads, in turn, and prints the ratios. `kill` builds an archive in this process, then on
two Dask workers on loopback, then on two of which one is ended with SIGKILL on the way; the three
must hold the same articles, passages and vectors.

Both take the news archive under `$DATELINE_DATA`, or the samples again and again where it is not
there. `--embedder` names the `embedder/` of an index; without it one is exported first.
"""

import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from statistics import median

import rich_click as click

from benchmarks.dask_cluster import DaskCluster
from corpus.article import Article
from corpus.errors import DatelineError, SourceError
from corpus.sources import read_sources
from corpus.splitting import headed_text
from index.building.builder import Builder, Silent
from index.store.database import connect
from index.vectors.dask_pool import DaskPool
from index.vectors.embedder import EmbeddingPool
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.process_pool import ProcessPool
from index.vectors.types import Vectors
from service.settings import Settings
from service.wiring import open_builder
from training.datasets import data_path

_SAMPLES = Path("corpus/samples/articles.jsonl")
_BATCH = 8
_Embed = Callable[[Iterable[Sequence[str]]], Iterator[Vectors]]


@click.group()
def main() -> None:
    """Measure what is embedded in several processes and on several machines."""


_embedder = click.option("--embedder", type=click.Path(exists=True, path_type=Path))


@main.command()
@_embedder
@click.option("--passages", default=768, show_default=True)
@click.option("--rounds", default=2, show_default=True)
def rates(embedder: Path | None, passages: int, rounds: int) -> None:
    """Print passages a second, and how many times those of the first row."""
    with tempfile.TemporaryDirectory() as work:
        builder = _builder(Path(work) / "index", embedder)
        folder = builder.root / "embedder"
        ways: dict[str, tuple[_Embed, int]] = {
            "1 process, 1 thread": (ProcessPool(folder, 1).embed, 1),
            "2 processes, 1 thread each": (ProcessPool(folder, 2).embed, 2),
            "1 process, 2 threads": (_here(OnnxEmbedder(folder, threads=2)), 1),
        }
        texts = list(islice(_texts(builder), passages))
        found: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, (embed, n) in ways.items():
                found[name].append(_rate(embed, texts, n))
        first = median(found["1 process, 1 thread"])
        for name, some in found.items():
            print(f"{name:28} {median(some):6.1f}/s  {median(some) / first:.2f}")


@main.command()
@_embedder
@click.option("--articles", default=60, show_default=True)
def kill(embedder: Path | None, articles: int) -> None:
    """Compare three builds; exit with 1 when they differ."""
    with tempfile.TemporaryDirectory() as work:
        records = list(islice(_articles(), articles))
        root = Path(work)
        plain = _facts(_builder(root / "plain", embedder), records)
        print(f"in one process:               {plain}")
        found = [plain]
        for name, is_killed in (("two workers:", False), ("two workers, one killed:", True)):
            scratch = root / f"dask-{is_killed}"
            scratch.mkdir()
            with DaskCluster(scratch) as cluster:
                cluster.add_worker()
                cluster.add_worker()
                builder = _builder(root / f"wide-{is_killed}", root / "plain" / "embedder")
                pool = DaskPool(builder.root / "embedder", cluster.address)
                with pool.connect(0.0) as client:
                    client.wait_for_workers(2)
                victim = cluster.workers[0].kill if is_killed else None
                found.append(_facts(replace(builder, progress=_Killer(victim)), records, pool))
            print(f"{name:29} {found[-1]}")
        sys.exit(found != [plain] * len(found))


class _Killer(Silent):
    """Ends a worker when two fifths are embedded."""

    def __init__(self, kill: Callable[[], None] | None) -> None:
        self._kill = kill
        self._least = self._done = 0

    def start(self, stage: str, total: int | None) -> None:
        self._least, self._done = (total or 0) * 2 // 5, 0

    def advance(self, n: int) -> None:
        self._done += n
        if self._kill and self._least and self._done >= self._least:
            self._kill()
            self._kill = None


def _facts(builder: Builder, records: list[Article], pool: EmbeddingPool | None = None) -> str:
    """Build; return what the archive holds, the same for the same rows."""
    report = replace(builder, pool=pool).build(records)
    archive = connect(builder.root / "archive.db", read_only=True)
    try:
        digest = hashlib.sha256()
        for row in archive.execute("SELECT * FROM vectors ORDER BY hash"):
            digest.update(row["hash"] + row["embedding"])
        (passages,) = archive.execute("SELECT count(*) FROM passages").fetchone()
        (n,) = archive.execute("SELECT count(*) FROM vectors").fetchone()
    finally:
        archive.close()
    return (
        f"{report.added} articles, {passages} passages, {n} vectors, "
        f"SHA-256 {digest.hexdigest()[:16]}"
    )


def _rate(embed: _Embed, texts: list[str], n_processes: int) -> float:
    """Return passages a second, from when each process has something to show."""
    batches = [texts[first : first + _BATCH] for first in range(0, len(texts), _BATCH)]
    results = embed(batches)
    n_before = sum(len(vectors) for vectors in islice(results, 2 * n_processes))
    began = time.perf_counter()
    n_after = sum(len(vectors) for vectors in results)
    return n_after / (time.perf_counter() - began) if n_before else 0.0


def _here(embedder: OnnxEmbedder) -> _Embed:
    def embed(batches: Iterable[Sequence[str]]) -> Generator[Vectors]:
        return (embedder.embed_passages(texts) for texts in batches)

    return embed


def _builder(root: Path, embedder: Path | None) -> Builder:
    if embedder:
        shutil.copytree(embedder, root / "embedder")
    try:
        return open_builder(Settings(threads=1), root, Silent())
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def _texts(builder: Builder) -> Iterator[str]:
    for article in _articles():
        for passage in builder.splitter.split(article):
            yield headed_text(article, passage.start, passage.end)


def _articles() -> Iterator[Article]:
    """Yield articles without end, no two with the same text."""
    try:
        source = data_path("news/realtimeqa-articles.jsonl.gz")
    except SourceError:
        source = _SAMPLES
    for n in count():
        for record in read_sources([source]):
            if isinstance(record, Article):
                again = f" ({n})" if n else ""
                yield replace(record, id=f"{record.id}{again}", title=f"{record.title}{again}")


if __name__ == "__main__":
    main()
