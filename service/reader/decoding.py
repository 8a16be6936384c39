"""From a reader's logits to spans of text; no model in here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from service.reader.edges import trim, widen

__all__ = ["Logits", "ScoredSpan", "Window", "cut_window", "decode"]

Logits = npt.NDArray[np.float32]

_MAX_ANSWER_TOKENS = 30


@dataclass(frozen=True, slots=True)
class Window:
    """What the model said of one stretch of a passage.

    `start` and `end` are (n,) logits of the stretch's n tokens; `offsets` their (n, 2) bounds in
    code points of the passage; `sentence` (n,) tells which sentence each lies in, -1 for none,
    and never falls. `null_score` is start plus end logit of the first token, which stands for
    "no answer here" (Devlin et al. 2019, section 4.3). `relevance` is how much the stretch is
    about the question, 0 where the model does not tell.
    """

    start: Logits
    end: Logits
    offsets: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int64]
    null_score: float
    relevance: float = 0.0


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """`[start, end)` in code points of the passage, and the sum of its two logits."""

    start: int
    end: int
    score: float


def cut_window(
    start: Logits,
    end: Logits,
    offsets: npt.NDArray[np.int64],
    in_passage: npt.NDArray[np.bool_],
    sentence_starts: Sequence[int],
    relevance: float = 0.0,
) -> Window:
    """Return the part of one model input that is of the passage.

    `start`, `end` and `in_passage` are (m,) and `offsets` (m, 2) over all m tokens of the input,
    the question's and the special ones too; `sentence_starts` are in code points of the passage.
    """
    bounds = offsets[in_passage]
    starts = np.asarray(sentence_starts, np.int64)
    # By its last character: some tokenizers count the space before a word into its token.
    sentence = np.searchsorted(starts, bounds[:, 1] - 1, side="right") - 1
    if len(starts):
        bounds[:, 0] = np.maximum(bounds[:, 0], starts[np.maximum(sentence, 0)])
    return Window(
        start=start[in_passage],
        end=end[in_passage],
        offsets=bounds,
        sentence=sentence,
        null_score=float(start[0] + end[0]),
        relevance=relevance,
    )


def decode(text: str, windows: Sequence[Window], n: int) -> tuple[list[ScoredSpan], float]:
    """Return at most `n` spans of a passage, best first, and the passage's null score.

    A span lies in one sentence, has at most 30 tokens, consists of whole words without the marks
    around them (`service.reader.edges`), and overlaps no better one. A span seen by several
    windows counts once, with its best score. The null score is the lowest of all windows: a
    passage has no answer only if no window has.
    """
    best: dict[tuple[int, int], float] = {}
    for window in windows:
        for span in _best_spans(text, window, n):
            bounds = (span.start, span.end)
            best[bounds] = max(span.score, best.get(bounds, span.score))
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    spans = _without_overlap((ScoredSpan(*bounds, score) for bounds, score in ranked), n)
    return spans, min(window.null_score for window in windows)


def _best_spans(text: str, window: Window, n: int) -> Iterator[ScoredSpan]:
    """Yield the `n` best spans of one window that share no token: each time the best left."""
    scores = _scores(window)
    while n and scores.size:
        row, column = divmod(int(scores.argmax()), scores.shape[1])
        score = float(scores[row, column])
        if score == -np.inf:
            return
        bounds = _bounds(text, window, row, row + column)
        if bounds:
            yield ScoredSpan(*bounds, score)
            n -= 1
            _strike_overlapping(scores, row, row + column)
        else:
            # Nothing but marks: what is inside is no answer either, what holds it may be one.
            inside = np.arange(column + 1) < np.arange(column + 1, 0, -1)[:, None]
            scores[row : row + column + 1, : column + 1][inside] = -np.inf


def _bounds(text: str, window: Window, first: int, last: int) -> tuple[int, int] | None:
    """Return the bounds of an answer from token `first` to `last`, all of it in their sentence."""
    number = window.sentence[first]
    begin = window.offsets[np.searchsorted(window.sentence, number), 0]
    end = window.offsets[np.searchsorted(window.sentence, number, side="right") - 1, 1]
    sentence = text[begin:end]
    widened = widen(sentence, *(window.offsets[[first, last], [0, 1]] - begin).tolist())
    trimmed = trim(sentence, *widened)
    return (int(begin) + trimmed[0], int(begin) + trimmed[1]) if trimmed else None


def _scores(window: Window) -> Logits:
    """Return (n, width): [i, k] scores the span from token i to i + k, -inf if not legal."""
    n = len(window.start)
    width = min(_MAX_ANSWER_TOKENS, n)
    if not n:
        return np.empty((0, 0), np.float32)
    ends = np.append(window.end, np.full(width - 1, -np.inf, np.float32))
    scores = window.start[:, None] + np.lib.stride_tricks.sliding_window_view(ends, width)
    # How many tokens are left in the sentence of each token, itself included.
    left = np.searchsorted(window.sentence, window.sentence, side="right") - np.arange(n)
    legal = (np.arange(width) < left[:, None]) & (window.sentence[:, None] >= 0)
    masked: Logits = np.where(legal, scores, np.float32(-np.inf))
    return masked


def _strike_overlapping(scores: Logits, first: int, last: int) -> None:
    """Set to -inf, in place, every span that shares a token with those from first to last."""
    scores[first : last + 1] = -np.inf
    width = scores.shape[1]
    above = scores[max(0, first - width) : first]
    # Row i from the bottom reaches `first` from its column i on.
    distance = np.arange(len(above), 0, -1)
    above[np.arange(width) >= distance[:, None]] = -np.inf


def _without_overlap(spans: Iterable[ScoredSpan], n: int) -> list[ScoredSpan]:
    kept: list[ScoredSpan] = []
    for span in spans:
        if len(kept) == n:
            break
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return kept
