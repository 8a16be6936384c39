"""What a reader is: it finds, in passages, the spans that answer a question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from index.search.hit import Hit

__all__ = ["Field", "Reader", "Span"]

Field = Literal["text", "title"]


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer in one passage.

    `hit` is the position of its passage among the hits that were read. `[start, end)` are code
    points of that article's text, or of its title where `field` says so; in the text the span lies
    inside one sentence of the passage. `score` is
    the sum of its start and end logits, `null_score` the logits' sum for "no answer in this
    passage": the higher `score - null_score`, the surer the reader. `relevance` is how much its
    passage is about the question, answer or not, in a ranker's logits; 0 where the model does not
    tell.
    """

    hit: int
    start: int
    end: int
    score: float
    null_score: float
    field: Field = "text"
    relevance: float = 0.0

    def field_text(self, hit: Hit) -> str:
        """Return what the offsets count in: the text of the hit's article, or its title."""
        return hit.article.title if self.field == "title" else hit.article.text


class Reader(Protocol):
    """Reads passages for one question."""

    def knows(self, word: str) -> bool:
        """Whether a word is one of its language, as far as it was taught."""
        ...

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        max_spans: int = 5,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> list[Span]:
        """Return at most `max_spans` spans a passage that do not overlap, best first overall.

        `raise_if_cancelled` is called before each batch; whatever it raises ends the reading.
        """
        ...
