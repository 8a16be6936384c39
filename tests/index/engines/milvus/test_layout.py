import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from index.engines.milvus.layout import (
    article_rows,
    filter_of,
    passage_rows,
    slices,
    whole_articles,
)
from index.search.query import Filters, Query
from index.store.portable import WholeArticle, WholePassage
from index.store.rows import article_row


@given(st.text(), st.integers(4, 20))
def test_slices_keep_to_the_limit_and_lose_nothing(text: str, limit: int) -> None:
    parts = list(slices(text, limit))
    assert "".join(parts) == text and parts
    assert all(len(part.encode()) <= limit for part in parts)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", [""]), ("abcd", ["abcd"]), ("abcde", ["abcd", "e"]), ("abc🙂d", ["abc", "🙂", "d"])],
)
def test_slices_are_cut_between_code_points(text: str, parts: list[str]) -> None:
    assert list(slices(text, 4)) == parts


def test_an_article_comes_back_from_its_rows_in_any_order() -> None:
    text = "A ferry sank. 🙂 " * 20_000
    article = Article("ferry", "Ferry", text, authors=("A. B.",), published="2024-03-05")
    vectors = (b"\x00\x3c" * 4, b"\x00\x40" * 4)
    passages = tuple(
        WholePassage(7 + n, n, f"[[{n}, 13]]", vector) for n, vector in enumerate(vectors)
    )
    one = WholeArticle(3, b"\x01" * 32, 2, article_row(article), passages)
    parts, rows = article_rows(one, 5), list(passage_rows(one, 5))
    assert len(parts) > 2 and parts[-1]["part"] == 0
    assert rows[0]["words"].split()[:3] == ["ferri", "a", "ferri"]
    assert list(whole_articles(reversed(parts), reversed(rows))) == [one]
    assert one.article == article and parts[0]["digest"] == one.digest() < 2**63


def test_nothing_that_callers_send_stands_in_a_filter() -> None:
    found = filter_of(Query("x", Filters(sources=('Post" or key > 0 or source == "',))), 7)
    assert "Post" not in found
    assert found.startswith("added_in <= 7 and removed_in > 7 and source in [")
