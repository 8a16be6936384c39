"""From examples to model inputs."""

import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from service.reader.onnx_reader import BUNDLED_READER
from training.example import Context, Example

__all__ = ["Features", "InputWindow", "batches", "featurise", "word_pieces"]

_MAX_QUESTION_TOKENS = 56
# Batches are cut from this many at once, sorted by length, so that little is padding.
_BATCHES_SORTED_TOGETHER = 40


@dataclass(frozen=True, slots=True)
class InputWindow:
    """One input: `[CLS] question [SEP] passage [SEP]`, the `number`-th of a run.

    `ids` are (n,); the passage begins at token `first`, without its own first `skipped` tokens.
    `starts` and `ends` are the tokens at which an answer begins and ends, both included; none when
    the window holds no answer.
    """

    ids: npt.NDArray[np.int32]
    first: int
    skipped: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Features:
    """The windows of one example, one for each of its passages; see `Example` for the rest."""

    windows: tuple[InputWindow, ...]
    is_distant: bool
    is_labelled: bool

    @property
    def n_tokens(self) -> int:
        """The longest window's."""
        return max(len(window.ids) for window in self.windows)


def featurise(
    examples: Iterable[Example], max_tokens: int, rng: random.Random
) -> Iterator[Features]:
    """Yield the features of each example that has passages, their windows numbered from 0.

    Of a passage too long for `max_tokens` a stretch drawn at random is kept, with its answer.
    """
    tokenizer = word_pieces()
    numbers = itertools.count()
    for example in (one for one in examples if one.contexts):
        question = tokenizer.encode(example.question, add_special_tokens=False)
        question_ids = question.ids[:_MAX_QUESTION_TOKENS]
        encodings = tokenizer.encode_batch(
            [context.text for context in example.contexts], add_special_tokens=False
        )
        room = max_tokens - len(question_ids) - 3
        windows = tuple(
            _window(tokenizer, question_ids, encoding, context, room, rng, next(numbers))
            for encoding, context in zip(encodings, example.contexts, strict=True)
        )
        yield Features(windows, example.is_distant, example.is_labelled)


def word_pieces() -> Tokenizer:
    """Return the word pieces of BERT, uncased: those that all readers here are trained on."""
    tokenizer = Tokenizer.from_file(str(BUNDLED_READER / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _window(
    tokenizer: Tokenizer,
    question: Sequence[int],
    encoding: Encoding,
    context: Context,
    room: int,
    rng: random.Random,
    number: int,
) -> InputWindow:
    places = [place for place in map(_Tokens(encoding).of, context.answers) if place]
    n = len(encoding.ids)
    low, high = 0, max(0, n - room)
    if places:
        start, end = places[0]
        low, high = max(0, min(end - room + 1, high)), min(start, high)
    offset = rng.randint(min(low, high), high)
    passage = encoding.ids[offset : offset + room]
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    first = len(question) + 2
    inside = [
        (start - offset + first, end - offset + first)
        for start, end in places
        if offset <= start and end < offset + len(passage)
    ]
    return InputWindow(
        ids=np.array([cls, *question, sep, *passage, sep], np.int32),
        first=first,
        skipped=offset,
        starts=tuple(start for start, _ in inside),
        ends=tuple(end for _, end in inside),
        number=number,
    )


class _Tokens:
    """From code points of a text to its tokens."""

    def __init__(self, encoding: Encoding) -> None:
        offsets = np.array(encoding.offsets, np.int64).reshape(-1, 2)
        self._starts, self._ends = offsets[:, 0], offsets[:, 1]

    def of(self, place: tuple[int, int]) -> tuple[int, int] | None:
        """Return the first and last token that `[start, end)` touches; None if it touches none."""
        first = int(np.searchsorted(self._ends, place[0], side="right"))
        last = int(np.searchsorted(self._starts, place[1], side="left")) - 1
        return (first, last) if first <= last else None


def batches(
    features: Sequence[Features], max_batch_tokens: int, rng: random.Random
) -> list[list[Features]]:
    """Return all features once, in batches of at most `max_batch_tokens` with the padding."""
    order = list(features)
    rng.shuffle(order)
    n_tokens = sum(len(one.windows) * one.n_tokens for one in order)
    per_chunk = max(1, _BATCHES_SORTED_TOGETHER * len(order) * max_batch_tokens // max(1, n_tokens))
    cut: list[list[Features]] = []
    for first in range(0, len(order), per_chunk):
        chunk = sorted(order[first : first + per_chunk], key=lambda one: one.n_tokens)
        cut += _cut(chunk, max_batch_tokens)
    rng.shuffle(cut)
    return cut


def _cut(features: Sequence[Features], max_batch_tokens: int) -> Iterator[list[Features]]:
    batch: list[Features] = []
    n_windows = 0
    for one in features:  # longer and longer
        if batch and (n_windows + len(one.windows)) * one.n_tokens > max_batch_tokens:
            yield batch
            batch, n_windows = [], 0
        batch.append(one)
        n_windows += len(one.windows)
    if batch:
        yield batch
