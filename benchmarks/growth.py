"""Searching as an archive grows: `python -m benchmarks.growth --index DIR`.

Each size has the passages of an index, and beyond their number the same ones again, with vectors
moved a little (`benchmarks.dense`). Prints the median time of each step of a search, for the news
quizzes of 2022 and 2023 (`$DATELINE_DATA`), the recall of the dense index, and how the time grows.
"""

import math
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rich_click as click

from benchmarks.dense import Halves, grown, held, nearest, real_vectors, recall
from corpus.errors import DatelineError
from index.engines.local.folder import IndexFolder
from index.lexical.bm25 import LexicalIndex, LexicalPassage
from index.search.query import Filters
from index.search.retriever import RetrievalSettings, fuse
from index.store.database import connect
from index.store.rows import read_passages, read_vectors
from index.store.store import Store
from index.vectors.dense import DenseIndex
from index.vectors.kinds import kind_for
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Batch, Keys, Vectors
from training.quiz import news_quizzes

_SETTINGS = RetrievalSettings()
_N_HITS = 10
# A prime: the halves that are put together come from articles far apart.
_APART = 7919


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--size", "sizes", type=int, multiple=True, default=(10_000, 100_000, 1_000_000))
@click.option("--queries", "n_queries", default=200, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(index_dir: Path, sizes: tuple[int, ...], n_queries: int, threads: int) -> None:
    """Print one line for each size, and the exponents from the first to the last."""
    try:
        archive = _Archive.read(index_dir, threads)
        questions = [gold.question.text for year in (2022, 2023) for gold in news_quizzes(year)]
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    medians = [_measure(archive, size, questions[:n_queries]) for size in sizes]
    for step in medians[0]:
        grew = math.log(medians[-1][step] / medians[0][step])
        print(f"{step:10} grows with exponent {grew / math.log(sizes[-1] / sizes[0]):.2f}")


@dataclass(frozen=True, slots=True)
class _Archive:
    """What an index holds that can be searched; `keys` (n,) are the passages with vectors."""

    folder: IndexFolder
    keys: Keys
    vectors: Vectors
    embedder: OnnxEmbedder
    number: int

    @classmethod
    def read(cls, index_dir: Path, threads: int) -> "_Archive":
        folder = IndexFolder(index_dir)
        number = folder.current()
        keys, vectors = real_vectors(index_dir)
        return cls(folder, keys, vectors, OnnxEmbedder(folder.embedder, threads), number)

    def lexical(self, size: int) -> Iterator[LexicalPassage]:
        """Yield `size` passages, named from 0 up, in the order of `vectors`."""
        with closing(Store(self.folder.archive, self.number)) as store:
            texts = [one.headed_text for one in store.passages(self.keys.tolist())]
        for place, text in enumerate(grown_texts(texts, size)):
            yield LexicalPassage(place, text, None, 0)


def grown_texts(texts: Sequence[str], size: int) -> Iterator[str]:
    """Yield `size` texts: the real ones, and then halves of one and of another.

    No two have the same words, and all of them those of the real ones.
    """
    split = [text.split() for text in texts]
    for place in range(size):
        again, i = divmod(place, len(split))
        words, others = split[i], split[(i + again * _APART) % len(split)]
        yield " ".join(words[: len(words) // 2] + others[len(others) // 2 :] if again else words)


@dataclass(slots=True)
class _Clock:
    """Times in milliseconds, by step."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _began: float = 0.0

    def start(self) -> None:
        self._began = time.perf_counter()

    def note(self, step: str) -> None:
        now = time.perf_counter()
        self.times[step].append(1000 * (now - self._began))
        self._began = now

    def medians(self) -> dict[str, float]:
        whole = [sum(steps) for steps in zip(*self.times.values(), strict=True)]
        return {step: float(np.median(t)) for step, t in {**self.times, "search": whole}.items()}


def _measure(archive: _Archive, size: int, questions: Sequence[str]) -> dict[str, float]:
    rows = grown(archive.vectors, size)
    dense = DenseIndex.empty(rows.shape[1], kind_for(size), size)
    dense.add(np.arange(size), held(rows))
    queries = np.stack([archive.embedder.embed_query(question) for question in questions])
    truth = nearest(rows, queries)
    with tempfile.TemporaryDirectory() as folder:
        LexicalIndex.build(Path(folder) / "lexical", archive.lexical(size))
        lexical = LexicalIndex(Path(folder) / "lexical")
        with closing(connect(archive.folder.archive, read_only=True)) as db:
            parts = _Parts(archive, dense, rows, lexical, db)
            for question in questions:  # reads what is on disk, and fills the caches
                _search(_Clock(), parts, question)
            clock = _Clock()
            found = [_search(clock, parts, question) for question in questions]
    medians = clock.medians()
    print(
        f"{size:9,} {dense.kind:8} recall@10 {recall(found, truth, 10):.4f} ",
        *(f"{step} {ms:.2f} ms" for step, ms in medians.items()),
        flush=True,
    )
    return medians


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is searched at one size; `rows` (size, dim) are the vectors in `dense`."""

    archive: _Archive
    dense: DenseIndex
    rows: Halves
    lexical: LexicalIndex
    db: sqlite3.Connection

    def keys(self, places: Sequence[int]) -> list[int]:
        """Return the keys of the passages that stand in for those at `places`."""
        keys = self.archive.keys
        return [int(keys[place % len(keys)]) for place in places]

    def vectors(self, places: Keys) -> list[Batch]:
        """Return the vectors at `places`, after those that stand in for them were read."""
        stand_ins = np.array(self.keys(places.tolist()), np.int64)
        list(read_vectors(self.db, stand_ins, self.rows.shape[1]))
        return [(places, self.rows[places])]


def _search(clock: _Clock, parts: _Parts, question: str) -> list[int]:
    """Search as a snapshot does, noting each step; return what was found by meaning."""
    clock.start()
    # Like a passage, because the vectors of questions are kept.
    (vector,) = parts.archive.embedder.embed_passages([question])
    clock.note("embed")
    by_meaning = parts.dense.search(vector, _SETTINGS.depth, None, parts.vectors)
    clock.note("dense")
    by_words = parts.lexical.search(question, _SETTINGS.depth, Filters(), None)
    clock.note("lexical")
    best = list(fuse(by_words, by_meaning, _SETTINGS))[:_N_HITS]
    clock.note("fuse")
    read_passages(parts.db, parts.keys(best))
    clock.note("fetch")
    return list(by_meaning)


if __name__ == "__main__":
    main()
