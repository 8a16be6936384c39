"""What the lines of the gold sets hold."""

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from corpus.article import Article

__all__ = [
    "Conversation",
    "GoldCase",
    "ListCase",
    "ProofCase",
    "ReasonCase",
    "Refusal",
    "SupportCase",
    "TimelineCase",
    "TypedCase",
    "ValueCase",
    "read_cases",
]


class GoldCase(BaseModel):
    """A line of a gold set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


class ValueCase(GoldCase):
    """An answer that stands once in a text, and what it comes to; null for nothing."""

    text: str
    answer: str
    value: dict[str, Any] | None
    published: str | None = None

    @property
    def bounds(self) -> tuple[int, int]:
        """`[start, end)` of the answer in code points of the text."""
        start = self.text.index(self.answer)
        return start, start + len(self.answer)


class _Story(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    text: str
    source: str
    published: str

    def article(self) -> Article:
        return Article(self.id, self.title, self.text, source=self.source, published=self.published)


class _Archived(GoldCase):
    question: str
    articles: tuple[_Story, ...]
    answers: tuple[str, ...]

    def archive(self) -> list[Article]:
        """Return the articles that the question is asked of."""
        return [one.article() for one in self.articles]


class SupportCase(_Archived):
    """How many independent sources say the answer, and which articles are one source."""

    support: int
    by: tuple[tuple[str, ...], ...]


class TimelineEntry(BaseModel):
    """One value of a fact that changed, and the article that first gave it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: tuple[str, ...]
    published: str
    article: str


class TimelineCase(_Archived):
    """Every value of a fact up to `as_of`, in the order of publication."""

    as_of: date | None
    timeline: tuple[TimelineEntry, ...]
    conflict: bool


class ListCase(GoldCase):
    """A question with several answers: each thing in the ways that it may be called."""

    question: str
    kind: Literal["list"]
    items: tuple[tuple[str, ...], ...]


class ReasonCase(GoldCase):
    """A question for a reason or manner, and the sentences of the sample archive that tell it."""

    question: str
    kind: Literal["why"]
    sentences: tuple[str, ...]


class _Turn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    standalone: str
    answers: tuple[str, ...]
    new_topic: bool = False


class Conversation(GoldCase):
    """Questions that follow on one another, asked of the sample archive."""

    turns: tuple[_Turn, ...]


class Refusal(GoldCase):
    """A question that the sample archive does not answer."""

    question: str
    kind: Literal["absent", "near", "false premise"]
    answers: tuple[()] = ()


class ProofCase(GoldCase):
    """A question whose answer's words stand elsewhere in the sample archive for something else.

    `articles` are the ids of all articles that say this answer to this question: a citation of any
    other is false.
    """

    question: str
    answers: tuple[str, ...]
    articles: tuple[str, ...]
    as_of: date | None = None


class TypedCase(GoldCase):
    """A question as people type them, asked of the sample archive.

    A topic or a greeting has no answers: a refusal is right. A yes-or-no question has the words of
    the sentence that decides it, two questions in one have the answers of each in `parts`.
    `corrected` is a question with typing errors as it should have been written.
    """

    question: str
    kind: Literal["typo", "topic", "keywords", "yes-no", "two", "greeting"]
    answers: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...] = ()
    corrected: str | None = None


Case = TypeVar("Case", bound=GoldCase)


def read_cases(name: str, kind: type[Case]) -> Iterator[Case]:
    """Yield the cases of the gold set `name`."""
    lines = files("corpus").joinpath(f"gold/{name}.jsonl").read_text(encoding="utf-8")
    for line in lines.split("\n"):
        if line.strip():
            yield kind.model_validate(json.loads(line))
