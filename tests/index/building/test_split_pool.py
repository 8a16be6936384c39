"""Articles split elsewhere are those split here."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import RequestError
from corpus.splitting import Splitter
from index.building.builder import Builder
from index.building.split_pool import SplitPool, split_batch
from index.store.database import connect
from index.vectors.onnx_embedder import OnnxEmbedder
from tests.index.tiny_embedder import make_tiny_embedder


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> OnnxEmbedder:
    folder = make_tiny_embedder(tmp_path_factory.mktemp("tiny") / "embedder")
    return OnnxEmbedder(folder, threads=1)


@pytest.fixture
def splitter(embedder: OnnxEmbedder) -> Splitter:
    return Splitter(20, embedder.limit)


@pytest.fixture
def pool(splitter: Splitter, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch) -> SplitPool:
    monkeypatch.setattr("index.building.split_pool._n_cores", lambda: 2)
    return SplitPool(splitter, embedder.id, embedder.folder / "tokenizer.json")


def news(n: int, text: str = "A bank said rates rise. “No,” said Ølsen. ") -> Article:
    return Article(f"{n}", f"Rates {n}", text * (1 + n % 7))


def batches(n: int) -> list[list[Article]]:
    return [[news(2 * i), news(2 * i + 1)][: 1 + i % 2] for i in range(n)]


def test_passages_come_in_order_and_are_those_of_one_process(
    pool: SplitPool, splitter: Splitter, embedder: OnnxEmbedder
) -> None:
    expected = [split_batch(splitter, embedder.id, batch) for batch in batches(30)]
    assert list(pool.split(batches(30))) == expected


def test_few_batches_are_taken_ahead(pool: SplitPool) -> None:
    taken = count()
    endless: Iterator[list[Article]] = ([news(next(taken))] for _ in count())
    rows = pool.split(endless)
    for _ in range(8):
        next(rows)
    rows.close()
    assert next(taken) < 20


def test_what_a_process_dies_of_is_split_here(
    pool: SplitPool, splitter: Splitter, embedder: OnnxEmbedder
) -> None:
    given, rows = batches(60), []
    others = children()
    for found in pool.split(given):
        rows.append(found)
        if len(rows) == 10:
            for process in children() - others:
                os.kill(process, signal.SIGKILL)
    assert rows == [split_batch(splitter, embedder.id, batch) for batch in given]


def test_where_no_process_starts_all_is_split_here(
    pool: SplitPool, splitter: Splitter, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    expected = [split_batch(splitter, embedder.id, batch) for batch in batches(10)]
    assert list(pool.split(batches(10))) == expected


def test_an_archive_is_the_same_however_it_is_split(
    pool: SplitPool, splitter: Splitter, embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    articles = [news(n) for n in range(700)]
    builder = Builder(tmp_path / "one", embedder, splitter)
    wide = replace(builder, root=tmp_path / "two", split_pool=pool)
    assert builder.build(articles).added == wide.build(articles).added == 700
    assert passages_of(builder.root) == passages_of(wide.root) != []


def test_articles_with_one_id_are_told_apart_though_they_come_together(
    pool: SplitPool, splitter: Splitter, embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    old = Article("7", "Ferry sinks", "The ferry sank.", source="Post", published="2024-01-01")
    new = Article(
        "7", "Rates rise", "A bank raised rates.", source="Ledger", published="2024-02-02"
    )
    builder = Builder(tmp_path / "index", embedder, splitter, split_pool=pool)
    report = builder.build([old, new, new])
    assert (report.added, report.replaced, report.unchanged) == (1, 1, 1)
    assert report.n_conflicts == 1
    # The first of the next run is known, and no longer when its turn comes.
    report = builder.build([old, new])
    assert (report.replaced, report.unchanged) == (2, 0)
    with pytest.raises(RequestError, match="two articles"):
        replace(builder, on_conflict="fail").build([old, new])
    assert len(passages_of(builder.root)) == 1


def children() -> set[int]:
    told = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for path in told for pid in path.read_text("ascii").split()}


def passages_of(root: Path) -> list[tuple[object, ...]]:
    archive = connect(root / "archive.db", read_only=True)
    try:
        rows = archive.execute("SELECT * FROM passages ORDER BY key")
        return [tuple(row) for row in rows]
    finally:
        archive.close()
