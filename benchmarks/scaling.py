"""What larger archives take: `python -m benchmarks.scaling --index DIR`.

Measures on a copy of an index (of a hundred thousand passages or so) what a passage takes on disk
and in memory, how fast passages are embedded and indexed, and how the time of a search grows with
their number, all on one core; then prints, as Markdown, what was measured, and what archives of up
to a billion passages take by the rules of `benchmarks/extrapolation.py`.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, TypeVar, get_args

import numpy as np
import rich_click as click

from benchmarks.dense import Halves, held
from benchmarks.extrapolation import Curve, Dense, Growth, Measured, Step, extrapolate, fit
from benchmarks.growth import grown_texts
from benchmarks.serving import serving
from corpus.article import Article
from corpus.errors import DatelineError
from corpus.splitting import Splitter
from index.building.builder import Builder
from index.engines.local.folder import IndexFolder
from index.lexical.bm25 import LexicalIndex, LexicalPassage
from index.search.query import Filters
from index.store.store import Store
from index.vectors.dense import DenseIndex
from index.vectors.kinds import DenseKind
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Vectors
from service.answering.answer import Question
from service.client import Client
from service.settings import Settings
from service.wiring import open_answerer

_STEPS = (100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
_DEPTH = 200
_N_QUERIES = 100
_N_ROUNDS = 3
_N_QUESTIONS = 15
_N_EMBEDDED = 64
_N_WRITTEN = 1000
_N_GROWN = 1_000_000
# The lists of an IVF index are as many as they are long.
_GROWTH: dict[DenseKind, Growth] = {
    "exact": "linear",
    "hnsw": "logarithmic",
    "ivf-pq": "root",
}
_UNITS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6))

T = TypeVar("T")


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--size", "sizes", type=int, multiple=True, default=(8_000, 24_000, 72_000))
def main(index_dir: Path, sizes: tuple[int, ...]) -> None:
    """Print the tables of docs/scaling.md."""
    with tempfile.TemporaryDirectory() as work:
        copy = Path(work) / "index"
        shutil.copytree(index_dir, copy)
        try:
            measured = _measure(copy, Path(work), sizes)
        except DatelineError as error:
            raise click.ClickException(str(error)) from error
    _print_measured(measured)
    _print_steps([extrapolate(measured, n) for n in _STEPS])


def _measure(root: Path, work: Path, sizes: Sequence[int]) -> Measured:
    folder = IndexFolder(root)
    manifest = folder.verified(folder.current())
    store = Store(folder.archive, manifest.number)
    try:
        half = [some for _, some in store.vectors(store.embedded(), manifest.dim)]
        vectors = np.concatenate(half)[: max(sizes)]
        texts, articles = _some(store, max(sizes))
    finally:
        store.close()
    embedder = OnnxEmbedder(folder.embedder, threads=1)
    titles = [one.title for one in _spread(articles, _N_QUERIES)]
    some = _spread(texts, _N_EMBEDDED)
    embed_rate = _rate(len(some), partial(embedder.embed_passages, some))
    queries = [embedder.embed_query(title) for title in titles]
    dense = {kind: _dense(kind, vectors, queries, sizes, work) for kind in get_args(DenseKind)}
    lexical_ms, lexical_rate = _lexical(texts, titles, sizes, work)
    write_rate = _writing(articles[:_N_WRITTEN], embedder, work)
    asking_s = _asking(root, titles[:_N_QUESTIONS])
    held = dense[manifest.dense_kind]
    in_indexes_ms = held.ms.at(manifest.n_embedded) + lexical_ms.at(manifest.n_passages)
    return Measured(
        n_passages=manifest.n_passages,
        n_articles=manifest.n_articles,
        dim=manifest.dim,
        archive_bytes=folder.archive.stat().st_size,
        lexical_bytes=_size(folder.snapshot(manifest.number) / "lexical"),
        resident_bytes=_resident(root) - held.n_bytes * manifest.n_embedded,
        dense=dense,
        lexical_ms=lexical_ms,
        lexical_rate=lexical_rate,
        embed_rate=embed_rate,
        write_rate=write_rate,
        other_search_s=max(0.0, asking_s["search"] - in_indexes_ms / 1000),
        read_s=asking_s["read"],
    )


def _some(store: Store, n: int) -> tuple[list[str], list[Article]]:
    """Return the texts of the first passages, and the articles that they are of."""
    texts: list[str] = []
    articles: dict[str, Article] = {}
    for one in islice(store.live_passages(), n):
        texts.append(one.headed_text)
        articles.setdefault(one.article.id, one.article)
    return texts, list(articles.values())


def _spread(some: Sequence[T], n: int) -> Sequence[T]:
    return some[:: max(1, len(some) // n)][:n]


def _dense(
    kind: DenseKind, vectors: Halves, queries: Sequence[Vectors], sizes: Sequence[int], work: Path
) -> Dense:
    points, rate, n_bytes = [], 0.0, 0.0
    for size in sizes:
        some = vectors[:size]
        built, read = DenseIndex.empty(some.shape[1], kind, len(some)), held(some)
        rate = _rate(len(some), partial(built.add, np.arange(len(some)), read))
        search = partial(built.search, k=_DEPTH, allowed=None, read=read)
        points.append((len(some), _ms(search, queries)))
        path = work / f"{kind}-{size}"
        built.write(path)
        n_bytes = path.stat().st_size / len(some)
    return Dense(n_bytes, fit(points, _GROWTH[kind]), rate)


def _lexical(
    texts: Sequence[str], titles: Sequence[str], sizes: Sequence[int], work: Path
) -> tuple[Curve, float]:
    points, rate = [], 0.0
    # In a small index a search takes longer to prepare than to make.
    for size in (*sizes, _N_GROWN):
        grown = enumerate(grown_texts(texts, size))
        some = [LexicalPassage(key, text, None, 0) for key, text in grown]
        folder = work / f"lexical-{size}"
        rate = _rate(len(some), partial(LexicalIndex.build, folder, some))
        search = partial(LexicalIndex(folder).search, k=_DEPTH, filters=Filters(), as_of=None)
        points.append((len(some), _ms(search, titles)))
    return fit(points, "linear"), rate


class _Zeros:
    """A pool that costs nothing."""

    def __init__(self, dim: int) -> None:
        self._dim = dim

    def embed(self, batches: Iterable[Sequence[str]]) -> Generator[Vectors]:
        return (np.zeros((len(texts), self._dim), np.float32) for texts in batches)


def _writing(articles: Sequence[Article], embedder: OnnxEmbedder, work: Path) -> float:
    """Return how many passages a second one builder can do everything for but embed them."""
    splitter = Splitter(200, embedder.limit)
    builder = Builder(work / "written", embedder, splitter, pool=_Zeros(embedder.dim))
    (work / "written").mkdir()
    began = time.process_time()
    n = builder.build(articles).embedded
    return n / (time.process_time() - began)


def _asking(root: Path, questions: Sequence[str]) -> dict[str, float]:
    """Return the seconds that each stage takes one core, of the middle question."""
    answerer, archive = open_answerer(Settings(index_dir=root, threads=1))
    archive.current()
    found = [answerer.ask(Question(question)).timings_ms for question in questions]
    return {stage: median(one[stage] for one in found) / 1000 for stage in ("search", "read")}


def _resident(root: Path) -> float:
    with serving(root, threads=1, log_level="error") as server, Client(server.url) as client:
        client.ask("Who won the election?")
        return server.resident_mib() * 2**20


def _rate(n: int, work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    # Processor time: faiss adds with all cores, and here everything is counted for one.
    return n / (time.process_time() - began)


def _ms(search: Callable[[Any], object], queries: Sequence[object]) -> float:
    """Return the milliseconds of the middle query, each the fastest of some."""
    times = []
    for query in queries:
        rounds = []
        for _ in range(_N_ROUNDS):
            began = time.perf_counter()
            search(query)
            rounds.append(time.perf_counter() - began)
        times.append(min(rounds))
    return 1000 * median(times)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _print_measured(m: Measured) -> None:
    print(f"Measured on {m.n_passages:,} passages of {m.n_articles:,} articles, one core:\n")
    rows = {
        "`archive.db`, a passage": f"{m.archive_bytes / m.n_passages:,.0f} bytes",
        "words, a passage": f"{m.lexical_bytes / m.n_passages:,.0f} bytes",
        **{f"vectors, {kind}, a passage": f"{d.n_bytes:,.0f} bytes" for kind, d in m.dense.items()},
        "a server without its vectors": f"{m.resident_bytes / 2**20:,.0f} MiB resident",
        "embedding": f"{m.embed_rate:,.1f} passages/s",
        "all of a build but embedding": f"{m.write_rate:,.0f} passages/s",
        "indexing words": f"{m.lexical_rate:,.0f} passages/s",
        **{f"indexing vectors, {kind}": f"{d.rate:,.0f}/s" for kind, d in m.dense.items()},
        "searching words": _shown(m.lexical_ms),
        **{f"searching vectors, {kind}": _shown(d.ms) for kind, d in m.dense.items()},
        "the rest of a search": f"{1000 * m.other_search_s:.1f} ms",
        "reading ten passages": f"{1000 * m.read_s:.0f} ms",
    }
    print("| what | takes |\n| --- | --- |")
    print("\n".join(f"| {name} | {value} |" for name, value in rows.items()))


def _shown(curve: Curve) -> str:
    if curve.kind == "linear":
        return f"{curve.base:.2f} ms + {1e6 * curve.slope:.1f} ms a million passages"
    tenfold = curve.at(1_000_000) - curve.at(100_000)
    return f"{curve.at(100_000):.2f} ms at 100,000, {tenfold:.2f} ms more for ten times as many"


def _print_steps(steps: Sequence[Step]) -> None:
    print("\nExtrapolated from that:\n")
    columns: dict[str, Callable[[Step], str]] = {
        "articles": lambda s: f"{s.n_articles:,.0f}",
        "vectors searched by": lambda s: s.kind,
        "`archive.db`": lambda s: _bytes(s.archive_bytes),
        "words": lambda s: _bytes(s.lexical_bytes),
        "vectors": lambda s: _bytes(s.dense_bytes),
        "the same in Milvus, 8 bits a number": lambda s: _bytes(s.cluster_bytes),
        "the same at one bit a number": lambda s: _bytes(s.one_bit_bytes),
        "memory, all on one machine": lambda s: _bytes(s.memory_bytes),
        "first build with 2 cores": lambda s: _hours(s.build_h(2)),
        "with 16": lambda s: _hours(s.build_h(16)),
        "with 256": lambda s: _hours(s.build_h(256)),
        "indexing anew, one core": lambda s: _hours(s.anew_core_h),
        "search, one core": lambda s: _seconds(s.search_s),
        "of it words": lambda s: _seconds(s.lexical_s),
        "answers/s and core": lambda s: f"{s.answers_per_core_s:.2g}",
        "parts searched side by side": lambda s: f"{s.n_parts:,}",
        "nodes of 64 GB, 8 bits a number": lambda s: f"{s.n_nodes:,}",
        "passages a month of 20 years": lambda s: f"{s.passages_a_month:,.0f}",
    }
    print("| passages | " + " | ".join(f"{step.n_passages:,}" for step in steps) + " |")
    print("| --- |" + " --- |" * len(steps))
    for name, shown in columns.items():
        print(f"| {name} | " + " | ".join(map(shown, steps)) + " |")


def _bytes(n: float) -> str:
    unit, size = next((u, z) for u, z in _UNITS if n >= z)
    return f"{n / size:,.{0 if n >= 9.95 * size else 1}f} {unit}"


def _hours(h: float) -> str:
    return f"{60 * h:.0f} min" if h < 2 else f"{h:.0f} h" if h < 72 else f"{h / 24:,.0f} days"


def _seconds(s: float) -> str:
    return f"{1000 * s:.0f} ms" if s < 1 else f"{s:.1f} s"


if __name__ == "__main__":
    main()
