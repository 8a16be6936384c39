"""A fact that changed: the value that each article gave, in the order of publication."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.hit import Hit
from service.answering.citing import cite
from service.answering.sameness import same_answer_key
from service.answering.values.reading import value_of
from service.reader.reader import Span

__all__ = ["Statement", "TimelineSettings", "Values", "in_conflict", "in_force", "statements"]

_CORRECTS = re.compile(
    r"\b(?:correct\w*|revis\w+|lower\w*|rais\w+|rose|risen|up from|down from|previous(?:ly)?"
    r"|had said|earlier (?:figure|count|toll)|updated?|now|so far)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TimelineSettings:
    """Which spans count as values of the fact that was asked for; chosen on the 2022 questions.

    Each article speaks with its surest span, if it is of one kind with the answer and its margin
    over "no answer" is at least `least_margin` and at most `margin_drop` below the answer's. The
    value in force is the answer if it has at least `least_weight` of the evidence of the best
    supported one. Different values by different outlets within `conflict_days` are a conflict.
    """

    least_margin: float = -2.0
    margin_drop: float = 7.0
    least_weight: float = 0.1
    conflict_days: int = 1


@dataclass(frozen=True, slots=True)
class Statement:
    """What one article says: a span, its key (`sameness`), and the day of the article."""

    span: Span
    key: str
    day: date


Values = list[list[Statement]]


def statements(
    spans: Sequence[Span], hits: Sequence[Hit], best: Span, settings: TimelineSettings
) -> Values:
    """Return the statements of each value, values and statements in the order of publication.

    `best` is the span of the answer. Only what is dated counts. Fewer than two values are no
    timeline: then the list is empty.
    """
    kind = _kind(best, hits)
    surest: dict[str, Span] = {}
    for span in sorted(spans, key=lambda span: span.null_score - span.score):
        surest.setdefault(hits[span.hit].article.id, span)
    least = max(settings.least_margin, best.score - best.null_score - settings.margin_drop)
    said = [
        Statement(span, same_answer_key(article, span.start, span.end), article.day)
        for span in surest.values()
        if (article := hits[span.hit].article).day
        and span.score - span.null_score >= least
        and _kind(span, hits) == kind
    ]
    whole = _whole_names({statement.key for statement in said})
    values: dict[str, list[Statement]] = {}
    for statement in sorted(said, key=lambda one: one.day):
        values.setdefault(whole[statement.key], []).append(statement)
    return list(values.values()) if len(values) > 1 else []


def _whole_names(keys: Collection[str]) -> dict[str, str]:
    """Map each key to the longest that has all of its words in a row: "lund" to "katya lund".

    Keys of numbers and dates have no words, and stand for themselves.
    """
    longest_first = sorted(keys, key=len, reverse=True)
    return {
        key: next(one for one in longest_first if f" {key} " in f" {one} ") for key in longest_first
    }


def _kind(span: Span, hits: Sequence[Hit]) -> tuple[str, str]:
    """Return the type of a span's value and its unit; names and other words have none."""
    article = hits[span.hit].article
    value = value_of(article, span.start, span.end)
    if value:
        return value.type, value.currency or value.of or ""
    return ("name" if article.text[span.start].isupper() else "words"), ""


def in_force(values: Values, at: date | None) -> Statement:
    """Return the statement that held at a day: the last one made until then.

    Without a day, or where none was made by then, the last one of all or the first.
    """
    made = sorted((one for value in values for one in value), key=lambda one: one.day)
    by_then = [one for one in made if at is None or one.day <= at]
    return by_then[-1] if by_then else made[0]


def in_conflict(values: Values, hits: Sequence[Hit], settings: TimelineSettings) -> bool:
    """Whether outlets differ on the newest value, at the same time and neither correcting."""
    newest, before = values[-1][0], values[-2][0]
    if newest.day - before.day > timedelta(settings.conflict_days):
        return False
    one, other = hits[newest.span.hit], hits[before.span.hit]
    return one.article.source != other.article.source and not _CORRECTS.search(
        cite(newest.span, one).quote
    )
