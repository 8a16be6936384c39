"""Scores: the official SQuAD measures, and measures of knowing when not to answer."""

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np

__all__ = [
    "auroc",
    "calibration_error",
    "contains_answer",
    "coverage_at_precision",
    "exact_match",
    "f1_score",
    "is_right",
    "normalize_answer",
    "precision_at_coverage",
    "risk_coverage",
]

_WORD = re.compile(r"\w+")
# So many words more than the gold an answer may have and still be it: "600 years" for "600".
_MAX_WORDS_MORE = 6
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_DROP_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(text: str) -> str:
    """Return an answer as SQuAD's official script compares it (Rajpurkar et al. 2016).

    Lower case, without ASCII punctuation, without English articles, single-spaced.
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_DROP_PUNCTUATION)).split())


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """Return 1.0 when the prediction equals a gold once normalised, else 0.0.

    Without golds only the empty prediction, a refusal, is right.
    """
    if not golds:
        # Not normalised: an answer "The" is still an answer where there should be none.
        return float(prediction == "")
    found = normalize_answer(prediction)
    return float(any(found == normalize_answer(gold) for gold in golds))


def f1_score(prediction: str, golds: Sequence[str]) -> float:
    """Return the best token F1 in [0, 1] of the prediction against the golds.

    Without golds it is the exact match.
    """
    if not golds:
        return exact_match(prediction, golds)
    return max(_f1(prediction, gold) for gold in golds)


def _f1(prediction: str, gold: str) -> float:
    found, expected = normalize_answer(prediction).split(), normalize_answer(gold).split()
    if not found or not expected:
        return float(found == expected)
    common = sum((Counter(found) & Counter(expected)).values())
    return 2 * common / (len(found) + len(expected))


def contains_answer(text: str, golds: Sequence[str]) -> bool:
    """Whether a gold stands in the text as whole words, whatever the case and punctuation.

    Not the official normalisation: that glues "101-year-old" and "Acme's" into single words.
    """
    padded = f" {_words(text)} "
    return any(f" {_words(gold)} " in padded for gold in golds)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def is_right(text: str, golds: Sequence[str]) -> bool:
    """Whether an answer is a gold one, or one of the two has the other's words and few more.

    A sentence is right for a reason, so there it may have any number more.
    """
    n_words = len(text.split())
    is_sentence = text.endswith((".", "!", "?", "”", '"'))
    return any(
        bool(exact_match(text, (gold,)))
        or (contains_answer(gold, (text,)) and any(map(str.isalnum, text)))
        or (
            contains_answer(text, (gold,))
            and (is_sentence or n_words <= len(gold.split()) + _MAX_WORDS_MORE)
        )
        for gold in golds
    )


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Return the chance that a positive scores above a negative, ties counting half.

    The Mann-Whitney U statistic over the number of pairs; None when one class is empty.
    """
    positive = np.array([s for s, label in zip(scores, labels, strict=True) if label])
    negative = np.sort([s for s, label in zip(scores, labels, strict=True) if not label])
    if not len(positive) or not len(negative):
        return None
    below = np.searchsorted(negative, positive, side="left")
    not_above = np.searchsorted(negative, positive, side="right")
    return float((below + not_above).sum() / (2 * len(positive) * len(negative)))


def risk_coverage(
    confidences: Sequence[float], correct: Sequence[float]
) -> list[tuple[float, float]]:
    """Return `(coverage, precision)` for each confidence at which answering could begin.

    From the surest answer to all; answers of equal confidence come in together
    (El-Yaniv and Wiener 2010, with precision for one minus risk).
    """
    order = sorted(range(len(confidences)), key=lambda i: -confidences[i])
    points, right = [], 0.0
    for count, i in enumerate(order, start=1):
        right += correct[i]
        is_last_of_its_confidence = (
            count == len(order) or confidences[order[count]] != confidences[i]
        )
        if is_last_of_its_confidence:
            points.append((count / len(order), right / count))
    return points


def coverage_at_precision(
    confidences: Sequence[float], correct: Sequence[float], precision: float
) -> float:
    """Return the largest share of questions answerable at this precision or a better one."""
    points = risk_coverage(confidences, correct)
    return max((coverage for coverage, found in points if found >= precision), default=0.0)


def precision_at_coverage(
    confidences: Sequence[float], correct: Sequence[float], coverage: float
) -> float | None:
    """Return the precision when (at least) this share of the questions is answered."""
    points = risk_coverage(confidences, correct)
    return next((found for share, found in points if share >= coverage), None)


def calibration_error(
    confidences: Sequence[float], correct: Sequence[float], n_bins: int = 10
) -> float:
    """Return by how much confidence and share right differ, in bins of equal width.

    The expected calibration error (Naeini et al. 2015): bins weigh by their number of answers.
    """
    if not confidences:
        return 0.0
    bins = np.minimum((np.array(confidences) * n_bins).astype(int), n_bins - 1)
    gaps = np.bincount(bins, np.array(confidences) - np.array(correct), n_bins)
    return float(np.abs(gaps).sum() / len(confidences))
