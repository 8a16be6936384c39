import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.reader.decoding import ScoredSpan, Window, cut_window, decode
from service.reader.edges import trim

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


def test_as_many_spans_as_asked_for_when_the_passage_has_them() -> None:
    spans, _ = decode(TEXT, [window({"people": 9}, {"people": 9})], 4)
    assert len(spans) == 4
    assert texts(spans)[0] == "people"


def test_marks_alone_are_skipped_and_what_holds_them_is_not() -> None:
    text = "— Ølsen — said"
    offsets = np.array([(0, 1), (2, 7), (8, 9), (10, 14)], np.int64)
    logits = Window(
        start=np.array([9, 1, 8, 0], np.float32),
        end=np.array([9, 2, 8, 0], np.float32),
        offsets=offsets,
        sentence=np.zeros(4, np.int64),
        null_score=0.0,
    )
    spans, _ = decode(text, [logits], 1)
    assert text[spans[0].start : spans[0].end] == "Ølsen"
    # Marks included, it begins at the first dash and ends at the second.
    assert spans[0].score == 17.0


def test_an_answer_has_at_most_thirty_tokens() -> None:
    text = " ".join(["a"] * 40)
    logits = np.full((2, 40), -1.0, np.float32)
    logits[0, 0] = logits[1, 35] = 50.0
    offsets = np.array([(2 * i, 2 * i + 1) for i in range(40)], np.int64)
    spans, _ = decode(text, [Window(logits[0], logits[1], offsets, np.zeros(40, np.int64), 0.0)], 3)
    assert all(span.end - span.start < 60 for span in spans)
    assert [span.score for span in spans[:2]] == [49.0, 49.0]


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


def test_a_token_that_holds_the_space_before_it_is_of_its_own_sentence() -> None:
    cut = cut_window(
        np.zeros(3, np.float32),
        np.zeros(3, np.float32),
        np.array([[0, 0], [0, 4], [4, 8]], np.int64),
        np.array([False, True, True]),
        [0, 5],
    )
    assert cut.sentence.tolist() == [0, 1]
    assert cut.offsets.tolist() == [[0, 4], [5, 8]]


def test_tokens_before_the_first_sentence_are_never_an_answer() -> None:
    base = window({"Nine": 9}, {"Nine": 9})
    outside = np.where(base.sentence == 0, -1, 0)
    found, _ = decode(TEXT, [Window(base.start, base.end, base.offsets, outside, 0.0)], 9)
    assert found and all(span.start >= SECOND_SENTENCE for span in found)


def slowly(logits: Window, n: int) -> list[ScoredSpan]:
    """Return what `decode` must find in one window, by trying every span each time."""
    size = len(logits.start)
    legal = [
        (float(logits.start[i] + logits.end[j]), -i, -j, trim(TEXT, *bounds(logits, i, j)))
        for i in range(size)
        for j in range(i, min(size, i + 30))
        if logits.sentence[i] == logits.sentence[j]
    ]
    found: list[ScoredSpan] = []
    used: set[int] = set()
    for score, i, j, trimmed in sorted(legal, reverse=True, key=lambda span: span[:3]):
        tokens = set(range(-i, 1 - j))
        if trimmed and not tokens & used and len(found) < n:
            found.append(ScoredSpan(*trimmed, score))
            used |= tokens
    return found


def bounds(logits: Window, first: int, last: int) -> tuple[int, int]:
    return int(logits.offsets[first, 0]), int(logits.offsets[last, 1])


@given(st.permutations(range(22)), st.integers(1, 8))
def test_decoding_finds_what_trying_every_span_finds(drawn: list[int], n: int) -> None:
    # Powers of two: no two spans have the same score.
    logits = np.exp2(np.array(drawn, np.float32))
    base = window({}, {})
    one = Window(logits[: len(WORDS)], logits[11:][: len(WORDS)], base.offsets, base.sentence, 0.0)
    assert decode(TEXT, [one], n)[0] == slowly(one, n)


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
