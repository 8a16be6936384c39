"""What a person gets back for a question."""

from dataclasses import dataclass, field
from datetime import date

from corpus.corrections.notice import Correction
from index.search.hit import Hit
from index.search.query import Filters
from service.answering.values.value import Value
from service.links import article_address, permalink
from service.reader.reader import Field

__all__ = ["Answer", "AskResult", "Citation", "Question", "CitedText", "Turn"]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and the answer it got (None when refused)."""

    question: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asks, with all that bears on how it is answered."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
    max_answers: int = 5


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: the proof.

    `article.text[quote_start:quote_end] == quote`, and the answer
    `article.text[answer_start:answer_end]` lies inside it; of the `title` where `field` says so.
    Offsets are code points. `version` names the wording of the article that they count in (see
    `Article.version`), `corrections` are what its outlet said of it afterwards.
    """

    article_id: str
    title: str
    source: str | None
    url: str | None
    published: str | None
    quote: str
    quote_start: int
    quote_end: int
    answer_start: int
    answer_end: int
    field: Field = "text"
    version: str | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def permalink(self) -> str:
        """Path of the article's page, opened at the quote; a headline stands at its top."""
        if self.field == "title":
            return article_address(self.article_id, self.version)
        return permalink(self.article_id, self.quote_start, self.quote_end, self.version)


@dataclass(frozen=True, slots=True)
class CitedText:
    """One of several values or items, in the words of the article cited."""

    text: str
    value: Value | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, in the words of `citations[0]`.

    `confidence` in [0, 1] is the probability that it is right; it is `likely` from about even odds
    on, and a possibility below. `support` is the number of independent sources that say it; every
    article that says it has a citation, best first. `value` is what the words come to, where that
    is a date or a number. Where the archive gives several values for one fact, `timeline` has each
    of them in the order of publication, and `conflict` tells that outlets differed on the newest at
    the same time. Where a question asks for several things, `items` has each of them.
    """

    text: str
    confidence: float
    support: int
    citations: tuple[Citation, ...]
    value: Value | None = None
    timeline: tuple[CitedText, ...] = ()
    conflict: bool = False
    items: tuple[CitedText, ...] = ()
    likely: bool = True


@dataclass(frozen=True, slots=True)
class AskResult:
    """The outcome for one question: an answer, or the reason why there is none.

    `answer` is None exactly when `reason` is given. `alternatives` are the other answers found,
    best first; when refused, those not trusted enough. None has a higher confidence than one before
    it. `corrected_question` is the question with its spelling put right, where that was needed,
    `note` what else a person should know of how it was understood. `nearest` are the passages that
    were read, best first. `timings_ms` has a time per stage.
    """

    question: str
    standalone_question: str
    answer: Answer | None
    alternatives: tuple[Answer, ...]
    nearest: tuple[Hit, ...]
    snapshot: int
    reason: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    corrected_question: str | None = None
    note: str | None = None
