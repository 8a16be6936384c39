"""Groups of passages as the service reads them: the answer's among those found by words."""

import random
from collections.abc import Iterator

from training.datasets import reading_set
from training.example import Example
from training.negatives import PassagePool, passage_pool
from training.reading import drawn, unanswerable_variant

__all__ = ["group_examples"]

# Their questions make sense without the passage, so that other passages can be found for them.
_OPEN = (
    "squad", "nq_open_oracle", "tydiqa_en", "timeqa_human", "quotesum_dev", "multispanqa",
    "squadshifts",
)  # fmt: skip
_SINGLE = ("onestopqa", "newsqa", "contrast_quoref", "squad_pieces", "clapnq_unans")
_UNLIKE_NEWS = ("squadshifts_reddit", "squadshifts_amazon_reviews")
_UNLIKE_NEWS_KEPT = 0.2
_IN_GROUP = 0.9
_FOUND = 6
_N_OTHERS = (3, 4, 5)
# The share of groups that lack the answer's passage: what is asked is not in the archive.
_HIDDEN = 0.1
_CHANGED = 0.3
_REMOVED = 0.08


def group_examples(
    rng: random.Random, limit: int | None = None, share: float = 1.0
) -> Iterator[Example]:
    """Yield questions with their passage among three to five others, or with those alone.

    With `limit`, only about so many questions, drawn from all sets. Of the examples made of them
    about a `share` is used; the others' passages can still be found.
    """
    every = [
        (name, example)
        for name in (*_OPEN, *_SINGLE)
        for example in reading_set(name)
        if example.source not in _UNLIKE_NEWS or rng.random() < _UNLIKE_NEWS_KEPT
    ]
    asked = drawn(every, limit, rng)
    with passage_pool(one for name, one in asked if name != "newsqa") as pool:
        for name, example in asked:
            if rng.random() >= share:
                continue
            is_answerable = bool(example.contexts[0].answers)
            if name in _OPEN and is_answerable and example.source not in _UNLIKE_NEWS:
                yield _group(example, pool, rng)
            else:
                yield example
            if is_answerable:
                yield from unanswerable_variant(example, _CHANGED, _REMOVED, rng)


def _group(example: Example, pool: PassagePool, rng: random.Random) -> Example:
    if rng.random() >= _IN_GROUP:
        return example
    found = pool.hard_negatives(example, _FOUND)
    others = rng.sample(found, min(len(found), rng.choice(_N_OTHERS)))
    if others and rng.random() < _HIDDEN:
        return Example(source="hidden", question=example.question, contexts=tuple(others))
    return example.model_copy(update={"contexts": (*example.contexts, *others)})
