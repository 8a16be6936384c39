"""What a publication costs where questions are watched: `python -m benchmarks.watching`.

Builds an archive of news articles (`$DATELINE_DATA`), has questions watched that were made from
articles of the whole archive and of quizzes, publishes 100 more articles, and prints for each
number of watches: how many the publication touches, how many of those would read other passages and
are asked again, and the seconds of each part. `--check` looks up all others too and counts those
that were missed.

Nothing is embedded: a passage's vector is the sum of fixed random directions of its words. Nothing
is read either, as what one question takes is known, and 10,000 take an hour.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
import rich_click as click

from corpus.article import Article
from corpus.sources import read_sources
from corpus.splitting import Limit, Splitter
from index.building.builder import Builder
from index.engines.archive import ArchiveSnapshot
from index.engines.local.archive import LocalArchive
from index.lexical.bm25 import query_terms
from index.search.query import Filters
from index.vectors.types import Vectors
from service.answering.analysis import parts_of
from service.answering.answer import AskResult
from service.answering.extractive import ExtractiveAnswerer
from service.answering.openers import openers_of
from service.answering.scoring import Scorer
from service.reader.onnx_reader import BUNDLED_READER, load_reader
from service.watching.asking import ArchiveAsker, Look
from service.watching.database import WatchDatabase
from service.watching.due import DueWatches, KeptSearch
from service.watching.entries import Entries
from service.watching.running import RunReport, WatchRunner
from service.watching.watch import Watch
from service.watching.watches import Watches
from training.datasets import data_path
from training.quiz import news_quizzes

_DIM = 384
_MAX_TOKENS = 200


class WordEmbedder:
    """A text is the sum of fixed directions of its words; see `index.vectors.embedder`."""

    id = f"words/{_DIM}"
    dim = _DIM
    limit = Limit(256, lambda texts: [len(text.split()) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return (n, dim) vectors."""
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """Return a (dim,) vector."""
        vector = np.sum([_direction(word) for word in query_terms(text) or [""]], axis=0)
        unit: Vectors = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit


@cache
def _direction(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
    return np.random.default_rng(seed).standard_normal(_DIM).astype(np.float32)


@dataclass
class _Asker:
    """Looks questions up, adds up how long that took, and refuses without reading."""

    inner: ArchiveAsker
    look_s: float = 0.0

    def look(self, watch: Watch, snapshot: ArchiveSnapshot) -> Look | None:
        """See `Asker.look`."""
        begun = time.perf_counter()
        found = self.inner.look(watch, snapshot)
        self.look_s += time.perf_counter() - begun
        return found

    def ask(
        self, watch: Watch, snapshot: ArchiveSnapshot, raise_if_cancelled: Callable[[], None]
    ) -> AskResult:
        """Refuse."""
        number = snapshot.status.snapshot
        return AskResult(watch.question, watch.question, None, (), (), number, "Not read.")


@dataclass(frozen=True)
class _Desk:
    """An index directory, and what watches questions of it."""

    root: Path
    archive: LocalArchive
    answerer: ExtractiveAnswerer
    builder: Builder

    def database(self, n: int) -> WatchDatabase:
        folder = self.root.parent / f"watches-{n}"
        folder.mkdir(exist_ok=True)
        return WatchDatabase(folder)

    def runner(self, n: int, asker: _Asker) -> WatchRunner:
        database = self.database(n)
        due = DueWatches(database, 10_000)
        return WatchRunner(due, Entries(database), self.archive, asker)


@click.command()
@click.option("--articles", "n_articles", default=3000, show_default=True)
@click.option("--new", "n_new", default=100, show_default=True)
@click.option("--watches", "sizes", type=int, multiple=True, default=(10, 1000, 10_000))
@click.option("--check", "is_checked", is_flag=True, help="Count the watches that were missed.")
def main(n_articles: int, n_new: int, sizes: tuple[int, ...], is_checked: bool) -> None:
    """Print one line for each number of watches."""
    articles = list(_articles())
    questions = list(islice(_questions(articles), max(sizes)))
    with tempfile.TemporaryDirectory(prefix="dateline-watching-") as folder:
        desk = _open(Path(folder) / "index", articles[:n_articles])
        for size in sizes:
            watches = Watches(desk.database(size), size)
            for question in questions[:size]:
                watches.add(question, Filters(), datetime.now(UTC))
            begun = time.perf_counter()
            desk.runner(size, _Asker(ArchiveAsker(desk.answerer))).run()
            print(f"{size} watches looked up in {time.perf_counter() - begun:.1f} s", flush=True)
        desk.builder.add(articles[n_articles : n_articles + n_new])
        status = desk.archive.current().status
        print(f"{status.n_articles} articles, {status.n_passages} passages, {n_new} of them new")
        for size in sizes:
            _measure(desk, size, is_checked)


def _articles() -> Iterator[Article]:
    """Yield articles in an order that mixes years and outlets, the same each time."""
    records = read_sources([data_path("news/realtimeqa-articles.jsonl.gz")])
    found = [one for one in records if isinstance(one, Article)]
    return iter(sorted(found, key=lambda one: hashlib.sha256(one.id.encode()).digest()))


def _questions(articles: Sequence[Article]) -> Iterator[str]:
    quizzes = [gold.question.text for year in (2022, 2023) for gold in news_quizzes(year)]
    made = (opener.question for article in articles for opener in openers_of(article))
    seen: set[str] = set()
    for question in (*quizzes, *made):
        if question not in seen and len(parts_of(question)) == 1:
            seen.add(question)
            yield question


def _open(root: Path, articles: Sequence[Article]) -> _Desk:
    embedder = WordEmbedder()
    builder = Builder(root, embedder, Splitter(_MAX_TOKENS, embedder.limit))
    builder.build(articles)
    archive = LocalArchive(root, 2, embedder=embedder)
    answerer = ExtractiveAnswerer(
        archive,
        load_reader(None, 2),
        Scorer.read(BUNDLED_READER / "calibration.json"),
    )
    return _Desk(root, archive, answerer, builder)


def _measure(desk: _Desk, size: int, is_checked: bool) -> None:
    asker = _Asker(ArchiveAsker(desk.answerer))
    runner = desk.runner(size, asker)
    before = {one.id: one for one in runner.due.searches()}
    begun, cpu = time.perf_counter(), time.process_time()
    report = runner.run()
    took, cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    print(_line(size, report, took, cpu_s, asker), flush=True)
    if is_checked:
        untouched = {one.id for one in runner.due.searches() if one.turn == before[one.id].turn}
        print(f"{size:6} watches: {_n_missed(desk, size, before, untouched)} missed")


def _n_missed(
    desk: _Desk, size: int, before: Mapping[str, KeptSearch], untouched: Collection[str]
) -> int:
    """Return how many watches that were not touched would read other passages now."""
    asker, snapshot = ArchiveAsker(desk.answerer), desk.archive.current()
    missed = 0
    for _, watch in Watches(desk.database(size), size).all():
        standing = before[watch.id].standing
        if watch.id in untouched and standing:
            look = asker.look(watch, snapshot)
            missed += not (look and look.standing and look.standing.read == standing.read)
    return missed


def _line(size: int, report: RunReport, took: float, cpu_s: float, asker: _Asker) -> str:
    rest_s = took - asker.look_s
    return (
        f"{size:6} watches: {report.n_touched} touched, {report.n_asked} asked again; "
        f"{took:.1f} s ({cpu_s:.1f} s of processor): {rest_s:.1f} s to match and keep, "
        f"{asker.look_s:.1f} s to look up"
    )


if __name__ == "__main__":
    main()
