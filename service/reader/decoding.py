"""From a reader's logits to spans of text; no model in here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Logits", "ScoredSpan", "Window", "cut_window", "decode", "trim"]

Logits = npt.NDArray[np.float32]

_MAX_ANSWER_TOKENS = 30
# Candidates looked at per window before overlapping ones are dropped.
_POOL = 60

_PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", '"': '"', "'": "'"}
_LOOSE_END = ",;:.!?–—-"


@dataclass(frozen=True, slots=True)
class Window:
    """What the model said of one stretch of a passage.

    `start` and `end` are (n,) logits of the stretch's n tokens; `offsets` their (n, 2) bounds in
    code points of the passage; `sentence` (n,) tells which sentence each lies in, -1 for none.
    `null_score` is start plus end logit of the first token, which stands for "no answer here"
    (Devlin et al. 2019, section 4.3).
    """

    start: Logits
    end: Logits
    offsets: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int64]
    null_score: float


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
) -> Window:
    """Return the part of one model input that is of the passage.

    `start`, `end` and `in_passage` are (m,) and `offsets` (m, 2) over all m tokens of the input,
    the question's and the special ones too; `sentence_starts` are in code points of the passage.
    """
    bounds = offsets[in_passage]
    return Window(
        start=start[in_passage],
        end=end[in_passage],
        offsets=bounds,
        # The last sentence that begins at or before the token.
        sentence=np.searchsorted(sentence_starts, bounds[:, 0], side="right") - 1,
        null_score=float(start[0] + end[0]),
    )


def decode(text: str, windows: Sequence[Window], n: int) -> tuple[list[ScoredSpan], float]:
    """Return at most `n` spans of a passage, best first, and the passage's null score.

    A span lies in one sentence, has at most 30 tokens, and overlaps no better one. A span seen
    by several windows counts once, with its best score. The null score is the lowest of all
    windows: a passage has no answer only if no window has.
    """
    best: dict[tuple[int, int], float] = {}
    for window in windows:
        for start, end, score in _candidates(window):
            bounds = trim(text, start, end)
            if bounds:
                best[bounds] = max(score, best.get(bounds, -np.inf))
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    spans = _without_overlap((ScoredSpan(*bounds, score) for bounds, score in ranked), n)
    return spans, min(window.null_score for window in windows)


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds without white space, loose punctuation and unpaired quotes at the edges.

    None when nothing would be left.

    >>> text = 'He said "no, (never".'
    >>> trim(text, 8, 21)
    (8, 20)
    """
    while start < end:
        first, last = text[start], text[end - 1]
        inside = text[start:end]
        if first.isspace() or first in ",;:.–—" or _is_unpaired_opening(inside):
            start += 1
        elif last.isspace() or _is_loose_end(inside) or _is_unpaired_closing(inside):
            end -= 1
        elif _PAIRS.get(first) == last and len(inside) > 1 and last not in inside[1:-1]:
            start, end = start + 1, end - 1
        else:
            return start, end
    return None


def _candidates(window: Window) -> Iterable[tuple[int, int, float]]:
    """Yield `(start, end, score)` in code points of the best legal spans of one window."""
    n = len(window.start)
    length = min(_MAX_ANSWER_TOKENS, n)
    first = np.arange(n)[:, None]
    last = first + np.arange(length)[None, :]  # (n, length)
    inside = np.minimum(last, n - 1)
    legal = (
        (last < n)
        & (window.sentence[first] >= 0)
        & (window.sentence[first] == window.sentence[inside])
    )
    scores = np.where(legal, window.start[:, None] + window.end[inside], -np.inf).ravel()
    pool = min(_POOL, scores.size)
    for position in np.argpartition(-scores, pool - 1)[:pool] if pool else ():
        if np.isfinite(scores[position]):
            row, column = divmod(int(position), length)
            start, end = window.offsets[row, 0], window.offsets[row + column, 1]
            yield int(start), int(end), float(scores[position])


def _without_overlap(spans: Iterable[ScoredSpan], n: int) -> list[ScoredSpan]:
    kept: list[ScoredSpan] = []
    for span in spans:
        if len(kept) == n:
            break
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return kept


def _is_unpaired_opening(inside: str) -> bool:
    closing = _PAIRS.get(inside[0])
    return closing is not None and closing not in inside[1:]


def _is_unpaired_closing(inside: str) -> bool:
    openings = [opening for opening, closing in _PAIRS.items() if closing == inside[-1]]
    # An apostrophe at the end belongs to a plural: "the workers'".
    if not openings or inside[-1] in "'’":
        return False
    return not any(opening in inside[:-1] for opening in openings)


def _is_loose_end(inside: str) -> bool:
    if inside[-1] not in _LOOSE_END:
        return False
    # The stop of "U.S." or "Acme Inc." belongs to it.
    return not (inside[-1] == "." and (inside[-3:-2] in (".", "") or _is_abbreviation(inside)))


def _is_abbreviation(inside: str) -> bool:
    return inside.rsplit(" ", 1)[-1].lower() in {
        "inc.",
        "corp.",
        "ltd.",
        "co.",
        "jr.",
        "sr.",
        "no.",
    }
