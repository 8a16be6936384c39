import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import IndexStateError
from index.builder import Builder
from index.local import LocalArchive
from index.local_snapshot import LocalSnapshot
from index.query import Filters, Query
from index.retriever import RetrievalSettings
from index.snapshot import IndexFolder
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


def test_hits_are_ranked_and_quote_their_article(snapshot: LocalSnapshot) -> None:
    hits = snapshot.search(Query("Why did the ferry Sula sink?"), 10)
    assert hits[0].article.id == "ferry"
    assert [hit.rank for hit in hits] == list(range(len(hits)))
    assert all(one.score >= two.score for one, two in zip(hits, hits[1:], strict=False))
    assert all(hit.text == hit.article.text[hit.passage.start : hit.passage.end] for hit in hits)


def test_the_newest_articles_come_first_and_undated_ones_last(snapshot: LocalSnapshot) -> None:
    assert [article.id for article in snapshot.newest(5)] == ["rates", "ferry", "undated"]
    assert [article.id for article in snapshot.newest(1)] == ["rates"]


def test_a_source_filter_holds_for_both_retrievers(snapshot: LocalSnapshot) -> None:
    only = Filters(sources=("Capital Ledger",))
    assert set(found(snapshot, Query("ferry", only))) == {"rates"}
    assert found(snapshot, Query("ferry", Filters(sources=("Nobody",)))) == []


@pytest.mark.parametrize(
    ("filters", "as_of", "expected"),
    [
        (Filters(), date(2024, 4, 1), {"ferry"}),
        (Filters(published_from=date(2024, 4, 1)), None, {"rates"}),
        (Filters(published_to=date(2024, 6, 1)), None, {"ferry", "rates"}),
        (Filters(published_from=date(2025, 1, 1)), None, set()),
        (Filters(), None, {"ferry", "rates", "undated"}),
    ],
)
def test_days_are_inclusive_and_undated_articles_pass_no_date_filter(
    snapshot: LocalSnapshot, filters: Filters, as_of: date | None, expected: set[str]
) -> None:
    assert set(found(snapshot, Query("ferry bank water", filters, as_of))) == expected


def test_any_question_text_is_searchable(snapshot: LocalSnapshot) -> None:
    for text in ('"AND (ferry', "ferry~2 OR *", "???", "渡轮 🙂", "a" * 5000):
        snapshot.search(Query(text), 5)


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


def test_status_tells_what_is_there(snapshot: LocalSnapshot) -> None:
    status = snapshot.status
    assert (status.n_articles, status.sources) == (3, ("Harbour Post", "Capital Ledger"))
    assert (status.first_day, status.last_day) == ("2024-03-05", "2024-06-01")
    assert status.n_embedded == status.n_passages > 0


def test_an_unbuilt_index_says_what_to_do(open_snapshot: Callable[[], LocalSnapshot]) -> None:
    with pytest.raises(IndexStateError, match="dateline build"):
        open_snapshot()


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


def test_an_index_of_another_embedder_is_refused(
    snapshot: LocalSnapshot, embedder: HashEmbedder, tmp_path: Path
) -> None:
    embedder.id = "other/16"
    with pytest.raises(IndexStateError, match="other/16"):
        LocalSnapshot.open(IndexFolder(tmp_path / "index"), lambda: embedder, RetrievalSettings())


def test_a_served_archive_moves_to_each_new_snapshot(
    make_builder: Callable[[], Builder],
    articles: list[Article],
    embedder: HashEmbedder,
    tmp_path: Path,
) -> None:
    archive = LocalArchive(tmp_path / "index", threads=1, embedder=embedder)
    with pytest.raises(IndexStateError, match="dateline build"):
        archive.current()
    make_builder().build(articles[:1])
    first = archive.current()
    assert archive.current() is first
    make_builder().add(articles[1:])
    assert archive.current().status.n_articles == 3
    assert first.status.n_articles == 1


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


def test_questions_go_on_while_snapshots_are_published(
    make_builder: Callable[[], Builder],
    articles: list[Article],
    embedder: HashEmbedder,
    tmp_path: Path,
) -> None:
    make_builder().build(articles)
    archive = LocalArchive(tmp_path / "index", threads=1, embedder=embedder)
    done = threading.Event()
    failures: list[Exception] = []

    def ask() -> None:
        while not done.is_set():
            try:
                hits = archive.current().search(Query("Why did the ferry Sula sink?"), 5)
                assert hits[0].article.id == "ferry"
            except Exception as error:  # whatever goes wrong fails the test
                failures.append(error)
                return

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for asker in askers:
        asker.start()
    for number in range(4):
        make_builder().add([replace(articles[1], text=f"The bank met again, for time {number}.")])
    done.set()
    for asker in askers:
        asker.join()
    assert failures == []
