"""From a question and passages to spans, with any model that gives start and end logits."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from tokenizers import Encoding, Tokenizer

from index.search.hit import Hit
from index.vectors.onnx_model import Batch, pad
from service.reader.decoding import Logits, ScoredSpan, Window, cut_window, decode
from service.reader.reader import Span

__all__ = ["SpanModel", "SpanReader"]

_MAX_QUESTION_TOKENS = 64
# Inputs run at once; small batches of like length waste little on padding.
_BATCH = 4


class SpanModel(Protocol):
    """An extractive QA model: question first, then passage, "no answer" at the first token."""

    @property
    def tokenizer(self) -> Tokenizer:
        """The model's tokenizer, without padding and truncation."""
        ...

    def run(self, batch: Batch) -> list[Logits]:
        """Return the start and the end logits of a batch, both (n, width).

        And (n,) how much each input's passage is about its question, if the model has learnt that.
        """
        ...


class SpanReader:
    """Reads with `model`; see `Reader`. Any number of threads may read at the same time.

    A passage is read with the headline of its article before it, which tells whose matter it is and
    may hold the answer itself.

    A passage too long for one input of `window` tokens is read in several that share `stride`
    tokens. Of a question the first 64 tokens are read, or fewer where `window` is small: it never
    takes more than a quarter of it.
    """

    def __init__(self, model: SpanModel, window: int, stride: int) -> None:
        self._model = model
        self._max_question_tokens = min(_MAX_QUESTION_TOKENS, window // 4)
        # One tokenizer for each of the two uses: their settings never change while threads read.
        self._question_tokenizer = _copy(model.tokenizer)
        self._pair_tokenizer = _copy(model.tokenizer)
        self._pair_tokenizer.enable_truncation(window, stride=stride, strategy="only_second")

    def knows(self, word: str) -> bool:
        """See `Reader.knows`: a word that is not cut into pieces is a common one."""
        return len(self._question_tokenizer.encode(word, add_special_tokens=False).ids) == 1

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        max_spans: int = 5,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> list[Span]:
        """See `Reader.read`."""
        windows: list[list[Window]] = [[] for _ in hits]
        for number, window in self._windows(self._shorten(question), hits, raise_if_cancelled):
            windows[number].append(window)
        spans = []
        for number, hit in enumerate(hits):
            found, null_score = decode(_headed(hit), windows[number], max_spans)
            relevance = max(window.relevance for window in windows[number])
            spans += [_span(number, hit, one, null_score, relevance) for one in found]
        return sorted(spans, key=lambda span: span.null_score - span.score)

    def _shorten(self, question: str) -> str:
        encoding = self._question_tokenizer.encode(question, add_special_tokens=False)
        if len(encoding.ids) <= self._max_question_tokens:
            return question
        return question[: encoding.offsets[self._max_question_tokens - 1][1]]

    def _windows(
        self, question: str, hits: Sequence[Hit], raise_if_cancelled: Callable[[], None] | None
    ) -> Iterator[tuple[int, Window]]:
        """Yield each window of each passage with the number of its hit."""
        encodings = self._pair_tokenizer.encode_batch([(question, _headed(hit)) for hit in hits])
        inputs = [
            (number, encoding)
            for number, whole in enumerate(encodings)
            for encoding in (whole, *whole.overflowing)
        ]
        inputs.sort(key=lambda item: len(item[1].ids))
        for first in range(0, len(inputs), _BATCH):
            if raise_if_cancelled:
                raise_if_cancelled()
            some = inputs[first : first + _BATCH]
            # (batch, width) each, and (batch,)
            starts, ends, *told = self._model.run(pad([encoding for _, encoding in some]))
            relevance = told[0] if told else np.zeros(len(some), np.float32)
            outputs = zip(some, starts, ends, relevance, strict=True)
            for (number, encoding), start, end, relevant in outputs:
                yield number, _cut(hits[number], encoding, start, end, float(relevant))


def _copy(tokenizer: Tokenizer) -> Tokenizer:
    copy: Tokenizer = Tokenizer.from_str(tokenizer.to_str())
    copy.no_padding()
    copy.no_truncation()
    return copy


def _heading(hit: Hit) -> str:
    title = hit.article.title.rstrip(" .")
    return f"{title}. " if title else ""


def _headed(hit: Hit) -> str:
    return _heading(hit) + hit.text


def _sentence_starts(hit: Hit) -> list[int]:
    """Return where the headline and the sentences begin, in code points of what is read."""
    heading = len(_heading(hit))
    first = [0] if heading else []
    return first + [heading + start - hit.passage.start for start, _ in hit.passage.sentences]


def _span(number: int, hit: Hit, found: ScoredSpan, null_score: float, relevance: float) -> Span:
    """Return what was decoded of the passage at `number` with bounds in its article."""
    heading = len(_heading(hit))
    if found.start < heading:
        end = min(found.end, len(hit.article.title))
        return Span(number, found.start, end, found.score, null_score, "title", relevance)
    moved = hit.passage.start - heading
    start, end = found.start + moved, found.end + moved
    return Span(number, start, end, found.score, null_score, relevance=relevance)


def _cut(hit: Hit, encoding: Encoding, start: Logits, end: Logits, relevance: float) -> Window:
    n = len(encoding.ids)
    in_passage = np.array([sequence == 1 for sequence in encoding.sequence_ids])
    # Offsets are in code points of the text as given, whatever the tokenizer normalises.
    offsets = np.array(encoding.offsets, np.int64)
    starts = _sentence_starts(hit)
    return cut_window(start[:n], end[:n], offsets, in_passage, starts, relevance)
