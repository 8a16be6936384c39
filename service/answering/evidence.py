"""Spans of several passages become answers: equal ones add up."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index.hit import Hit
from service.reader.reader import Span

__all__ = ["Candidate", "EvidenceSettings", "answer_key", "weigh"]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NOT_WORD = re.compile(r"[^\w%$€£]+")


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """How spans are weighed; chosen on the 2022 questions.

    A span weighs `exp((score - null_share * null_score) / temperature) / (1 + rank)^rank_decay`.
    An answer gets the weights of its own spans and `containing` times those of the spans that
    contain it.
    """

    temperature: float = 4.0
    null_share: float = 0.5
    rank_decay: float = 0.5
    containing: float = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer with the spans that give it, the weightiest first.

    `weight` is its evidence, `share` that evidence as a part in [0, 1] of all the evidence found,
    and `margin` the largest `score - null_score` of its spans.
    """

    spans: tuple[Span, ...]
    weight: float
    share: float
    margin: float


def answer_key(text: str) -> str:
    """Return what two spans have in common when they give the same answer.

    >>> answer_key("the “Blue Whale”") == answer_key("Blue whale,")
    True
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    words = _NOT_WORD.sub(" ", text)
    return " ".join(_ARTICLES.sub(" ", words).split()) or " ".join(text.split())


def weigh(
    spans: Sequence[Span], hits: Sequence[Hit], settings: EvidenceSettings
) -> list[Candidate]:
    """Return the different answers among the spans of `hits`, the best supported first."""
    weights = {span: _weight(span, hits, settings) for span in spans}
    groups: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda span: -weights[span]):
        text = hits[span.hit].article.text[span.start : span.end]
        groups.setdefault(answer_key(text), []).append(span)
    own = {key: sum(weights[span] for span in group) for key, group in groups.items()}
    total = sum(own.values())
    candidates = [
        Candidate(
            spans=tuple(group),
            weight=(weight := own[key] + settings.containing * _containing(key, own)),
            share=min(1.0, weight / total) if total else 0.0,
            margin=max(span.score - span.null_score for span in group),
        )
        for key, group in groups.items()
    ]
    return sorted(candidates, key=lambda candidate: -candidate.weight)


def _weight(span: Span, hits: Sequence[Hit], settings: EvidenceSettings) -> float:
    exponent = (span.score - settings.null_share * span.null_score) / settings.temperature
    # Logits of a foreign checkpoint can be of any size.
    decay: float = (1 + hits[span.hit].rank) ** settings.rank_decay
    return math.exp(min(exponent, 100.0)) / decay


def _containing(key: str, own: dict[str, float]) -> float:
    """Return the evidence of longer answers that hold `key` as whole words."""
    return sum(
        weight for other, weight in own.items() if other != key and f" {key} " in f" {other} "
    )
