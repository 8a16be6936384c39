"""The first stage's examples: reading comprehension, with passages that do not answer."""

import random
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.sentences import sentence_spans
from training.datasets import reading_set
from training.example import Context, Example
from training.negatives import PassagePool
from training.unanswerable import changed_question, without_answer

__all__ = ["cropped", "reading_examples"]

# How often an example of each source is used; reviews and forum posts are least like news.
_TIMES: Mapping[str, float] = {
    "squad2_dev_unanswerable": 3.0,
    "squadshifts_reddit": 0.3,
    "squadshifts_amazon_reviews": 0.25,
    "qamr_wikinews": 0.25,
    "qamr_wikipedia": 0.25,
}
_CROPPED = 0.7
_CROP_WORDS = (50, 90)
_WITH_NEGATIVE = 0.3
_CHANGED = 0.22
_REMOVED = 0.1


def reading_examples(rng: random.Random) -> Iterator[Example]:
    """Yield the questions of the public sets, and others without an answer made from them."""
    everything = [one for name in _SETS for one in reading_set(name)]
    paragraphs = (one for one in everything if not one.source.startswith("qamr"))
    with tempfile.TemporaryDirectory() as folder:
        pool = PassagePool(paragraphs, Path(folder))
        for one in everything:
            times = _TIMES.get(one.source, 1.0)
            for _ in range(int(times) + (rng.random() < times % 1)):
                yield from _variants(one, pool, rng)


_SETS = ("squad", "squadshifts", "nq_open_oracle", "qamr")


def _variants(whole: Example, pool: PassagePool, rng: random.Random) -> Iterator[Example]:
    example = cropped(whole, rng) if rng.random() < _CROPPED else whole
    is_answerable = bool(example.contexts[0].answers)
    is_sentence = whole.source.startswith("qamr")
    if is_answerable and not is_sentence and rng.random() < _WITH_NEGATIVE:
        others = pool.hard_negatives(whole, 1)
        yield example.model_copy(update={"contexts": (*example.contexts, *others)})
    else:
        yield example
    if is_answerable and not is_sentence:
        kind = rng.random()
        made = None
        if kind < _CHANGED:
            made = changed_question(example, rng)
        elif kind < _CHANGED + _REMOVED:
            made = without_answer(whole)
        if made:
            yield made


def cropped(example: Example, rng: random.Random) -> Example:
    """Return the example with its first passage cut to a few sentences, the answer's among them.

    Short passages make training cheaper: its cost is the number of tokens.
    """
    context = example.contexts[0]
    spans = sentence_spans(context.text)
    room = rng.randint(*_CROP_WORDS)
    place = context.answers[0] if context.answers else (rng.randrange(len(context.text)),) * 2
    chosen = [i for i, (start, end) in enumerate(spans) if start < place[1] and place[0] < end]
    if not chosen:
        chosen = [rng.randrange(len(spans))]
    low, high = chosen[0], chosen[-1]
    while _n_words(context.text, spans, low, high) < room and (low > 0 or high < len(spans) - 1):
        grow_left = low > 0 and (high == len(spans) - 1 or rng.random() < 0.5)
        low, high = (low - 1, high) if grow_left else (low, high + 1)
    start, end = spans[low][0], spans[high][1]
    answers = tuple((s - start, e - start) for s, e in context.answers if start <= s and e <= end)
    short = Context(text=context.text[start:end], answers=answers)
    return example.model_copy(update={"contexts": (short, *example.contexts[1:])})


def _n_words(text: str, spans: list[tuple[int, int]], low: int, high: int) -> int:
    return len(text[spans[low][0] : spans[high][1]].split())
