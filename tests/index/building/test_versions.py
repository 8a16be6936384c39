"""Earlier wordings, holds and removals: kept, bounded, read as of a day, and gone when removed."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.corrections.finding import find_corrections
from corpus.errors import RequestError
from corpus.sources import SkippedRecord
from corpus.sources.state import WITHDRAWN
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.search.query import Filters, Query
from tests.conftest import HashEmbedder
from tests.index.building.test_builder import StopsAt

MakeBuilder = Callable[[], Builder]

FIRST = Article(
    "ferry",
    "Ferry sinks",
    "The ferry Sula sank off Norhavn. Eleven people died.",
    source="Harbour Post",
    published="2024-03-05",
)
NOTICE = "This article was amended on 8 March 2024. An earlier version gave a wrong toll."
SECOND_TEXT = f"The ferry Sula sank off Norhavn. Nine people died.\n\n{NOTICE}"
SECOND = replace(FIRST, text=SECOND_TEXT, corrections=find_corrections(SECOND_TEXT, "2024-03-05"))
OTHER = Article("lake", "Lake freezes", "The lake froze over.", published="2024-03-01")
NOW = datetime(2024, 3, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def builder(make_builder: MakeBuilder) -> Builder:
    return replace(make_builder(), clock=lambda: NOW)


@pytest.fixture
def archive(tmp_path: Path, embedder: HashEmbedder) -> LocalArchive:
    return LocalArchive(tmp_path / "index", 1, embedder=embedder)


def texts(archive: LocalArchive, as_of: date | None, words: str = "ferry Sula died") -> list[str]:
    query = Query(words, Filters(), as_of)
    return [hit.text for hit in archive.current().search(query, 5) if hit.article.id == "ferry"]


def test_as_of_reads_what_stood_there_on_that_day(builder: Builder, archive: LocalArchive) -> None:
    builder.build([FIRST, OTHER])
    builder.add([SECOND])
    assert texts(archive, None) == ["The ferry Sula sank off Norhavn. Nine people died."]
    assert texts(archive, date(2024, 3, 7)) == [FIRST.text]
    assert texts(archive, date(2024, 3, 8)) == texts(archive, None)
    assert texts(archive, date(2024, 3, 4)) == []
    (kept,) = archive.current().history("ferry").versions
    assert (kept.article, kept.until) == (FIRST, date(2024, 3, 8))
    assert archive.current().history("ferry").version(FIRST.version) == kept


def test_an_article_that_carries_a_later_date_now_is_read_under_its_old_one(
    builder: Builder, archive: LocalArchive
) -> None:
    builder.build([FIRST, OTHER])
    builder.add([replace(SECOND, published="2024-03-10", corrections=())])
    assert texts(archive, date(2024, 3, 9)) == [FIRST.text]
    assert texts(archive, date(2024, 3, 4)) == []
    query = Query("ferry Sula died", Filters(("Lake Gazette",)), date(2024, 3, 9))
    assert archive.current().search(query, 5) == []


def test_a_change_without_a_day_counts_from_the_day_it_came(
    builder: Builder, archive: LocalArchive
) -> None:
    builder.build([FIRST, OTHER])
    builder.add([replace(FIRST, text="The ferry Sula sank. Nine people died.")])
    assert texts(archive, date(2024, 3, 19)) == [FIRST.text]
    assert texts(archive, date(2024, 3, 20)) == ["The ferry Sula sank. Nine people died."]


def test_so_many_wordings_are_kept_and_none_of_what_is_the_same(
    builder: Builder, archive: LocalArchive
) -> None:
    builder = replace(builder, keep_versions=2)
    builder.build([FIRST, OTHER])
    for n in range(4):
        builder.add([replace(FIRST, text=f"The ferry Sula sank. {n} people died.")])
    kept = archive.current().history("ferry").versions
    assert [one.article.text[-14:] for one in kept] == ["2 people died.", "1 people died."]
    builder.add([replace(FIRST, text="The ferry Sula sank. 3 people died.", section="News")])
    assert archive.current().history("ferry").versions == kept
    replace(builder, keep_versions=0).add([FIRST])
    assert archive.current().history("ferry").versions == ()


def test_another_article_under_the_id_has_no_earlier_wording(
    builder: Builder, archive: LocalArchive
) -> None:
    builder.build([FIRST, OTHER])
    builder.add([SECOND])
    builder.add([Article("ferry", "Budget", "The council met.", source="Gazette")])
    assert archive.current().history("ferry").versions == ()


@pytest.mark.parametrize("way", ["remove", "build"])
def test_what_is_removed_is_gone_from_the_bytes_and_known_as_removed(
    builder: Builder, archive: LocalArchive, tmp_path: Path, way: str
) -> None:
    secret = replace(FIRST, text="The ferry Sula sank off Norhavn. Ivo Brandt died.")
    # Random words do not shrink: what were left of them would be found.
    builder.build([secret, OTHER])
    builder.add([SECOND])
    packed = next(iter(_contents(tmp_path / "index" / "archive.db")))
    if way == "remove":
        builder.remove(["ferry"])
    else:
        builder.build([OTHER])
    history = archive.current().history("ferry")
    assert (history.versions, history.removed) == ((), NOW.date())
    archive.renew()
    for path in (tmp_path / "index").rglob("*"):
        if path.is_file():
            assert packed not in path.read_bytes(), path
            assert b"Brandt" not in path.read_bytes(), path
    assert archive.current().history("nowhere").removed is None


def test_what_a_killed_run_had_published_is_finished_by_the_next(
    builder: Builder, tmp_path: Path
) -> None:
    builder.build([FIRST, OTHER])
    root = tmp_path / "index"
    number = int((root / "CURRENT").read_text())
    # As it is left between the moment of publication and the deletion of what it removed.
    with sqlite3.connect(root / "archive.db") as db:
        db.execute("UPDATE articles SET removed_in = ? WHERE id = 'ferry'", (number,))
    db.close()
    (root / "snapshots" / "1").mkdir(exist_ok=True)
    builder.add([OTHER])
    assert b"Eleven people died" not in (root / "archive.db").read_bytes()
    assert [path.name for path in (root / "snapshots").iterdir()] == [str(number)]


def _contents(path: Path) -> list[bytes]:
    with sqlite3.connect(path) as db:
        found = [row[0] for row in db.execute("SELECT content FROM versions")]
    db.close()
    return found


@pytest.mark.parametrize(
    "stage", ["Reading articles", "Publishing", "Finding near-duplicates", "Embedding passages"]
)
def test_a_run_that_is_killed_leaves_the_versions_as_they_were(
    builder: Builder, archive: LocalArchive, tmp_path: Path, stage: str
) -> None:
    builder.build([FIRST, OTHER])
    third = replace(FIRST, text="The ferry Sula sank. Nobody died after all.")
    builder.add([SECOND])
    before = archive.current().history("ferry")
    with pytest.raises(KeyboardInterrupt):
        replace(builder, progress=StopsAt(stage, 1 if stage != "Publishing" else 0)).add([third])
    again = LocalArchive(tmp_path / "index", 1, embedder=HashEmbedder())
    if again.current().article("ferry") == SECOND:
        assert again.current().history("ferry") == before
    builder.add([third])
    kept = LocalArchive(tmp_path / "index", 1, embedder=HashEmbedder()).current().history("ferry")
    assert [one.article for one in kept.versions] == [SECOND, FIRST]


def test_a_killed_build_keeps_each_earlier_wording_once(
    builder: Builder, archive: LocalArchive, tmp_path: Path
) -> None:
    builder.build([FIRST, OTHER])
    with pytest.raises(KeyboardInterrupt):
        replace(builder, progress=StopsAt("Publishing", 0)).build([SECOND, OTHER])
    builder.build([SECOND, OTHER])
    history = archive.current().history("ferry")
    assert [one.article for one in history.versions] == [FIRST]
    assert history.removed is None and archive.current().status.n_articles == 2


def test_what_is_on_hold_is_in_no_answer_until_it_is_released(
    builder: Builder, archive: LocalArchive
) -> None:
    builder.build([FIRST, OTHER])
    builder.hold(["ferry"], "A complaint came in.", "Ada")
    assert texts(archive, None) == [] == texts(archive, date(2024, 3, 7))
    assert [one.id for one in archive.current().newest(5)] == ["lake"]
    held = archive.current().history("ferry").hold
    assert held and (held.why, held.held_by, held.held_at) == (
        "A complaint came in.", "Ada", "2024-03-20T09:00:00+00:00",
    )  # fmt: skip
    # It comes again, in other words: it is still the one that is on hold.
    builder.add([SECOND])
    assert texts(archive, None) == [] == texts(archive, date(2024, 3, 7))
    with pytest.raises(RequestError, match="on hold already"):
        builder.hold(["ferry"], "Again.", "Ada")
    builder.release(["ferry"], "Ada")
    assert len(texts(archive, None)) == 1
    assert archive.current().history("ferry").hold is None
    with pytest.raises(RequestError, match="not on hold"):
        builder.release(["ferry"], "Ada")
    with pytest.raises(RequestError, match="nothing changed"):
        builder.hold(["nowhere"], "Why.", "Ada")


def test_a_hold_is_a_change_for_who_watches(builder: Builder, archive: LocalArchive) -> None:
    builder.build([FIRST, OTHER])
    builder.remove(["lake"])
    before = archive.current().status.snapshot
    builder.hold(["ferry"], "Why.", "Ada")
    held = archive.current().published_since(before, 100)
    assert held and len(held.removed) == 1 and not held.passages
    between = archive.current().status.snapshot
    builder.release(["ferry"], "Ada")
    released = archive.current().published_since(between, 100)
    assert released and len(released.removed) == 0
    assert {one.article for one in released.passages} == set(held.removed.tolist())


def test_a_hold_that_is_killed_holds_nothing(
    builder: Builder, archive: LocalArchive, tmp_path: Path
) -> None:
    builder.build([FIRST, OTHER])
    with pytest.raises(KeyboardInterrupt):
        replace(builder, progress=StopsAt("Publishing", 0)).hold(["ferry"], "Why.", "Ada")
    assert len(texts(archive, None)) == 1
    builder.add([OTHER])
    builder.hold(["ferry"], "Why.", "Ada")
    assert texts(archive, None) == []


def test_a_retracted_article_answers_nothing_and_one_withdrawn_stays_as_such(
    builder: Builder, archive: LocalArchive
) -> None:
    builder.build([FIRST, OTHER])
    taken_back = SkippedRecord("feed", 1, WITHDRAWN, "unpublished", "ferry")
    report = builder.add([taken_back])
    assert (report.replaced, len(report.skips)) == (1, 1)
    assert texts(archive, None) == []
    found = archive.current().article("ferry")
    assert found and found.is_retracted and found.text == FIRST.text
    # In a build too it stays, to say so; what was never there does not come.
    unknown = replace(taken_back, withdrawn="nowhere")
    report = builder.build([taken_back, unknown, OTHER])
    assert (report.removed, report.added) == (0, 0)
    assert archive.current().article("nowhere") is None
    builder.add([FIRST])
    assert texts(archive, None) == [FIRST.text]
