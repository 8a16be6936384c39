import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.hit import Hit
from service.answering.evidence import EvidenceSettings, weigh
from service.answering.sameness import answer_key
from service.reader.reader import Span

SETTINGS = EvidenceSettings(
    temperature=2.0, null_share=0.5, rank_decay=0.5, containing=0.5, share_temperature=2.0
)


def span(hits: Sequence[Hit], hit: int, text: str, score: float, null: float = 0.0) -> Span:
    start = hits[hit].article.text.index(text)
    return Span(hit, start, start + len(text), score, null)


def texts(hits: Sequence[Hit], spans: Sequence[Span]) -> list[str]:
    return [hits[s.hit].article.text[s.start : s.end] for s in spans]


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
    first, second = weigh(spans, hits, SETTINGS)
    assert texts(hits, first.spans) == ["Nine", "nine", "Nine"]
    assert texts(hits, second.spans) == ["twelve"]
    expected = math.exp(2.5) * (1 + 1 / math.sqrt(2) + 1 / math.sqrt(3))
    assert first.weight == pytest.approx(expected)
    assert first.share == pytest.approx(expected / (expected + math.exp(3) / math.sqrt(3)))
    assert first.margin == 5.0


def test_a_longer_answer_lends_weight_to_the_one_inside_it(hits: Sequence[Hit]) -> None:
    spans = [span(hits, 0, "rescued on Tuesday", 4.0), span(hits, 0, "Tuesday", 3.9)]
    first, second = weigh(spans, hits, SETTINGS)
    assert texts(hits, first.spans) == ["Tuesday"]
    assert first.weight == pytest.approx(math.exp(1.95) + 0.5 * math.exp(2.0))
    assert second.weight == pytest.approx(math.exp(2.0))


def test_no_answer_in_a_passage_counts_against_its_spans(hits: Sequence[Hit]) -> None:
    spans = [span(hits, 0, "Nine", 4.0, null=5.0), span(hits, 2, "twelve", 4.0, null=-5.0)]
    assert texts(hits, weigh(spans, hits, SETTINGS)[0].spans) == ["twelve"]


def test_nothing_found_is_nothing_weighed(hits: Sequence[Hit]) -> None:
    assert weigh([], hits, SETTINGS) == []


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(-900, 900), st.floats(-900, 900))))
def test_shares_are_shares_for_any_logits(drawn: list[tuple[int, float, float]]) -> None:
    from tests.service.answering.conftest import hit_for

    hits = [hit_for(name, "Nine people were rescued by ten.", i) for i, name in enumerate("abc")]
    spans = [Span(hit, 0, 4 + hit, score, null) for hit, score, null in drawn]
    for candidate in weigh(spans, hits, SETTINGS):
        assert 0.0 <= candidate.share <= 1.0
