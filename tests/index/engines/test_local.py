from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import IndexStateError
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.engines.local.snapshot import LocalSnapshot
from index.search.query import Filters, Query
from index.search.retriever import RetrievalSettings
from tests.conftest import HashEmbedder


@pytest.fixture
def open_snapshot(tmp_path: Path, embedder: HashEmbedder) -> Callable[[], LocalSnapshot]:
    return lambda: LocalSnapshot.open(
        IndexFolder(tmp_path / "index"), lambda: embedder, RetrievalSettings()
    )


@pytest.fixture
def snapshot(
    make_builder: Callable[[], Builder],
    articles: list[Article],
    open_snapshot: Callable[[], LocalSnapshot],
) -> LocalSnapshot:
    make_builder().build(articles)
    return open_snapshot()


def found(snapshot: LocalSnapshot, query: Query) -> list[str]:
    return [hit.article.id for hit in snapshot.search(query, 10)]


def test_a_held_snapshot_keeps_what_was_removed_since(
    snapshot: LocalSnapshot,
    make_builder: Callable[[], Builder],
    open_snapshot: Callable[[], LocalSnapshot],
    articles: list[Article],
) -> None:
    corrected = replace(articles[0], text="The ferry did not sink.")
    make_builder().add([corrected])
    make_builder().remove(["rates"])
    assert snapshot.article("rates") == articles[1]
    assert snapshot.article("ferry") == articles[0]
    assert "ferry" in found(snapshot, Query("Captain Ølsen hull"))
    newer = open_snapshot()
    assert newer.article("rates") is None
    assert newer.article("ferry") == corrected


@pytest.mark.parametrize("name", ["dense.faiss", "manifest.json", "lexical/meta.json"])
@pytest.mark.parametrize("damage", [b"", b"damaged"])
def test_a_damaged_snapshot_is_named_and_not_opened(
    snapshot: LocalSnapshot,
    open_snapshot: Callable[[], LocalSnapshot],
    tmp_path: Path,
    name: str,
    damage: bytes,
) -> None:
    path = IndexFolder(tmp_path / "index").snapshot(snapshot.manifest.number) / name
    raw = path.read_bytes()
    path.write_bytes(damage + raw[len(damage) :] if damage else damage)
    with pytest.raises(IndexStateError, match=name.replace(".", r"\.")):
        open_snapshot()


@pytest.mark.parametrize("name", ["CURRENT", "manifest.json", "dense.faiss"])
def test_a_newer_snapshot_that_is_damaged_does_not_take_away_the_one_held(
    make_builder: Callable[[], Builder],
    articles: list[Article],
    embedder: HashEmbedder,
    tmp_path: Path,
    name: str,
) -> None:
    folder, now_s = IndexFolder(tmp_path / "index"), [0.0]
    archive = LocalArchive(folder.root, threads=1, embedder=embedder, clock=lambda: now_s[0])
    make_builder().build(articles[:1])
    held = archive.current()
    make_builder().add(articles[1:])
    path = (folder.root if name == "CURRENT" else folder.snapshot(folder.current())) / name
    sound = path.read_bytes()
    path.write_bytes(b"damaged")
    assert archive.current() is held
    assert held.status.trouble and name in held.status.trouble
    assert held.article("ferry") == articles[0] and found(held, Query("ferry Sula"))
    path.write_bytes(sound)
    if name != "CURRENT":  # then the number is another one, and tried at once
        assert archive.current() is held, "it is not tried again with every question"
        now_s[0] = 31.0
    assert archive.current().status.n_articles == 3
    assert archive.current().status.trouble is None


def test_the_snapshot_held_is_no_trouble_once_it_is_the_newest_again(
    make_builder: Callable[[], Builder],
    articles: list[Article],
    embedder: HashEmbedder,
    tmp_path: Path,
) -> None:
    make_builder().build(articles)
    archive = LocalArchive(tmp_path / "index", threads=1, embedder=embedder)
    held, current = archive.current(), tmp_path / "index" / "CURRENT"
    number = current.read_text()
    current.unlink()
    assert archive.current().status.trouble
    current.write_text(number)
    assert archive.current() is held and held.status.trouble is None


def test_passages_are_counted_by_words_in_a_row_of_headlines_too(snapshot: LocalSnapshot) -> None:
    assert snapshot.n_passages_with("Marta Ølsen") == snapshot.n_passages_with("marta olsen") > 0
    assert snapshot.n_passages_with("Ølsen Marta") == 0
    assert snapshot.n_passages_with("How ferries float") == 1
    assert snapshot.n_passages_with("Kestrel Rhode") == snapshot.n_passages_with("") == 0


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("govenor", "Governor"),
        ("Norhaven", "Norhavn"),
        ("diplaces", "displaces"),
        ("kestrel", None),
        ("", None),
    ],
)
def test_a_misspelt_word_is_written_as_an_article_does(
    snapshot: LocalSnapshot, word: str, written: str | None
) -> None:
    assert snapshot.spelt_like(word) == written


@pytest.mark.parametrize("name", ["Harbour Post", "harbour post", "HARBOUR POST"])
def test_outlets_are_found_whatever_the_case(snapshot: LocalSnapshot, name: str) -> None:
    assert set(found(snapshot, Query("ferry", Filters(sources=(name,))))) == {"ferry"}


def test_an_outlet_that_is_not_there_has_nothing(snapshot: LocalSnapshot) -> None:
    assert found(snapshot, Query("ferry", Filters(sources=("Harbor Post",)))) == []


def test_outlets_that_differ_in_case_alone_stay_apart() -> None:
    filters = Filters(sources=("post", "POST", "echo", "Herald"))
    spelt = filters.spelt_as(("Post", "POST", "Echo"))
    assert spelt.sources[1:] == ("POST", "Echo", "Herald")
    assert spelt.sources[0] in ("Post", "POST")


@pytest.mark.parametrize("query", ["9000", "9,000"])
def test_a_number_is_found_either_way(
    make_builder: Callable[[], Builder],
    open_snapshot: Callable[[], LocalSnapshot],
    query: str,
) -> None:
    paid = [
        Article("with", "Fans pay", "Fans paid 9,000 for it."),
        Article("without", "Others pay", "Others paid 9000 for it."),
        Article("other", "None pay", "They paid 900 for it."),
    ]
    make_builder().build(paid)
    built = open_snapshot()
    hits = [hit for hit in built.search(Query(query), 10) if hit.lexical]
    assert {hit.article.id for hit in hits} == {"with", "without"}
    assert built.n_passages_with(query) == 2
