import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.evaluation.metrics import (
    auroc,
    calibration_error,
    contains_answer,
    coverage_at_precision,
    exact_match,
    f1_score,
    is_right,
    normalize_answer,
    precision_at_coverage,
    risk_coverage,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Blue-Whale!", "bluewhale"),
        ("a 1,200 U.S. dollars", "1200 us dollars"),
        ("Kohl’s", "kohl’s"),
        ("theatre", "theatre"),
    ],
)
def test_normalisation_is_the_official_one(text: str, expected: str) -> None:
    assert normalize_answer(text) == expected


def test_scores_by_hand() -> None:
    assert exact_match("the Hong Kong.", ["Tokyo", "Hong Kong"]) == 1.0
    assert f1_score("star Beanie Feldstein", ["Beanie Feldstein"]) == pytest.approx(0.8)
    assert f1_score("one one two", ["one two two"]) == pytest.approx(2 / 3)
    assert f1_score("Tokyo", ["Hong Kong"]) == 0.0


def test_refusing_is_right_only_without_golds() -> None:
    assert exact_match("", []) == f1_score("", []) == 1.0
    assert exact_match("x", []) == f1_score("x", []) == 0.0
    assert exact_match("", ["x"]) == f1_score("", ["x"]) == 0.0
    # It comes to nothing once normalised, but it was an answer.
    assert exact_match("The", []) == f1_score("The", []) == 0.0


def test_a_gold_is_found_as_whole_words() -> None:
    assert contains_answer("The 101-year-old left Acme’s U.S. pier.", ["101"])
    assert contains_answer("The 101-year-old left Acme’s U.S. pier.", ["none", "acme"])
    assert contains_answer("The 101-year-old left Acme’s U.S. pier.", ["U.S. Pier"])
    assert not contains_answer("It ranked 120th.", ["12"])
    assert not contains_answer("", ["The"]) and not contains_answer("It sank.", [])


texts = st.text(alphabet="ab cd.,’é", max_size=12)


@given(texts, st.lists(texts, max_size=3))
def test_em_is_at_most_f1_and_both_are_shares(prediction: str, golds: list[str]) -> None:
    assert 0 <= exact_match(prediction, golds) <= f1_score(prediction, golds) <= 1


@given(texts, texts)
def test_scores_do_not_depend_on_which_is_the_gold(one: str, other: str) -> None:
    assert exact_match(one, [other]) == exact_match(other, [one])
    assert f1_score(one, [other]) == pytest.approx(f1_score(other, [one]))


scored = st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), max_size=12)


@given(scored)
def test_auroc_is_the_share_of_ordered_pairs(rows: list[tuple[float, bool]]) -> None:
    scores, labels = [s for s, _ in rows], [label for _, label in rows]
    pairs = [(p, n) for p, yes in rows if yes for n, no in rows if not no]
    expected = sum(1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs)
    found = auroc(scores, labels)
    if not pairs:
        assert found is None
    else:
        assert found == pytest.approx(expected / len(pairs))


@given(scored.filter(bool), st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0]))
def test_coverage_is_the_best_over_all_thresholds(
    rows: list[tuple[float, bool]], precision: float
) -> None:
    taken = [[right for s, right in rows if s >= threshold] for threshold, _ in rows]
    good = [len(some) / len(rows) for some in taken if sum(some) / len(some) >= precision]
    confidences, correct = [s for s, _ in rows], [float(right) for _, right in rows]
    assert coverage_at_precision(confidences, correct, precision) == max(good, default=0.0)


def test_risk_and_coverage_by_hand() -> None:
    confidences, correct = [0.9, 0.8, 0.8, 0.2], [1.0, 1.0, 0.0, 0.0]
    assert risk_coverage(confidences, correct) == [(0.25, 1.0), (0.75, 2 / 3), (1.0, 0.5)]
    assert coverage_at_precision(confidences, correct, 0.9) == 0.25
    assert coverage_at_precision(confidences, correct, 0.6) == 0.75
    assert precision_at_coverage(confidences, correct, 0.5) == pytest.approx(2 / 3)
    assert precision_at_coverage([], [], 0.5) is None


def test_calibration_error_by_hand() -> None:
    # Two bins: 0.8 and 0.9 promise 1.7 right answers and give 1, 0.2 promises none and is right.
    assert calibration_error([0.8, 0.9, 0.2], [1.0, 0.0, 1.0], n_bins=2) == pytest.approx(1.5 / 3)
    assert calibration_error([0.75] * 4, [1.0, 1.0, 1.0, 0.0]) == pytest.approx(0.0)
    assert calibration_error([1.0, 0.0], [0.0, 1.0]) == pytest.approx(1.0)
    assert calibration_error([], []) == 0.0


@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), max_size=20),
    st.integers(1, 20),
)
def test_calibration_error_is_a_share_and_right_when_confidence_is(
    rows: list[tuple[float, float]], n_bins: int
) -> None:
    confidences, correct = [one for one, _ in rows], [right for _, right in rows]
    assert 0.0 <= calibration_error(confidences, correct, n_bins) <= 1.0
    assert calibration_error(correct, correct, n_bins) == 0.0


@pytest.mark.parametrize(
    ("text", "golds", "expected"),
    [
        ("Nine", ("nine",), True),
        ("the nine", ("nine",), True),
        ("600 years", ("600",), True),
        ("600", ("600 years",), True),
        ("Marta Ølsen", ("Ivo Brandt", "Captain Marta Ølsen"), True),
        ("600 long years of peace in all of Rovia", ("600",), False),
        ("It was for 600 long years that peace was in all of Rovia.", ("600",), True),
        ("nineteen", ("nine",), False),
        ("twelve", ("nine",), False),
        ("…", ("nine …",), False),
        ("nine", (), False),
    ],
)
def test_an_answer_is_right_where_one_has_the_words_of_the_other(
    text: str, golds: tuple[str, ...], expected: bool
) -> None:
    assert is_right(text, golds) is expected
