"""Ids, other names, and what an earlier Dateline left."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import IndexStateError, RequestError
from corpus.identity import legacy_id
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.search.query import Query
from tests.conftest import HashEmbedder

MakeBuilder = Callable[[], Builder]
URL = "https://hp.example/2024/03/05/ferry"
FERRY = Article(URL, "Ferry", "Nine people were rescued from the ferry Astra.", URL, "Harbour Post")
TRAM = Article("Harbour Post/1", "Tram", "Tram line 4 opened on Monday.", source="Harbour Post")
LAKE = Article("Lake Gazette/1", "Lake", "The lake froze over.", source="Lake Gazette")


@pytest.fixture
def archive(make_builder: MakeBuilder, tmp_path: Path, embedder: HashEmbedder) -> LocalArchive:
    make_builder().build([FERRY, TRAM, LAKE])
    return LocalArchive(tmp_path / "index", 1, embedder=embedder)


def test_an_article_is_found_by_each_of_its_names(archive: LocalArchive) -> None:
    snapshot = archive.current()
    for name in (URL, f" {URL}?utm_source=rss", legacy_id(URL)):
        assert snapshot.article(name) == FERRY
    assert snapshot.article("Lake Gazette/1") == LAKE
    assert snapshot.article("2") is None
    with pytest.raises(RequestError, match="'Harbour Post/1', 'Lake Gazette/1'"):
        snapshot.article("1")


def test_articles_are_removed_by_any_name_that_is_clear(
    archive: LocalArchive, make_builder: MakeBuilder
) -> None:
    with pytest.raises(RequestError, match="several articles"):
        make_builder().remove(["1"])
    assert make_builder().remove(["Lake Gazette/1", legacy_id(URL)]).removed == 2
    assert make_builder().remove(["1"]).removed == 1
    with pytest.raises(RequestError, match="no article has the id '1'"):
        make_builder().remove(["1"])


def test_another_article_under_a_known_id_is_told_kept_or_refused(
    make_builder: MakeBuilder, tmp_path: Path, embedder: HashEmbedder
) -> None:
    make_builder().build([replace(TRAM, id="x", published="2024-05-06")])
    other = replace(LAKE, id="x", published="2024-01-07")
    with pytest.raises(RequestError, match="'x' is the id of two articles: 'Tram'"):
        replace(make_builder(), on_conflict="fail").add([other])
    kept = replace(make_builder(), on_conflict="keep").add([other])
    assert (kept.kept, kept.replaced, kept.n_conflicts) == (1, 0, 1)
    archive = LocalArchive(tmp_path / "index", 1, embedder=embedder)
    found = archive.current().article("x")
    assert found is not None and found.title == "Tram"
    report = make_builder().add([other])
    (conflict,) = report.conflicts
    assert report.replaced == 1
    assert str(conflict) == (
        "'x': 'Tram' (Harbour Post, 2024-05-06) is replaced by 'Lake' (Lake Gazette, 2024-01-07)"
    )
    corrected = replace(other, text="The lake froze over again.")
    assert make_builder().add([corrected]).conflicts == []


def as_first_schema(path: Path, ids: dict[str, str]) -> None:
    """Make of an archive what the first schema had."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DROP TABLE names")
        db.execute("ALTER TABLE articles DROP COLUMN embargo")
        db.execute("ALTER TABLE articles DROP COLUMN is_legacy")
        db.execute("UPDATE meta SET value = '1' WHERE name = 'schema'")
        for new, old in ids.items():
            db.execute("UPDATE articles SET id = ?, hash = x'00' WHERE id = ?", (old, new))
    db.close()


def test_an_index_of_the_first_schema_is_brought_up_to_date(
    archive: LocalArchive, make_builder: MakeBuilder, tmp_path: Path, embedder: HashEmbedder
) -> None:
    root = tmp_path / "index"
    del archive
    as_first_schema(root / "archive.db", {URL: legacy_id(URL), "Harbour Post/1": "1"})
    old = LocalArchive(root, 1, embedder=embedder)
    with pytest.raises(IndexStateError, match="verify --rebuild"):
        old.current()
    n_embedded = len(embedder.embedded)
    make_builder().rebuild()
    assert old.current().article(legacy_id(URL)) == replace(FERRY, id=legacy_id(URL))
    assert old.current().article(URL) is not None
    # The same articles under new ids take the place of the old, and old links still lead there.
    report = make_builder().add([FERRY, TRAM, LAKE])
    assert (report.added, report.replaced, report.unchanged) == (0, 2, 1)
    assert len(embedder.embedded) == n_embedded
    assert old.current().article(legacy_id(URL)) == FERRY
    assert old.current().article("Harbour Post/1") == TRAM


def test_what_is_embargoed_is_found_when_its_time_has_come(
    make_builder: MakeBuilder, tmp_path: Path, embedder: HashEmbedder
) -> None:
    held = replace(FERRY, published="2024-03-01", embargo="2024-03-05T09:00:00+00:00")
    secret = replace(LAKE, published="2024-03-01", embargo="2199-01-01")
    make_builder().build([held, secret, replace(TRAM, published="2024-03-01")])
    snapshot = LocalArchive(tmp_path / "index", 1, embedder=embedder).current()

    def found(as_of: date | None) -> set[str]:
        hits = snapshot.search(Query("ferry rescued tram lake froze", as_of=as_of), 10)
        return {hit.article.title for hit in hits}

    assert found(None) == found(date(2024, 3, 5)) == {"Ferry", "Tram"}
    assert found(date(2024, 3, 4)) == {"Tram"}
    assert {article.title for article in snapshot.newest(9)} == {"Ferry", "Tram"}


def test_a_month_is_in_the_archive_by_its_last_day(
    make_builder: MakeBuilder, tmp_path: Path, embedder: HashEmbedder
) -> None:
    make_builder().build([replace(FERRY, published="2024-02"), replace(LAKE, published="2023")])
    snapshot = LocalArchive(tmp_path / "index", 1, embedder=embedder).current()
    assert (snapshot.status.first_day, snapshot.status.last_day) == ("2023-12-31", "2024-02-29")
    early = snapshot.search(Query("ferry lake", as_of=date(2024, 2, 28)), 10)
    assert {hit.article.title for hit in early} == {"Lake"}
    late = snapshot.search(Query("ferry lake", as_of=date(2024, 2, 29)), 10)
    assert {hit.article.title for hit in late} == {"Ferry", "Lake"}
