import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.hit import Hit
from service.answering.evidence import EvidenceSettings, weigh
from service.answering.sameness import answer_key
from service.reader.reader import Span
from tests.service.answering.conftest import hit_for

SETTINGS = EvidenceSettings(
    temperature=2.0,
    null_share=0.5,
    rank_decay=0.5,
    containing=0.5,
    share_temperature=2.0,
    recency=1.0,
    recency_days=10.0,
    misfit=0.1,
    least_naming=0.1,
)


def span(hits: Sequence[Hit], hit: int, text: str, score: float, null: float = 0.0) -> Span:
    start = hits[hit].article.text.index(text)
    return Span(hit, start, start + len(text), score, null)


def texts(hits: Sequence[Hit], spans: Sequence[Span]) -> list[str]:
    return [one.text(hits) for one in spans]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("the “Blue Whale”", "Blue whale,"),
        ("Kohl’s", "Kohl's"),
        ("Nine", "nine"),
        ("1.2 million", "1.2  Million"),
    ],
)
def test_equal_answers_have_one_key(one: str, two: str) -> None:
    assert answer_key(one) == answer_key(two)


@pytest.mark.parametrize(("one", "two"), [("nine", "twelve"), ("9%", "9"), ("$5", "£5")])
def test_different_answers_have_different_keys(one: str, two: str) -> None:
    assert answer_key(one) != answer_key(two)


def test_equal_answers_add_up_and_beat_a_better_single_one(hits: Sequence[Hit]) -> None:
    spans = [
        span(hits, 2, "twelve", 6.0),
        span(hits, 0, "Nine", 5.0),
        span(hits, 1, "nine", 5.0),
        span(hits, 2, "Nine", 5.0),
    ]
    first, second = weigh("", None, spans, hits, SETTINGS)
    assert texts(hits, first.spans) == ["Nine", "nine", "Nine"]
    assert texts(hits, second.spans) == ["twelve"]
    expected = math.exp(2.5) * (1 + 1 / math.sqrt(2) + 1 / math.sqrt(3))
    assert first.weight == pytest.approx(expected)
    assert first.share == pytest.approx(expected / (expected + math.exp(3) / math.sqrt(3)))
    assert first.margin == 5.0


def test_a_longer_answer_lends_weight_to_the_one_inside_it(hits: Sequence[Hit]) -> None:
    spans = [span(hits, 0, "rescued on Tuesday", 4.0), span(hits, 0, "Tuesday", 3.9)]
    first, second = weigh("", None, spans, hits, SETTINGS)
    assert texts(hits, first.spans) == ["Tuesday"]
    assert first.weight == pytest.approx(math.exp(1.95) + 0.5 * math.exp(2.0))
    assert second.weight == pytest.approx(math.exp(2.0))


def test_no_answer_in_a_passage_counts_against_its_spans(hits: Sequence[Hit]) -> None:
    spans = [span(hits, 0, "Nine", 4.0, null=5.0), span(hits, 2, "twelve", 4.0, null=-5.0)]
    assert texts(hits, weigh("", None, spans, hits, SETTINGS)[0].spans) == ["twelve"]


def test_what_was_not_asked_for_counts_less(hits: Sequence[Hit]) -> None:
    spans = [span(hits, 0, "Tuesday", 5.0), span(hits, 0, "Nine", 4.0)]
    first, second = weigh("How many were rescued?", None, spans, hits, SETTINGS)
    assert texts(hits, first.spans) == ["Nine"]
    assert second.weight == pytest.approx(0.1 * math.exp(2.5))
    # Where nothing fits, the best is still the best.
    spans = [span(hits, 0, "Tuesday", 5.0), span(hits, 0, "rescued", 4.0)]
    best = weigh("How many were rescued?", None, spans, hits, SETTINGS)[0]
    assert texts(hits, best.spans) == ["Tuesday"]


def test_what_was_new_on_the_day_counts_more(hits: Sequence[Hit]) -> None:
    day = date(2024, 3, 5)
    article = replace(hits[0].article, published=day.isoformat())
    hits = [replace(hits[0], article=article)]
    spans = [span(hits, 0, "Nine", 4.0)]
    (now,) = weigh("", day, spans, hits, SETTINGS)
    (later,) = weigh("", day + timedelta(10), spans, hits, SETTINGS)
    (undated,) = weigh("", None, spans, hits, SETTINGS)
    assert now.weight == pytest.approx(2 * undated.weight)
    assert later.weight == pytest.approx((1 + 1 / math.e) * undated.weight)


def test_an_answer_is_given_by_its_best_name() -> None:
    hits = [
        hit_for("one", "Floods closed Orrin Valley on Monday.", 0),
        hit_for("two", "Orrin Valley National Park is closed.", 0),
        hit_for("three", "Dun National Park is open.", 0),
    ]
    question = "Which national park was closed?"
    whole = span(hits, 1, "Orrin Valley National Park", 3.0)
    spans = [
        span(hits, 0, "Orrin Valley", 6.0),
        whole,
        span(hits, 2, "Dun National Park", 5.0),
    ]
    first, second = weigh(question, None, spans, hits, SETTINGS)
    assert texts(hits, first.spans) == ["Orrin Valley National Park", "Orrin Valley"]
    assert first.weight == pytest.approx(math.exp(3) + math.exp(1.5))
    assert texts(hits, second.spans) == ["Dun National Park"]
    # A name that hardly counts as an answer does not prove one.
    spans[1] = replace(whole, score=-9.0)
    first = weigh(question, None, spans, hits, SETTINGS)[0]
    assert texts(hits, first.spans) == ["Orrin Valley", "Orrin Valley National Park"]


def test_a_person_is_given_by_the_full_name() -> None:
    hits = [hit_for("one", "Joanne Orrin wrote it. Orrin said so.", 0)]
    spans = [Span(0, 23, 28, 5.0, 0.0), span(hits, 0, "Joanne Orrin", 4.0)]
    (only,) = weigh("Who wrote it?", None, spans, hits, SETTINGS)
    assert texts(hits, only.spans) == ["Joanne Orrin", "Orrin"]
    assert len(weigh("What is known?", None, spans, hits, SETTINGS)) == 2


def test_nothing_found_is_nothing_weighed(hits: Sequence[Hit]) -> None:
    assert weigh("", None, [], hits, SETTINGS) == []


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(-900, 900), st.floats(-900, 900))))
def test_shares_are_shares_for_any_logits(drawn: list[tuple[int, float, float]]) -> None:
    hits = [hit_for(name, "Nine people were rescued by ten.", i) for i, name in enumerate("abc")]
    spans = [Span(hit, 0, 4 + hit, score, null) for hit, score, null in drawn]
    for candidate in weigh("", None, spans, hits, SETTINGS):
        assert 0.0 <= candidate.share <= 1.0
