from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Article
from corpus.identity import (
    MAX_ID_CHARS,
    article_id,
    legacy_id,
    looks_like_another,
    names_of,
    plain_id,
    without_tracking,
)

STORY = "The ferry Sula sank off Norhavn on Tuesday. Nine people were rescued, she said."
FERRY = Article("a", "Ferry sinks", STORY, source="Harbour Post", published="2024-03-05")


@pytest.mark.parametrize("own", ["17", "0017", "2024-03-05", "?p=17", "17.", "2024/17"])
def test_numbers_are_unique_in_their_outlet_only(own: str) -> None:
    assert article_id(own, "Harbour Post") == f"Harbour Post/{own}"
    assert article_id(own, None) == own


@pytest.mark.parametrize(
    "own", ["ferry", "2024/03/05/ferry sinks", "Überfall-in-Köln", "a%2Fb", "12345678901234567890"]
)
def test_what_tells_more_than_a_number_stays(own: str) -> None:
    assert article_id(own, "Harbour Post") == own


def test_in_a_feed_only_names_for_everywhere_stand_alone() -> None:
    for own in ("https://a.example/1", "tag:a.example,2024:1", "urn:newsml:a:1"):
        assert article_id(own, "Harbour Post", of_feed=True) == own
    assert article_id("b-1", "Harbour Post", of_feed=True) == "Harbour Post/b-1"
    scoped = article_id("b-1", "Harbour Post", of_feed=True)
    assert article_id(scoped, "Harbour Post", of_feed=True) == scoped


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://a.example/1?utm_source=rss&utm_medium=feed", "https://a.example/1"),
        ("https://a.example/1?id=7&fbclid=x&page=2", "https://a.example/1?id=7&page=2"),
        ("https://A.Example/Path?gclid=1#comments", "https://a.example/Path#comments"),
        ("https://a.example/1#xtor=RSS-1", "https://a.example/1"),
        ("https://a.example/1#:~:text=nine", "https://a.example/1"),
        ("https://a.example/?utm=1&q=%2F", "https://a.example/?utm=1&q=%2F"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_tracking_is_taken_out_of_addresses(url: str, bare: str) -> None:
    assert without_tracking(url) == bare


@given(st.text(), st.text())
def test_an_id_is_bounded_and_looked_up_as_it_is_stored(own: str, outlet: str) -> None:
    made = article_id(own, outlet)
    assert len(made) <= MAX_ID_CHARS and not {"\n", "\0"} & set(made)
    assert plain_id(made) == made
    made.encode()


def test_long_ids_that_differ_at_their_end_stay_two() -> None:
    assert plain_id("x" * 500 + "1") != plain_id("x" * 500 + "2")


def test_an_article_is_found_by_its_own_name_its_address_and_its_old_id() -> None:
    url = "https://hp.example/ferry sinks"
    article = replace(FERRY, id="Harbour Post/17", url=url)
    assert {"17", plain_id(url), legacy_id(url)} <= names_of(article)
    assert names_of(replace(FERRY, id="site/a/1.txt")) >= {legacy_id("a/1.txt")}


def test_a_correction_is_the_same_article_and_another_story_is_not() -> None:
    corrected = replace(
        FERRY, title="Ferry Sula sinks", published="2024-03-06", text=STORY + " Ten."
    )
    assert not looks_like_another(FERRY, corrected)
    assert not looks_like_another(FERRY, replace(FERRY, source="harbour post", text="It rained."))
    assert not looks_like_another(FERRY, replace(FERRY, source="Wire"))
    other = Article("a", "Bake-off", "Chef Mina Okoro won with a rye tart.", published="2024-03-05")
    assert looks_like_another(FERRY, other)
    assert looks_like_another(FERRY, replace(other, source="Lake Gazette", published="2024-05-06"))
