import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.reader.decoding import ScoredSpan, Window, cut_window, decode, trim

TEXT = "Nine people were rescued. The “Blue Whale” sank at 5 p.m."
WORDS = TEXT.split(" ")
SECOND_SENTENCE = TEXT.index("The")


def window(
    starts: dict[str, float],
    ends: dict[str, float],
    first: int = 0,
    last: int | None = None,
    null: float = 0.0,
) -> Window:
    """Return a window with one token a word; words not named have logit -9."""
    offsets, position = [], 0
    for word in WORDS:
        offsets.append((position, position + len(word)))
        position += len(word) + 1
    bounds = np.array(offsets, np.int64)[first:last]
    words = WORDS[first:last]
    return Window(
        start=np.array([starts.get(word, -9.0) for word in words], np.float32),
        end=np.array([ends.get(word, -9.0) for word in words], np.float32),
        offsets=bounds,
        sentence=(bounds[:, 0] >= SECOND_SENTENCE).astype(np.int64),
        null_score=null,
    )


def texts(spans: list[ScoredSpan]) -> list[str]:
    return [TEXT[span.start : span.end] for span in spans]


def test_the_best_span_is_the_best_sum_of_both_logits() -> None:
    spans, null = decode(TEXT, [window({"Nine": 4, "people": 1}, {"people": 3, "Nine": 1})], 1)
    assert texts(spans) == ["Nine people"]
    assert spans[0].score == 7.0
    assert null == 0.0


def test_a_span_never_ends_before_it_starts() -> None:
    spans, _ = decode(TEXT, [window({"rescued.": 9}, {"Nine": 9, "rescued.": 1})], 1)
    assert texts(spans) == ["rescued"]


def test_a_span_stays_in_its_sentence() -> None:
    spans, _ = decode(TEXT, [window({"rescued.": 9, "were": 3}, {"sank": 9, "rescued.": 2})], 1)
    assert texts(spans) == ["rescued"]


def test_overlapping_spans_give_way_to_the_best_one() -> None:
    logits = window({"Nine": 5, "people": 4, "“Blue": 2}, {"people": 5, "Nine": 4, "Whale”": 2})
    spans, _ = decode(TEXT, [logits], 3)
    assert texts(spans)[:2] == ["Nine people", "Blue Whale"]
    assert all(a.end <= b.start or b.end <= a.start for a in spans for b in spans if a != b)


def test_two_windows_count_a_span_once_with_its_better_score() -> None:
    one = window({"Nine": 3}, {"Nine": 3}, 0, 6, null=2.0)
    two = window({"Nine": 4}, {"Nine": 3}, 0, None, null=-1.0)
    spans, null = decode(TEXT, [one, two], 5)
    assert texts(spans).count("Nine") == 1
    assert spans[0].score == 7.0
    assert null == -1.0


def test_a_window_without_passage_tokens_gives_nothing() -> None:
    assert decode(TEXT, [window({}, {}, 0, 0, null=3.0)], 5) == ([], 3.0)


def test_cutting_keeps_the_passage_and_takes_the_null_score_from_the_first_token() -> None:
    cut = cut_window(
        np.array([1, 2, 3, 4], np.float32),
        np.array([5, 6, 7, 8], np.float32),
        np.array([[0, 0], [0, 3], [0, 4], [26, 29]], np.int64),
        np.array([False, False, True, True]),
        [0, 26],
    )
    assert cut.null_score == 6.0
    assert cut.start.tolist() == [3, 4]
    assert cut.sentence.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("“Blue Whale”", "Blue Whale"),
        ("“Blue Whale", "Blue Whale"),
        ("Blue Whale,”", "Blue Whale"),
        ("(Norhavn)", "Norhavn"),
        ("Norhavn (north)", "Norhavn (north)"),
        ("in the U.S.", "in the U.S."),
        ("at 5 p.m.", "at 5 p.m."),
        ("rescued.", "rescued"),
        ("Acme Inc.", "Acme Inc."),
        (" $3.5 billion, ", "$3.5 billion"),
        ("the workers'", "the workers'"),
        ("9%", "9%"),
    ],
)
def test_edges_are_trimmed(before: str, after: str) -> None:
    bounds = trim(before, 0, len(before))
    assert bounds is not None
    assert before[bounds[0] : bounds[1]] == after


@pytest.mark.parametrize("text", ["", "  ", "”", "...", "“”"])
def test_nothing_but_marks_is_no_answer(text: str) -> None:
    assert trim(text, 0, len(text)) is None


@given(
    st.lists(st.floats(-50, 50), min_size=22, max_size=22),
    st.integers(1, 8),
)
def test_any_logits_give_legal_spans(drawn: list[float], n: int) -> None:
    logits: NDArray[np.float32] = np.array(drawn, np.float32)
    size = len(WORDS)
    base = window({}, {})
    found, _ = decode(
        TEXT,
        [Window(logits[:size], logits[size : 2 * size], base.offsets, base.sentence, 0.0)],
        n,
    )
    assert 0 < len(found) <= n
    for span in found:
        text = TEXT[span.start : span.end]
        assert text and text == text.strip()
        assert span.end <= SECOND_SENTENCE or span.start >= SECOND_SENTENCE
    assert [s.score for s in found] == sorted((s.score for s in found), reverse=True)
