"""Kinds of dense index by size: `python -m benchmarks.dense --index DIR`.

The vectors are those of an index, and beyond their number the same ones moved a little; the queries
are the news quizzes of 2022 and 2023 (`$DATELINE_DATA`). Prints, for each size and kind, what share
of the exact scan's first ten and hundred are found, the time of a query as a ratio to that of the
first row, bytes a vector on disk (it takes as many in memory), and how many a second are added.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
import rich_click as click

from corpus.errors import DatelineError
from index.engines.local.folder import IndexFolder
from index.store.store import Store
from index.vectors.dense import DenseIndex
from index.vectors.kinds import DenseKind
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Batch, Keys, ReadVectors, Vectors
from training.quiz import news_quizzes

Halves = npt.NDArray[np.float16]

_SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
# Far beyond what they are chosen for.
_LARGEST: dict[DenseKind, int] = {"exact": 200_000, "hnsw": 1_000_000}
_DEPTH = 200
_BATCH = 2000
# Of a unit vector of 384 numbers: the moved one has a cosine of about 0.98 with it.
_MOVE = 0.01


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--size", "sizes", type=int, multiple=True, default=_SIZES)
@click.option("--queries", "n_queries", default=200, show_default=True)
def main(index_dir: Path, sizes: tuple[int, ...], n_queries: int) -> None:
    """Print one line for each size and kind."""
    try:
        _, real = real_vectors(index_dir)
        queries = _queries(index_dir, n_queries)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    print(f"{len(real)} real vectors, {len(queries)} queries")
    first_ms = None
    for size in sizes:
        rows = grown(real, size)
        truth = nearest(rows, queries)
        for kind in get_args(DenseKind):
            if size > _LARGEST.get(kind, size):
                continue
            row = _measure(kind, rows, queries, truth)
            first_ms = first_ms or row.query_ms
            print(
                f"{size:9,} {kind:9} recall@10 {row.recall_10:.4f} @100 {row.recall_100:.4f} "
                f"time {row.query_ms / first_ms:6.2f} ({row.query_ms:.2f} ms) "
                f"{row.n_bytes:5.0f} bytes {row.rate:7,.0f}/s",
                flush=True,
            )


@dataclass(frozen=True, slots=True)
class _Row:
    recall_10: float
    recall_100: float
    query_ms: float
    n_bytes: float
    rate: float


def _measure(kind: DenseKind, rows: Halves, queries: Vectors, truth: list[list[int]]) -> _Row:
    began = time.perf_counter()
    index = DenseIndex.empty(rows.shape[1], kind, len(rows))
    index.add(np.arange(len(rows)), held(rows))
    took = time.perf_counter() - began
    times, found = [], []
    for query in queries:
        began = time.perf_counter()
        found.append(list(index.search(query, _DEPTH, None, held(rows))))
        times.append(time.perf_counter() - began)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dense.faiss"
        index.write(path)
        n_bytes = path.stat().st_size / len(rows)
    return _Row(
        recall(found, truth, 10),
        recall(found, truth, 100),
        1000 * float(np.median(times)),
        n_bytes,
        len(rows) / took,
    )


def recall(found: list[list[int]], truth: list[list[int]], k: int) -> float:
    """Return the mean share of the first `k` of the truth that are among the first `k` found."""
    shares = [len(set(a[:k]) & set(b[:k])) / k for a, b in zip(found, truth, strict=True)]
    return sum(shares) / len(shares)


def held(rows: Halves) -> ReadVectors:
    """Return a way to read (n, dim) vectors that are named from 0 up."""

    def read(keys: Keys) -> Iterator[Batch]:
        for first in range(0, len(keys), _BATCH):
            some = keys[first : first + _BATCH]
            yield some, rows[some]

    return read


def nearest(rows: Halves, queries: Vectors) -> list[list[int]]:
    """Return the hundred rows nearest to each query, by a scan of all."""
    scores = np.empty((len(queries), 0), np.float32)
    found = np.empty((len(queries), 0), np.int64)
    for keys, some in held(rows)(np.arange(len(rows))):
        scores = np.concatenate([scores, queries @ some.astype(np.float32).T], axis=1)
        found = np.concatenate([found, np.broadcast_to(keys, (len(queries), len(keys)))], axis=1)
        best = np.argpartition(-scores, 99, axis=1)[:, :100]
        scores = np.take_along_axis(scores, best, 1)
        found = np.take_along_axis(found, best, 1)
    best = np.argsort(-scores, axis=1)
    return [list(some) for some in np.take_along_axis(found, best, 1).tolist()]


def real_vectors(index_dir: Path) -> tuple[Keys, Vectors]:
    """Return the (n,) keys and (n, dim) vectors of the passages of an index that have one.

    Raises:
        IndexStateError: the index is missing or damaged.
    """
    folder = IndexFolder(index_dir)
    manifest = folder.verified(folder.current())
    with closing(Store(folder.archive, manifest.number)) as store:
        found = list(store.vectors(store.embedded(), manifest.dim))
    vectors = np.concatenate([some for _, some in found]).astype(np.float32)
    return np.concatenate([keys for keys, _ in found]), vectors


def _queries(index_dir: Path, n: int) -> Vectors:
    embedder = OnnxEmbedder(IndexFolder(index_dir).embedder, threads=2)
    golds = (news_quizzes(2022) + news_quizzes(2023))[:n]
    return np.stack([embedder.embed_query(gold.question.text) for gold in golds])


def grown(real: Vectors, size: int) -> Halves:
    """Return `size` vectors: the real ones, and then the same again, each moved a little."""
    rng = np.random.default_rng(7)
    rows = np.empty((size, real.shape[1]), np.float16)
    for first in range(0, size, len(real)):
        some = real[: size - first]
        moved = some + _MOVE * (first > 0) * rng.standard_normal(some.shape, np.float32)
        rows[first : first + len(some)] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return rows


if __name__ == "__main__":
    main()
