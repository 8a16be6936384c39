from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from corpus.article import Article
from corpus.errors import ModelError, WorkerError
from corpus.splitting import Splitter
from index.building.builder import Builder
from index.store.database import connect
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.process_pool import ProcessPool
from tests.index.tiny_embedder import make_tiny_embedder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_embedder(tmp_path_factory.mktemp("tiny") / "embedder")


def test_vectors_come_in_order_and_are_those_of_one_process(folder: Path) -> None:
    batches = [[f"the ferry sank {'rain ' * n}", "a bank"][: 1 + n % 2] for n in range(20)]
    here = OnnxEmbedder(folder, threads=1)
    there = list(ProcessPool(folder, 2).embed(batches))
    assert len(there) == len(batches)
    for texts, vectors in zip(batches, there, strict=True):
        assert np.array_equal(vectors, here.embed_passages(texts))


def test_few_batches_are_taken_ahead(folder: Path) -> None:
    taken = count()
    endless: Iterator[list[str]] = ([f"news {next(taken)}"] for _ in count())
    vectors = ProcessPool(folder, 2).embed(endless)
    for _ in range(3):
        next(vectors)
    vectors.close()
    assert next(taken) < 10


def test_nothing_is_started_where_there_is_nothing_to_embed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/file")
    assert list(ProcessPool(folder, 2).embed([])) == []


def test_processes_that_do_not_start_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(WorkerError, match="the same command goes on"):
        list(ProcessPool(folder, 2).embed([["rain"]]))


def test_a_damaged_embedder_is_named(folder: Path, tmp_path: Path) -> None:
    damaged = make_tiny_embedder(tmp_path / "embedder")
    (damaged / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(ModelError, match=r"model\.onnx is damaged"):
        list(ProcessPool(damaged, 1).embed([["rain"]]))


def test_an_archive_is_the_same_however_it_is_embedded(folder: Path, tmp_path: Path) -> None:
    embedder = OnnxEmbedder(folder, threads=1)
    articles = [
        Article(f"{n}", f"Rates {n % 90}", "A bank said rates rise. " * (1 + n % 7))
        for n in range(200)
    ]
    builder = Builder(tmp_path / "one", embedder, Splitter(20, embedder.limit))
    wide = replace(builder, root=tmp_path / "two", pool=ProcessPool(folder, 2))
    assert builder.build(articles).embedded == wide.build(articles).embedded > 200
    assert vectors_of(builder.root) == vectors_of(wide.root) != []


def vectors_of(root: Path) -> list[tuple[bytes, bytes]]:
    archive = connect(root / "archive.db", read_only=True)
    try:
        return [tuple(row) for row in archive.execute("SELECT * FROM vectors ORDER BY hash")]
    finally:
        archive.close()
