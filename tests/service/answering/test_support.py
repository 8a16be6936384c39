"""Which answers are the same, and how many sources say so independently."""

from dataclasses import replace

import pytest

from corpus.article import Article
from index.hit import Hit
from service.answering.answer import Question
from service.answering.sameness import same_answer_key
from service.answering.support import n_independent, says
from tests.service.answering.conftest import hit_for
from tests.service.answering.test_extractive import answerer


def hit(name: str, source: str | None, story: int | None) -> Hit:
    plain = hit_for(name, "Nine people were rescued.", 0)
    return replace(plain, article=replace(plain.article, source=source), story=story)


def test_copies_and_articles_of_one_outlet_count_once() -> None:
    assert n_independent([hit("a", "Post", 1), hit("b", "Echo", 2), hit("c", None, 3)]) == 3
    assert n_independent([hit("a", "Post", 1), hit("b", "Echo", 1)]) == 1
    assert n_independent([hit("a", "Post", 1), hit("b", "Post", 2)]) == 1
    # The copy in the Echo ties the Post's own report to the Echo's.
    chain = [hit("a", "Post", 1), hit("b", "Echo", 2), hit("c", "Post", 2)]
    assert n_independent(chain) == 1


def test_two_passages_of_one_article_are_one_source() -> None:
    assert n_independent([hit("a", None, None), hit("a", None, None)]) == 1
    assert n_independent([]) == 0


def key(words: str, published: str | None = None) -> str:
    return same_answer_key(Article("a", "", words, published=published), 0, len(words))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nine people", "9"),
        ("$1.2 million", "1,200,000 dollars"),
        ("Feb. 19, 2025", "19 February 2025"),
        ("Prime Minister Alda Reyes", "Alda Reyes"),
        ("the Blue Whale", "“Blue whale”"),
    ],
)
def test_other_words_for_one_answer_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("nine", "ten"), ("9%", "9"), ("$5", "£5"), ("iPhone 14", "14"), ("Alda Reyes", "Reyes")],
)
def test_different_answers_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_a_weekday_is_the_day_that_it_names() -> None:
    assert key("Wednesday", "2025-02-21") == key("Feb. 19", "2025-02-22")
    assert key("Wednesday", "2025-02-21") != key("Wednesday", "2025-03-21")


def test_an_article_that_says_it_in_other_words_is_a_source_too() -> None:
    hits = [
        replace(hit_for("a", "A jury convicted Lorcan Shay.", 0), story=1),
        replace(hit_for("b", "They found the barman Lorcan Shay guilty.", 1), story=2),
        replace(hit_for("c", "Police led Shay away.", 2), story=3),
        replace(hit_for("d", "The Lorcan Shay Band played.", 3), story=4),
    ]
    hits = [replace(hit, article=replace(hit.article, source=None)) for hit in hits]
    reader = {"lorcan shay": 6.0, "barman lorcan shay": 2.0, "shay": 1.0, "lorcan shay band": 1.0}
    found = answerer(hits[:3], **reader).ask(Question("Who was convicted?")).answer
    assert found
    assert (found.text, found.support) == ("Lorcan Shay", 3)


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("one of 17 metres", "17 metres", True),
        ("Olivane's sunflower oil", "Olivane", True),
        ("Petrel's Wake", "HMS Petrel's Wake", True),
        ("Georgia Tech", "Georgia", False),
        ("New York", "New York City", False),
        ("1.5 million", "5 million", False),
        ("people", "nine people", False),
    ],
)
def test_more_words_may_not_make_another_name_or_number(
    text: str, answer: str, expected: bool
) -> None:
    assert says(text, answer) is expected
