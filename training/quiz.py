"""News quizzes of 2022 as examples, with what the retriever finds for them."""

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from index.engines.archive import ArchiveSnapshot
from index.search.hit import Hit
from index.search.query import Filters, Query
from service.evaluation.questions import GoldQuestion, read_questions
from training.datasets import data_path
from training.example import Context, Example
from training.places import answer_places, parted

__all__ = ["HIDDEN_DAYS", "N_FOLDS", "hidden_hits", "news_quizzes", "quiz_examples"]

# What could answer a question is hidden by leaving out this many days before it was asked.
HIDDEN_DAYS = 60
N_FOLDS = 3
_DEPTH = 20
# A quiz whose answer was in the news of its week is drawn so often, any other once.
_RECENT_TIMES = 3
_N_EACH, _N_HIDDEN = 3, 2
# With their headlines, as the service reads passages, and as many.
_N_EACH_HEADED, _N_HIDDEN_HEADED = 5, 5


def news_quizzes(
    year: int, folds: Collection[int] = range(N_FOLDS), *, only_recent: bool = True
) -> list[GoldQuestion]:
    """Return the quiz questions of a year, or only those whose answer was in the news just then.

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
        and (_is_recent(gold) or not only_recent)
    ]


def quiz_examples(
    golds: Sequence[GoldQuestion],
    snapshot: ArchiveSnapshot,
    rng: random.Random,
    *,
    with_headline: bool = False,
) -> Iterator[Example]:
    """Yield each question three times or once, with passages drawn from those found for it.

    And once with passages from before the answer was known. Passages `with_headline` are more of
    the same question; answers may stand in the headline.
    """
    n_each, n_hidden = (_N_EACH_HEADED, _N_HIDDEN_HEADED) if with_headline else (_N_EACH, _N_HIDDEN)
    for gold in golds:
        hits = snapshot.search(Query(gold.question.text, as_of=gold.question.as_of), _DEPTH)
        with_answer, without = parted(hits, gold.answers, with_headline=with_headline)
        for _ in range(_times(gold) if with_answer else 0):
            chosen = _draw(with_answer, n_each, rng) + _draw(without, n_each, rng)
            yield _example("quiz", gold, chosen)
        before = hidden_hits(gold, snapshot, n_hidden)
        # Also in the headline the answer's words must not stand.
        if hidden := parted(before, gold.answers, with_headline=with_headline)[1]:
            yield _example("quiz/hidden", gold, hidden)


def _is_recent(gold: GoldQuestion) -> bool:
    return gold.extra.get("recent") is True


def _times(gold: GoldQuestion) -> int:
    return _RECENT_TIMES if _is_recent(gold) else 1


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
