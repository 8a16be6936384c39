"""Searching as an archive grows: `python -m benchmarks.growth --index DIR`.

Each size has the passages of an index, and beyond their number the same ones again, with vectors
moved a little (`benchmarks.dense`). Prints the median time of each step of a search, for the news
quizzes of 2022 and 2023 (`$DATELINE_DATA`), the recall of the dense index, and how the time grows.
"""

import math
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rich_click as click

from benchmarks.dense import batches, grown, nearest, real_vectors, recall
from corpus.errors import DatelineError
from index.dense import DenseIndex, Keys, kind_for
from index.embedder import OnnxEmbedder, Vectors
from index.lexical import LexicalIndex, LexicalPassage
from index.query import Filters
from index.retriever import RetrievalSettings, fuse
from index.snapshot import IndexFolder
from index.store import Store
from training.quiz import news_quizzes

_SETTINGS = RetrievalSettings()
_N_HITS = 10


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
        """Yield `size` passages, named from 0 up, in the order of `vectors` and round again."""
        with closing(Store(self.folder.archive, self.number)) as store:
            for first in range(0, size, 1000):
                places = np.arange(first, min(first + 1000, size))
                for place, stored in zip(
                    places.tolist(),
                    store.passages(self.keys[places % len(self.keys)].tolist()),
                    strict=True,
                ):
                    yield LexicalPassage(place, stored.headed_text, stored.article.source, 0)


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
    dense = DenseIndex.empty(rows.shape[1], kind_for(size))
    dense.add(batches(rows))
    queries = np.stack([archive.embedder.embed_query(question) for question in questions])
    truth = nearest(rows, queries)
    del rows
    with tempfile.TemporaryDirectory() as folder:
        LexicalIndex.build(Path(folder) / "lexical", archive.lexical(size))
        lexical = LexicalIndex(Path(folder) / "lexical")
        with closing(Store(archive.folder.archive, archive.number)) as store:
            for question in questions:  # reads what is on disk, and fills the caches
                _search(_Clock(), archive, dense, lexical, store, question)
            clock = _Clock()
            found = [_search(clock, archive, dense, lexical, store, one) for one in questions]
    medians = clock.medians()
    print(
        f"{size:9,} {dense.kind:8} recall@10 {recall(found, truth, 10):.4f} ",
        *(f"{step} {ms:.2f} ms" for step, ms in medians.items()),
        flush=True,
    )
    return medians


def _search(
    clock: _Clock,
    archive: _Archive,
    dense: DenseIndex,
    lexical: LexicalIndex,
    store: Store,
    question: str,
) -> list[int]:
    """Search as a snapshot does, noting each step; return what was found by meaning."""
    clock.start()
    # Like a passage, because the vectors of questions are kept.
    (vector,) = archive.embedder.embed_passages([question])
    clock.note("embed")
    by_meaning = dense.search(vector, _SETTINGS.depth, None)
    clock.note("dense")
    by_words = lexical.search(question, _SETTINGS.depth, Filters(), None)
    clock.note("lexical")
    best = list(fuse(by_words, by_meaning, _SETTINGS))[:_N_HITS]
    clock.note("fuse")
    store.passages([int(archive.keys[place % len(archive.keys)]) for place in best])
    clock.note("fetch")
    return list(by_meaning)


if __name__ == "__main__":
    main()
