"""Spans of several passages become answers: equal ones add up."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.hit import Hit
from index.lexical import stems
from service.answering.coverage import coverage
from service.answering.expected import AnswerType, expected_type, fits
from service.answering.naming import full_names, naming_key, naming_rank
from service.answering.sameness import answer_key, same_answer_key
from service.answering.values.reading import value_of
from service.reader.reader import Span

__all__ = ["Candidate", "EvidenceSettings", "weigh"]


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """How spans are weighed; chosen on the 2022 questions.

    A span weighs `exp((score - null_share * null_score) / temperature) / (1 + rank)^rank_decay`;
    `1 + recency * exp(-age / recency_days)` times that when the archive is seen from a day, and
    `misfit` times that when it cannot be what was asked for. An answer gets the weights of its own
    spans and `containing` times those of the spans that contain it. It is shown in the words that
    name it best (`naming`) of those that weigh `least_naming` of its weightiest. Its share is
    counted at a temperature of its own: a gentler one tells better whether there is an answer at
    all.
    """

    temperature: float = 2.0
    null_share: float = 0.25
    rank_decay: float = 0.25
    containing: float = 0.25
    share_temperature: float = 4.0
    recency: float = 3.0
    recency_days: float = 10.0
    misfit: float = 0.3
    least_naming: float = 0.02


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer with the spans that give it: the one that names it best, then by weight.

    `weight` is its evidence, `share` that evidence as a part in [0, 1] of all the evidence found,
    `margin` the largest `score - null_score` of its spans, and `coverage` the largest part in
    [0, 1] of the question's words that one of its passages speaks of.
    """

    spans: tuple[Span, ...]
    weight: float
    share: float
    margin: float
    coverage: float


def weigh(
    question: str,
    as_of: date | None,
    spans: Sequence[Span],
    hits: Sequence[Hit],
    settings: EvidenceSettings,
) -> list[Candidate]:
    """Return the different answers among the spans of `hits`, the best supported first."""
    expected = expected_type(question)
    factors = _factors(expected, as_of, spans, hits, settings)
    weights = {span: _weight(span, hits, settings) * factors[span] for span in spans}
    groups = _answers(question, expected, spans, hits, weights, settings)
    words = {key: answer_key(group[0].text(hits)) for key, group in groups.items()}
    weight = _supported(groups, words, weights, settings)
    gentle = replace(settings, temperature=settings.share_temperature)
    gentle_weights = {span: _weight(span, hits, gentle) * factors[span] for span in spans}
    gently = _supported(groups, words, gentle_weights, settings)
    total = sum(gentle_weights.values())
    covered = coverage(question, hits)
    candidates = [
        Candidate(
            spans=tuple(group),
            weight=weight[key],
            share=min(1.0, gently[key] / total) if total else 0.0,
            margin=max(span.score - span.null_score for span in group),
            coverage=max(covered[span.hit] for span in group),
        )
        for key, group in groups.items()
    ]
    return sorted(candidates, key=lambda candidate: -candidate.weight)


def _answers(
    question: str,
    expected: AnswerType | None,
    spans: Sequence[Span],
    hits: Sequence[Hit],
    weights: Mapping[Span, float],
    settings: EvidenceSettings,
) -> dict[str, list[Span]]:
    """Group the spans that give one answer: the one that names it best, then by weight."""
    asked = frozenset(stems(question))
    keys: dict[Span, str] = {}
    groups: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda span: -weights[span]):
        keys[span] = same_answer_key(hits[span.hit].article, span.start, span.end)
        groups.setdefault(naming_key(keys[span], asked), []).append(span)
    if expected == "person":
        names = full_names({key: group[0].text(hits) for key, group in groups.items()})
        for last_name, name in names.items():
            groups[name] = sorted(groups[name] + groups.pop(last_name), key=lambda s: -weights[s])
    for key, group in groups.items():
        least = settings.least_naming * weights[group[0]]
        best = min(
            (span for span in group if weights[span] >= least),
            key=lambda span: naming_rank(span.text(hits), keys[span], key),
        )
        group.insert(0, group.pop(group.index(best)))
    return groups


def _factors(
    expected: AnswerType | None,
    as_of: date | None,
    spans: Sequence[Span],
    hits: Sequence[Hit],
    settings: EvidenceSettings,
) -> dict[Span, float]:
    """Return what each span counts for its article's age and its kind of answer."""
    factors = {}
    for span in spans:
        article, factor = hits[span.hit].article, 1.0
        if as_of and article.day:
            age_days = max((as_of - article.day).days, 0)
            factor += settings.recency * math.exp(-age_days / settings.recency_days)
        value = value_of(article, span.start, span.end) if expected else None
        if not fits(expected, span.text(hits), value):
            factor *= settings.misfit
        factors[span] = factor
    return factors


def _supported(
    groups: Mapping[str, Sequence[Span]],
    words: Mapping[str, str],
    weights: Mapping[Span, float],
    settings: EvidenceSettings,
) -> dict[str, float]:
    """Return the evidence of each answer, with its part of that of those that contain it."""
    own = {key: sum(weights[span] for span in group) for key, group in groups.items()}
    return {
        key: weight + settings.containing * _containing(key, own, words)
        for key, weight in own.items()
    }


def _weight(span: Span, hits: Sequence[Hit], settings: EvidenceSettings) -> float:
    exponent = (span.score - settings.null_share * span.null_score) / settings.temperature
    # Logits of a foreign checkpoint can be of any size.
    decay: float = (1 + hits[span.hit].rank) ** settings.rank_decay
    return math.exp(min(exponent, 100.0)) / decay


def _containing(key: str, own: Mapping[str, float], words: Mapping[str, str]) -> float:
    """Return the evidence of longer answers that hold the words of `key`'s whole."""
    return sum(
        weight
        for other, weight in own.items()
        if other != key and f" {words[key]} " in f" {words[other]} "
    )
