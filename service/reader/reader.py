"""What a reader is: it finds, in passages, the spans that answer a question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.hit import Hit
from service.reader.decoding import ScoredSpan

__all__ = ["Reader", "Span", "sentence_starts", "to_spans"]


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

    def text(self, hits: Sequence[Hit]) -> str:
        """Return the words of this candidate, in one of the `hits` that were read."""
        return hits[self.hit].article.text[self.start : self.end]


class Reader(Protocol):
    """Reads passages for one question."""

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        max_spans: int = 5,
        check: Callable[[], None] | None = None,
    ) -> list[Span]:
        """Return at most `max_spans` spans a passage that do not overlap, best first overall.

        `check` is called before each batch; whatever it raises ends the reading.
        """
        ...


def sentence_starts(hit: Hit) -> list[int]:
    """Return where the sentences of a passage begin, in code points of the passage."""
    return [start - hit.passage.start for start, _ in hit.passage.sentences]


def to_spans(number: int, hit: Hit, found: Sequence[ScoredSpan], null_score: float) -> list[Span]:
    """Return what was decoded of the passage at `number` with bounds in its article."""
    offset = hit.passage.start
    return [
        Span(number, offset + one.start, offset + one.end, one.score, null_score) for one in found
    ]
