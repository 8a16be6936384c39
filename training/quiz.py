"""The second stage's examples: news quizzes of 2022, with what the retriever finds for them."""

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from index.archive import ArchiveSnapshot
from index.hit import Hit
from index.query import Filters, Query
from service.evaluation.questions import GoldQuestion, read_questions
from training.datasets import data_path
from training.example import Context, Example
from training.places import answer_places, parted

__all__ = ["HIDDEN_DAYS", "N_FOLDS", "hidden_hits", "news_quizzes", "quiz_examples"]

# What could answer a question is hidden by leaving out this many days before it was asked.
HIDDEN_DAYS = 60
N_FOLDS = 3
_DEPTH = 20
_N_WITH, _N_WITHOUT = 3, 3
_N_HIDDEN = 2


def news_quizzes(year: int, folds: Collection[int] = range(N_FOLDS)) -> list[GoldQuestion]:
    """Return the quiz questions of a year whose answer was in the news when they were asked.

    Readers are trained and settings chosen on those of 2022 and on no others, and not on the same
    ones: weeks are dealt to `N_FOLDS` folds in turn.

    Raises:
        SourceError: the data is not there.
    """
    return [
        gold
        for gold in read_questions(data_path("news/realtimeqa-questions.jsonl"))
        if gold.question.as_of
        and gold.question.as_of.year == year
        and gold.question.as_of.toordinal() // 7 % N_FOLDS in folds
        and gold.extra.get("recent") is True
    ]


def quiz_examples(
    golds: Sequence[GoldQuestion], snapshot: ArchiveSnapshot, times: int, rng: random.Random
) -> Iterator[Example]:
    """Yield each question `times` times with passages drawn from those found for it.

    And once with passages from before the answer was known.
    """
    for gold in golds:
        hits = snapshot.search(Query(gold.question.text, as_of=gold.question.as_of), _DEPTH)
        with_answer, without = parted(hits, gold.answers)
        for _ in range(times if with_answer else 0):
            chosen = _draw(with_answer, _N_WITH, rng) + _draw(without, _N_WITHOUT, rng)
            yield _example("quiz", gold, chosen)
        if hidden := hidden_hits(gold, snapshot, _N_HIDDEN):
            yield _example("quiz/hidden", gold, [Context(text=hit.text) for hit in hidden])


def hidden_hits(gold: GoldQuestion, snapshot: ArchiveSnapshot, n: int) -> list[Hit]:
    """Return at most `n` hits for a question from before its answer was in the news.

    None holds the right answer's words.
    """
    as_of = gold.question.as_of
    if as_of is None:
        return []
    before = Filters(published_to=as_of - timedelta(days=HIDDEN_DAYS))
    hits = snapshot.search(Query(gold.question.text, before, as_of), 2 * n)
    silent = [hit for hit in hits if not answer_places(hit.text, gold.answers)]
    return [replace(hit, rank=rank) for rank, hit in enumerate(silent[:n])]


def _draw(contexts: Sequence[Context], n: int, rng: random.Random) -> list[Context]:
    """Draw `n`, the ones found first more often than the last."""
    weighted = sorted(range(len(contexts)), key=lambda rank: rng.expovariate(1.0) * (1 + rank))
    return [contexts[rank] for rank in weighted[:n]]


def _example(source: str, gold: GoldQuestion, contexts: Sequence[Context]) -> Example:
    return Example(
        source=source,
        question=gold.question.text,
        contexts=tuple(contexts),
        is_distant=source == "quiz",
    )
