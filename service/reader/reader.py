"""What a reader is: it finds, in passages, the spans that answer a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.hit import Hit

__all__ = ["Reader", "Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer in one passage.

    `hit` is the position of its passage among the hits that were read. `[start, end)` are code
    points of that article's text; the span lies inside one sentence of the passage. `score` is
    the sum of its start and end logits, `null_score` the logits' sum for "no answer in this
    passage": the higher `score - null_score`, the surer the reader.
    """

    hit: int
    start: int
    end: int
    score: float
    null_score: float


class Reader(Protocol):
    """Reads passages for one question."""

    def read(self, question: str, hits: Sequence[Hit], max_spans: int = 5) -> list[Span]:
        """Return at most `max_spans` spans a passage that do not overlap, best first overall."""
        ...
