"""Reading comprehension: questions with their own passage, and with others that do not answer."""

import random
from collections.abc import Iterator, Mapping, Sequence

from training.datasets import FURTHER_SETS, MAIN_SETS, reading_set
from training.example import Example
from training.negatives import PassagePool, passage_pool
from training.unanswerable import changed_question, without_answer

__all__ = ["drawn", "reading_examples", "unanswerable_variant"]

# How often an example of a source, or of a set, is used; once where neither is listed. Reviews,
# posts, dialogue and single sentences are least like news.
_TIMES: Mapping[str, float] = {
    "squad2_dev_unanswerable": 2.0,
    "squadshifts_reddit": 0.5,
    "squadshifts_amazon_reviews": 0.5,
    "qamr_wikinews": 0.5,
    "qamr_wikipedia": 0.35,
    "qasrl_gs_wikinews": 0.3,
    "qasrl_gs_wikipedia": 0.2,
    "policyqa": 0.25,
    "newsqa": 2.0,
    "tweetqa": 0.4,
    "fairytaleqa": 0.4,
    "friendsqa": 0.15,
    "subjqa": 0.06,
    "covidqa": 0.3,
    "qadiscourse": 0.1,
    "bioasq_factoid": 0.4,
}
_SENTENCES = ("qamr", "qasrl")
_WITH_NEGATIVES = 0.55
_N_NEGATIVES = (1, 1, 2)
_CHANGED = 0.35
_REMOVED = 0.12


def reading_examples(rng: random.Random, limit: int | None = None) -> Iterator[Example]:
    """Yield the questions of all sets, and others without an answer made from them.

    With `limit`, only about so many questions, drawn from all sets.
    """
    every = [
        (name, example)
        for name in (*MAIN_SETS, *FURTHER_SETS)
        for example in reading_set(name)
        for _ in range(_times(name, example, rng))
    ]
    asked = drawn(every, limit, rng)
    paragraphs = (example for name, example in asked if name not in _SENTENCES)
    with passage_pool(paragraphs) as pool:
        for name, example in asked:
            if name in _SENTENCES or not example.contexts[0].answers:
                yield example
            else:
                yield _with_negatives(example, pool, rng)
                yield from unanswerable_variant(example, _CHANGED, _REMOVED, rng)


def unanswerable_variant(
    example: Example, changed: float, removed: float, rng: random.Random
) -> Iterator[Example]:
    """Yield, with these two probabilities, the example with a changed question or a cut passage."""
    kind = rng.random()
    made = None
    if kind < changed:
        made = changed_question(example, rng)
    elif kind < changed + removed:
        made = without_answer(example)
    if made:
        yield made


def drawn(
    some: Sequence[tuple[str, Example]], limit: int | None, rng: random.Random
) -> Sequence[tuple[str, Example]]:
    """Return all, or `limit` of them drawn at random, in their order."""
    if limit is None or limit >= len(some):
        return some
    return [some[i] for i in sorted(rng.sample(range(len(some)), limit))]


def _times(name: str, example: Example, rng: random.Random) -> int:
    times = _TIMES.get(example.source, _TIMES.get(name, 1.0))
    return int(times) + (rng.random() < times % 1)


def _with_negatives(example: Example, pool: PassagePool, rng: random.Random) -> Example:
    if rng.random() >= _WITH_NEGATIVES:
        return example
    others = pool.hard_negatives(example, rng.choice(_N_NEGATIVES))
    return example.model_copy(update={"contexts": (*example.contexts, *others)})
