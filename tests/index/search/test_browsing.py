"""The list of articles: order, counts, filters and pages; and each engine's way to it."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.corrections.notice import Correction
from index.engines.archive import BrowsableSnapshot
from index.search.browsing import UNKNOWN, ArticlePage, ArticleRow, Browse, Catalog
from tests.conftest import HashEmbedder
from tests.index.engines.both import LocalEngine

DAYS = ("2024-03-05", "2024-03-09T10:00:00Z", "2024", None, "2025-01-01")


@pytest.fixture
def archive() -> dict[int, Article]:
    return {
        key: Article(
            f"a{key}",
            f"Title {key}",
            f"Text {key}.",
            source="Harbour Post" if key % 2 else "Costa Daily",
            published=published,
            language="en" if key else None,
        )
        for key, published in enumerate(DAYS)
    }


def page(archive: dict[int, Article], browse: Browse) -> ArticlePage:
    rows = [ArticleRow.of(key, article) for key, article in archive.items()]
    return Catalog(rows).page(browse, None).page(archive)


def ids(found: ArticlePage) -> list[str]:
    return [article.id for article in found.articles]


def test_the_newest_come_first_and_undated_ones_last(archive: dict[int, Article]) -> None:
    found = page(archive, Browse())
    # A year alone is known by its last day.
    assert ids(found) == ["a4", "a2", "a1", "a0", "a3"]
    assert found.n_total == 5 and found.next is None and found.is_complete


def test_pages_follow_on_each_other_without_gap_or_repetition(archive: dict[int, Article]) -> None:
    seen, after = [], None
    for _ in range(3):
        found = page(archive, Browse(after=after, limit=2))
        assert found.n_total == 5
        seen += ids(found)
        after = found.next
    assert after is None and seen == ids(page(archive, Browse()))


def test_a_page_goes_on_after_an_article_that_was_removed(archive: dict[int, Article]) -> None:
    first = page(archive, Browse(limit=2))
    rest = {key: article for key, article in archive.items() if article.id != "a2"}
    assert ids(page(rest, Browse(after=first.next, limit=2))) == ["a1", "a0"]


def test_articles_of_one_day_are_on_one_page_each(archive: dict[int, Article]) -> None:
    same = {key: Article(f"a{key}", "", "t", published="2024-03-05") for key in range(5)}
    first = page(same, Browse(limit=3))
    assert ids(first) + ids(page(same, Browse(limit=3, after=first.next))) == [
        "a4", "a3", "a2", "a1", "a0",
    ]  # fmt: skip


def test_facets_count_what_their_own_change_would_give(archive: dict[int, Article]) -> None:
    facets = page(archive, Browse(sources=("costa daily",), month="2024-03")).facets
    assert dict(facets.sources) == {"Costa Daily": 1, "Harbour Post": 1}
    assert dict(facets.months) == {"2025-01": 1, "2024-03": 1, "2024": 1}
    assert dict(facets.languages) == {UNKNOWN: 1}
    everything = page(archive, Browse()).facets
    assert list(everything.months) == ["2025-01", "2024-03", "2024", UNKNOWN]
    assert dict(everything.languages) == {"en": 4, UNKNOWN: 1}


def test_what_is_not_stated_can_be_chosen(archive: dict[int, Article]) -> None:
    assert ids(page(archive, Browse(month=UNKNOWN))) == ["a3"]
    assert ids(page(archive, Browse(language=UNKNOWN))) == ["a0"]
    assert ids(page(archive, Browse(sources=("Nobody",)))) == []


def test_articles_under_embargo_are_not_listed() -> None:
    waiting = {0: Article("a", "", "t", embargo="2999-01-01"), 1: Article("b", "", "t")}
    found = page(waiting, Browse())
    assert ids(found) == ["b"] and dict(found.facets.sources) == {UNKNOWN: 1}


def test_an_empty_archive_has_an_empty_list() -> None:
    assert page({}, Browse()).n_total == 0


@pytest.fixture
def snapshot(engine: LocalEngine, articles: list[Article]) -> BrowsableSnapshot:
    engine.builder().build(articles)
    return engine.archive().current()


def test_every_engine_lists_its_articles(snapshot: BrowsableSnapshot) -> None:
    found = snapshot.browse(Browse())
    assert ids(found) == ["rates", "ferry", "undated"] and found.is_complete
    assert ids(snapshot.browse(Browse(month="2024-03"))) == ["ferry"]
    assert ids(snapshot.browse(Browse(sources=("Capital Ledger",)))) == ["rates"]


def test_every_engine_lists_all_articles_in_pages(
    engine: LocalEngine, articles: list[Article]
) -> None:
    days = [f"2024-{n % 9 + 1:02}-{n % 28 + 1:02}" for n in range(120)]
    more = [
        Article(f"n{n}", f"Report {n}", "All is well.", source=f"Outlet {n % 3}", published=day)
        for n, day in enumerate(days)
    ]
    engine.builder().build([*articles, *more])
    snapshot, after = engine.archive().current(), None
    seen: list[Article] = []
    for n_left in (123, 73, 23):
        found = snapshot.browse(Browse(after=after, limit=50))
        assert (found.n_total, found.is_complete) == (123, True)
        assert len(found.articles) == min(n_left, 50)
        seen += found.articles
        after = found.next
    assert after is None and len({article.id for article in seen}) == 123
    stated = [article.published or "" for article in seen]
    assert [day[:10] for day in stated] == sorted((day[:10] for day in stated), reverse=True)
    facets = snapshot.browse(Browse(month="2024-03")).facets
    of_march = Counter(one.source for one in [*articles, *more] if "2024-03" in str(one.published))
    assert facets.sources == of_march
    assert facets.months["2024-06"] == sum("2024-06" in day for day in stated)
    assert snapshot.browse(Browse(sources=("outlet 1",))).n_total == 40


def test_every_engine_lists_what_is_in_no_answer_but_nothing_under_embargo(
    engine: LocalEngine, articles: list[Article]
) -> None:
    retracted = replace(articles[1], corrections=(Correction("retraction", "Not true."),))
    waiting = replace(articles[1], id="waiting", embargo="2999-01-01")
    over = replace(articles[1], id="over", published="2024-01-01", embargo="2024-01-02")
    engine.builder().build([articles[0], retracted, waiting, over])
    engine.builder().hold(["ferry"], "A complaint.", "Ada")
    found = engine.archive().current().browse(Browse())
    assert ids(found) == ["rates", "ferry", "over"] and found.n_total == 3
    assert found.facets.sources == {"Capital Ledger": 2, "Harbour Post": 1}


def test_every_engine_finds_articles_by_their_words(snapshot: BrowsableSnapshot) -> None:
    assert ids(snapshot.browse(Browse("ferries sinking"))) == ["ferry"]
    assert ids(snapshot.browse(Browse("governor"))) == ["rates"]
    assert set(ids(snapshot.browse(Browse("ferry")))) == {"ferry", "undated"}
    assert ids(snapshot.browse(Browse("zebra"))) == []


def test_words_in_quotes_are_in_a_row(local: BrowsableSnapshot) -> None:
    assert ids(local.browse(Browse('"ferry Sula" sank'))) == ["ferry"]
    assert ids(local.browse(Browse("“Sula ferry”"))) == []
    assert ids(local.browse(Browse("?!"))) == []


@pytest.fixture
def local(tmp_path: Path, embedder: HashEmbedder, articles: list[Article]) -> BrowsableSnapshot:
    engine = LocalEngine(tmp_path / "index", embedder)
    engine.builder().build(articles)
    return engine.archive().current()
