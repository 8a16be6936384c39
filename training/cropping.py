"""Shorter passages: training costs what its tokens cost."""

import random

from corpus.sentences import sentence_spans
from training.example import Context, Example

__all__ = ["cropped"]

_CROP_WORDS = (50, 90)


def cropped(example: Example, rng: random.Random) -> Example:
    """Return the example with its first passage cut to a few sentences, the answer's among them."""
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
