"""The bodies that are given, and how results turn into them."""

from typing import Literal

from service.api.bodies.corrections import CorrectionBody
from service.api.bodies.freshness import FreshnessBody
from service.api.bodies.requests import Body

__all__ = [
    "AnswerBody",
    "AskResponse",
    "CitationBody",
    "HitBody",
    "PassagesBody",
    "SearchResponse",
    "CitedTextBody",
]


class CitationBody(Body):
    """The proof of an answer; offsets are `[start, end)` code points of the `field`."""

    article_id: str
    title: str
    source: str | None
    url: str | None
    """The original article, as the source states it: check the scheme before linking to it."""
    published: str | None
    quote: str
    """The whole sentence or sentences: `article.text[quote_start:quote_end]`."""
    quote_start: int
    quote_end: int
    answer_start: int
    """Start of the answer; it lies inside the quote."""
    answer_end: int
    field: Literal["text", "title"]
    """Which field of the article is quoted: its text, or its headline."""
    permalink: str
    """Path of the article's page on this server, opened at the quote."""
    version: str | None = None
    """Names the wording of the article that is quoted, while it is kept: the `v` of its page."""
    corrections: tuple[CorrectionBody, ...] = ()
    """The notices of the article: they say what was wrong in it."""
    before: str | None = None
    """The sentence before the quote, to read it in its context."""
    after: str | None = None
    """The sentence after the quote."""


class CitedTextBody(Body):
    """One value of a fact that changed, or one of several things asked for."""

    text: str
    value: dict[str, str | int | float] | None
    """As for an answer."""
    citation: CitationBody
    """Its source; of a value, the first one."""


class AnswerBody(Body):
    """One answer, in the words of its first citation."""

    text: str
    confidence: float
    """The probability that the answer is right, from 0 to 1."""
    likely: bool
    """Whether it is at least as likely right as wrong; otherwise it is a possibility."""
    support: int
    """How many independent sources say it: copies of one report and articles of one outlet count
    once."""
    citations: tuple[CitationBody, ...]
    """A proof from every article that says it, best first."""
    value: dict[str, str | int | float] | None
    """The date or number that the words mean: its `type` and facts
    (`iso`, `precision`; `number`, `currency`, `unit`, `per`; `low`, `high`, `of`)."""
    timeline: tuple[CitedTextBody, ...]
    """All values of a fact that changed, in order of publication."""
    conflict: bool
    """Whether outlets gave different newest values at the same time."""
    items: tuple[CitedTextBody, ...]
    """The items of a question for several things, the most likely first."""


class HitBody(Body):
    """A passage found; offsets are `[start, end)` code points of the article."""

    passage_id: str
    article_id: str
    title: str
    source: str | None
    url: str | None
    published: str | None
    text: str
    start: int
    end: int
    rank: int
    """Place in the result, from 0."""
    score: float
    """Hits are sorted by it; comparable within one result only."""
    dense: float | None
    """Cosine with the query, null when only words matched."""
    lexical: float | None
    """BM25 score, null when only the meaning matched."""
    permalink: str
    """Path of the article's page on this server, opened at the passage."""
    marks: tuple[tuple[int, int], ...] = ()
    """Where words of the query are in `text`, `[start, end)` each, whatever their form."""
    excerpt: tuple[int, int] | None = None
    """The sentences of `text` that have most of them, `[start, end)`."""


class AskResponse(Body):
    """The answer with its proof, or the reason why there is none."""

    id: str
    """Identifies the answer, for feedback: the same question has the same id until the archive or
    the answer changes."""
    question: str
    standalone_question: str
    """The question as it was understood, with words of the conversation filled in."""
    answered: bool
    answer: AnswerBody | None
    """Null if and only if there is a reason."""
    alternatives: tuple[AnswerBody, ...]
    """Other answers, the most confident first; of a refused question, those too unlikely."""
    reason: str | None
    """Why there is no answer."""
    corrected_question: str | None
    """The question with its spelling corrected by the words of the archive, if it was wrong."""
    note: str | None
    """What else to know about how the question was understood."""
    nearest: tuple[HitBody, ...]
    """The passages that were read, best first. They are not answers."""
    topic: str | None = None
    """The text, where it only names a person, a place or a subject: the `q` of `/v1/articles`."""
    snapshot: int
    """Number of the snapshot of the archive that was asked."""
    archive: FreshnessBody | None = None
    """How fresh the archive is."""
    timings_ms: dict[str, float]
    """Milliseconds per stage."""


class PassagesBody(Body):
    """The passages that are about to be read, best first."""

    hits: tuple[HitBody, ...]


class SearchResponse(Body):
    """The passages found, best first."""

    hits: tuple[HitBody, ...]
    snapshot: int
    """Number of the snapshot of the archive that was searched."""
