"""The public sets as examples: alone, beside passages that do not answer, and in groups."""

import random
from collections import Counter

import pytest

from service.evaluation.metrics import contains_answer
from training.datasets import FURTHER_SETS, MAIN_SETS
from training.example import Example
from training.groups import group_examples
from training.lookalikes import lookalike_examples
from training.negatives import answer_texts
from training.reading import reading_examples

pytestmark = pytest.mark.usefixtures("data")


def made(kind: str, seeds: int = 4) -> list[Example]:
    function = {"reading": reading_examples, "groups": group_examples}[kind]
    return [one for seed in range(seeds) for one in function(random.Random(seed))]


@pytest.mark.parametrize("kind", ["reading", "groups"])
def test_only_the_first_passage_answers(kind: str) -> None:
    for one in made(kind):
        golds = answer_texts(one)
        for context in one.contexts[1:]:
            assert not context.answers
            assert not golds or not contains_answer(context.text, golds)


def test_every_set_is_read_about_as_often_as_it_should() -> None:
    counts = Counter(one.source for one in made("reading", 10))
    assert {*MAIN_SETS, *FURTHER_SETS} <= set(counts)
    assert counts["newsqa"] == 2 * counts["squad"]
    assert counts["subjqa"] < counts["tweetqa"] < counts["squad"]


def test_groups_are_of_four_to_six_passages_and_some_lack_the_answer() -> None:
    sizes = Counter(len(one.contexts) for one in made("groups") if one.source == "squad")
    assert set(sizes) <= {1, 4, 5, 6}
    assert sizes[1] < sizes.total() / 2
    hidden = [one for one in made("groups") if one.source == "hidden"]
    assert hidden
    assert not any(context.answers for one in hidden for context in one.contexts)


def test_a_share_of_the_groups_is_about_that_many() -> None:
    whole, part = (
        [len(list(group_examples(random.Random(seed), share=share))) for seed in range(5)]
        for share in (1.0, 0.25)
    )
    assert 0.15 * sum(whole) < sum(part) < 0.35 * sum(whole)


def test_sentences_and_stories_stay_alone() -> None:
    assert {len(one.contexts) for one in made("groups") if one.source == "newsqa"} == {1}
    assert {len(one.contexts) for one in made("reading") if one.source == "qamr"} == {1}


@pytest.mark.parametrize("kind", ["reading", "groups"])
def test_a_limit_draws_the_same_each_time(kind: str) -> None:
    function = {"reading": reading_examples, "groups": group_examples}[kind]
    some = [list(function(random.Random(3), 10)) for _ in range(2)]
    assert some[0] == some[1]
    assert 10 <= len(some[0]) <= 20


def test_questions_with_dates_are_lookalikes_as_they_are() -> None:
    # Nothing that question and passage share can be exchanged in these.
    made = list(lookalike_examples(random.Random(1)))
    assert len(made) == 4
    assert {one.source for one in made} == {"lookalike"}
