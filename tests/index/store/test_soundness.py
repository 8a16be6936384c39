"""What was changed in archive.db by anything but Dateline is told, and never an answer."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import IndexStateError
from corpus.splitting import Splitter
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.engines.local.snapshot import LocalSnapshot
from index.engines.local.verify import verify_index
from index.search.query import Query
from tests.conftest import HashEmbedder

CHANGES = {
    "text": "UPDATE articles SET text = replace(text, '4.25', '9.25') WHERE id = 'rates'",
    "title": "UPDATE articles SET title = 'Central bank cuts rates' WHERE id = 'rates'",
    "day": "UPDATE articles SET published = '2019-06-01' WHERE id = 'rates'",
    "bounds": "UPDATE passages SET sentences = replace(sentences, '[[0, ', '[[4, ')",
    "no bounds": "UPDATE passages SET sentences = '[[0, '",
    "lost rows": "DELETE FROM passages",
}
READS: dict[str, Callable[[LocalSnapshot], object]] = {
    "search": lambda snapshot: snapshot.search(Query("Who raised the rates?"), 3),
    "article": lambda snapshot: snapshot.article("rates"),
}


@pytest.fixture
def root(make_builder: Callable[[], Builder], articles: list[Article], tmp_path: Path) -> Path:
    make_builder().build(articles)
    return tmp_path / "index"


def change(root: Path, statement: str) -> None:
    with closing(sqlite3.connect(root / "archive.db")) as db:
        db.execute(statement)
        db.commit()


def opened(root: Path, embedder: HashEmbedder) -> LocalSnapshot:
    return LocalArchive(root, threads=1, embedder=embedder).current()


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_row_is_told(root: Path, embedder: HashEmbedder, name: str) -> None:
    snapshot = opened(root, embedder)
    READS["search"](snapshot)
    del snapshot
    change(root, CHANGES[name])
    with pytest.raises(IndexStateError, match="damaged"):
        READS["search"](opened(root, embedder))


@pytest.mark.parametrize("name", ["text", "title", "day"])
def test_a_changed_article_is_not_shown(root: Path, embedder: HashEmbedder, name: str) -> None:
    assert READS["article"](opened(root, embedder)) is not None
    change(root, CHANGES[name])
    with pytest.raises(IndexStateError, match="'rates' is not as it was written"):
        READS["article"](opened(root, embedder))


def test_an_archive_of_before_is_compared_by_its_passages(
    root: Path, embedder: HashEmbedder
) -> None:
    # It does not tell how its articles were split, so their hashes cannot be made again.
    change(root, "DELETE FROM meta WHERE name = 'splittings'")
    change(root, CHANGES["day"])
    assert READS["search"](opened(root, embedder))
    change(root, CHANGES["text"])
    with pytest.raises(IndexStateError, match="damaged"):
        READS["search"](opened(root, embedder))


def test_articles_split_in_two_ways_are_both_sound(
    make_builder: Callable[[], Builder], articles: list[Article], root: Path, embedder: HashEmbedder
) -> None:
    wider = replace(make_builder(), splitter=Splitter(80, embedder.limit))
    wider.add([replace(articles[0], id="another")])
    snapshot = opened(root, embedder)
    assert snapshot.article("another") and snapshot.article("rates")


def test_verifying_finds_it_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engines.local.verify.verify_embedder", lambda _: None)
    verify_index(root)
    change(root, CHANGES["day"])
    with pytest.raises(IndexStateError, match="'rates' is not as it was written"):
        verify_index(root)
