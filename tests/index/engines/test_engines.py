"""What every engine does alike."""

import threading
from dataclasses import replace
from datetime import date

import pytest

from corpus.article import Article
from corpus.corrections.finding import find_corrections
from corpus.corrections.notice import Correction
from corpus.errors import IndexStateError, RequestError
from index.engines.archive import Archive, ArchiveSnapshot
from index.search.query import Filters, Query
from tests.conftest import HashEmbedder
from tests.index.engines.both import LocalEngine


@pytest.fixture
def archive(engine: LocalEngine, articles: list[Article]) -> Archive:
    engine.builder().build(articles)
    return engine.archive()


@pytest.fixture
def snapshot(archive: Archive) -> ArchiveSnapshot:
    return archive.current()


def found(snapshot: ArchiveSnapshot, query: Query) -> list[str]:
    return [hit.article.id for hit in snapshot.search(query, 10)]


def test_hits_are_ranked_and_quote_their_article(
    snapshot: ArchiveSnapshot, articles: list[Article]
) -> None:
    hits = snapshot.search(Query("Why did the ferry Sula sink?"), 10)
    assert hits[0].article == articles[0]
    assert [hit.rank for hit in hits] == list(range(len(hits)))
    assert all(one.score >= two.score for one, two in zip(hits, hits[1:], strict=False))
    assert all(hit.text == hit.article.text[hit.passage.start : hit.passage.end] for hit in hits)
    assert hits[0].lexical and hits[0].lexical > 0
    assert all(-1.001 <= hit.dense <= 1.001 for hit in hits if hit.dense is not None)
    assert [hit.rank for hit in snapshot.search(Query("ferry"), 1)] == [0]


def test_words_are_found_in_another_form_and_without_accents(snapshot: ArchiveSnapshot) -> None:
    for text, expected in (("raised", "rates"), ("raising", "rates"), ("Olsen", "ferry")):
        best = max(snapshot.search(Query(text), 10), key=lambda hit: hit.lexical or 0)
        assert best.lexical and best.article.id == expected


def test_the_newest_articles_come_first_and_undated_ones_last(snapshot: ArchiveSnapshot) -> None:
    assert [article.id for article in snapshot.newest(5)] == ["rates", "ferry", "undated"]
    assert [article.id for article in snapshot.newest(1)] == ["rates"]


def test_a_source_filter_holds_for_both_retrievers(snapshot: ArchiveSnapshot) -> None:
    only = Filters(sources=("Capital Ledger",))
    assert set(found(snapshot, Query("ferry", only))) == {"rates"}
    for nobody in ("Nobody", 'Capital Ledger" or key > 0 or source == "', "\\"):
        assert found(snapshot, Query("ferry", Filters(sources=(nobody,)))) == []


@pytest.mark.parametrize(
    ("filters", "as_of", "expected"),
    [
        (Filters(), date(2024, 4, 1), {"ferry"}),
        (Filters(), date(2024, 3, 4), set()),
        (Filters(published_from=date(2024, 4, 1)), None, {"rates"}),
        (Filters(published_to=date(2024, 6, 1)), None, {"ferry", "rates"}),
        (Filters(published_to=date(2024, 6, 1)), date(2024, 5, 31), {"ferry"}),
        (Filters(published_from=date(2025, 1, 1)), None, set()),
        (Filters(), None, {"ferry", "rates", "undated"}),
    ],
)
def test_days_are_inclusive_and_undated_articles_pass_no_date_filter(
    snapshot: ArchiveSnapshot, filters: Filters, as_of: date | None, expected: set[str]
) -> None:
    assert set(found(snapshot, Query("ferry bank water", filters, as_of))) == expected


def test_any_question_text_is_searchable(snapshot: ArchiveSnapshot) -> None:
    for text in ('"AND (ferry', "ferry~2 OR *", "???", "渡轮 🙂", "a" * 5000, "sinks " * 500):
        snapshot.search(Query(text), 5)


def test_any_id_can_be_looked_up(snapshot: ArchiveSnapshot, articles: list[Article]) -> None:
    assert snapshot.article("ferry") == articles[0]
    for unknown in ("nowhere", "", '" or key > 0 or id_name == "', "\x00", "🙂" * 5000):
        assert snapshot.article(unknown) is None


def test_an_article_of_any_length_comes_back_as_it_was(
    engine: LocalEngine, articles: list[Article]
) -> None:
    # More than any field takes, in code points of one to four bytes, and what JSON escapes.
    long = "The “ferry” \\ \t Ølsen 渡轮 🙂 sank. " * 3500
    one = Article("long/" + "🙂" * 400, long[:50_000], long, "http://x/" + "y" * 70_000, "Søurce")
    engine.builder().build([*articles, one])
    snapshot = engine.archive().current()
    assert snapshot.article(one.id) == one
    hits = snapshot.search(Query("ferry", Filters(sources=("Søurce",))), 3)
    assert hits and all(hit.article == one for hit in hits)


def test_status_tells_what_is_there(snapshot: ArchiveSnapshot) -> None:
    status = snapshot.status
    assert (status.n_articles, status.sources) == (3, ("Harbour Post", "Capital Ledger"))
    assert (status.first_day, status.last_day) == ("2024-03-05", "2024-06-01")
    assert status.n_embedded == status.n_passages > 0
    assert status.published_at and status.embedder == "hash/16"


def test_an_archive_that_was_never_built_says_what_to_do(engine: LocalEngine) -> None:
    with pytest.raises(IndexStateError, match="dateline build"):
        engine.archive().current()


def test_an_archive_of_another_embedder_is_refused(archive: Archive, engine: LocalEngine) -> None:
    other = HashEmbedder()
    other.id = "other/16"
    with pytest.raises(IndexStateError, match="other/16"):
        engine.archive(other).current()


def test_readers_move_to_each_new_snapshot(engine: LocalEngine, articles: list[Article]) -> None:
    engine.builder().build(articles[:1])
    archive = engine.archive()
    first = archive.current()
    assert archive.current() is first
    report = engine.builder().add(articles[1:])
    assert (report.added, archive.current().status.snapshot) == (2, report.snapshot)
    assert archive.current().status.n_articles == 3
    # The one that is held shows nothing of what came later.
    assert first.status.n_articles == 1
    assert set(found(first, Query("ferry bank water"))) == {"ferry"}
    assert first.article("rates") is None


def test_an_article_is_replaced_and_its_old_text_not_found(
    archive: Archive, engine: LocalEngine, articles: list[Article]
) -> None:
    corrected = replace(articles[0], text="The ferry did not sink.")
    report = engine.builder().add([corrected])
    assert (report.added, report.replaced) == (0, 1)
    assert archive.current().article("ferry") == corrected
    hits = archive.current().search(Query("Captain Ølsen hull"), 10)
    assert all("hull" not in hit.text for hit in hits)
    assert archive.current().status.n_articles == 3


def test_a_removed_article_is_gone(archive: Archive, engine: LocalEngine) -> None:
    assert engine.builder().remove(["rates"]).removed == 1
    current = archive.current()
    assert current.article("rates") is None and current.status.sources == ("Harbour Post",)
    assert "rates" not in found(current, Query("central bank rate"))
    assert [article.id for article in current.newest(5)] == ["ferry", "undated"]
    with pytest.raises(RequestError, match="'rates'"):
        engine.builder().remove(["rates"])


def test_corrections_come_along_and_what_was_retracted_is_in_no_answer(
    archive: Archive, engine: LocalEngine, articles: list[Article]
) -> None:
    stated = Correction("correction", "The hull had not cracked.", "2024-03-06")
    text = f"{articles[0].text}\n\nCorrection: Nine were rescued, not eleven."
    noticed = find_corrections(text, "2024-03-05")
    corrected = replace(articles[0], text=text, corrections=(*noticed, stated))
    engine.builder().add([corrected])
    assert archive.current().article("ferry") == corrected
    hits = archive.current().search(Query("How many were rescued, not eleven?"), 10)
    assert {one.text for hit in hits for one in hit.article.corrections} == {
        "Correction: Nine were rescued, not eleven.",
        "The hull had not cracked.",
    }
    assert all("eleven" not in hit.text for hit in hits)
    retracted = replace(corrected, corrections=(Correction("retraction", "Not true."),))
    engine.builder().add([retracted])
    assert "ferry" not in found(archive.current(), Query("ferry Sula rescued"))
    assert "ferry" not in {one.id for one in archive.current().newest(5)}
    assert archive.current().article("ferry") == retracted


def test_what_is_on_hold_is_in_no_answer_until_it_is_released(
    engine: LocalEngine, articles: list[Article]
) -> None:
    engine.builder().build(articles)
    archive = engine.archive()
    engine.builder().hold(["ferry"], "A complaint.", "Ada")
    assert "ferry" not in found(archive.current(), Query("ferry Sula rescued"))
    assert "ferry" not in {one.id for one in archive.current().newest(5)}
    held = archive.current().history("ferry").hold
    assert held and held.id == "ferry" and held.held_at
    assert archive.current().article("ferry") is not None
    engine.builder().release(["ferry"], "Ada")
    assert "ferry" in found(archive.current(), Query("ferry Sula rescued"))
    assert archive.current().history("ferry").hold is None


def test_a_build_drops_what_is_no_longer_there_and_embeds_only_what_is_new(
    archive: Archive, engine: LocalEngine, articles: list[Article]
) -> None:
    engine.embedder.embedded.clear()
    engine.builder().build(articles[:2])
    assert archive.current().status.n_articles == 2
    engine.builder().build(articles)
    assert archive.current().status.n_articles == 3
    # The text of what came back went with it.
    assert all("ferries float" in text for text in engine.embedder.embedded)


def test_the_same_build_again_publishes_nothing(
    archive: Archive, engine: LocalEngine, articles: list[Article]
) -> None:
    held = archive.current()
    report = engine.builder().build(articles)
    assert (report.unchanged, report.embedded) == (3, 0)
    assert archive.current() is held


def test_copies_of_one_story_do_not_crowd_out_others(
    engine: LocalEngine, articles: list[Article]
) -> None:
    text = articles[0].text + " Divers reached the wreck on Wednesday and took photographs of it."
    copies = [replace(articles[0], id=f"copy-{n}", text=text, source=f"S{n}") for n in range(6)]
    engine.builder().build([*copies, *articles[1:]])
    hits = engine.archive().current().search(Query("ferry hull"), 10)
    n_of_story = sum(hit.story == hits[0].story for hit in hits)
    assert n_of_story == 3 and {"rates", "undated"} <= {hit.article.id for hit in hits}


def test_questions_go_on_while_snapshots_are_published(
    archive: Archive, engine: LocalEngine, articles: list[Article]
) -> None:
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
        engine.builder().add([replace(articles[1], text=f"The bank met again, for time {number}.")])
    done.set()
    for asker in askers:
        asker.join()
    assert failures == []
