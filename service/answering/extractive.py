"""The answerer: search, read, weigh, and answer or refuse."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.errors import RequestError
from index.archive import Archive
from index.hit import Hit
from index.query import Query
from service.answering.answer import Answer, AskResult, CitedText, Question
from service.answering.citing import cite, to_answer, whole_sentences
from service.answering.evidence import Candidate, EvidenceSettings, weigh
from service.answering.followups import make_standalone, question_to_read
from service.answering.kinds import question_kind
from service.answering.lists import list_items
from service.answering.periods import asked_day, without_time
from service.answering.timeline import TimelineSettings, Values, in_conflict, in_force, statements
from service.answering.values.reading import value_of
from service.reader.calibration import Calibration
from service.reader.reader import Reader, Span

__all__ = ["ExtractiveAnswerer"]

_MAX_ALTERNATIVES = 20


@dataclass(frozen=True, slots=True)
class ExtractiveAnswerer:
    """Answers with spans of the archive's text; see `service.answering.answerer.Answerer`.

    `n_read` passages are read for a question. An answer whose confidence is below
    `abstain_below` is not given; None takes the calibration's own threshold.
    """

    archive: Archive
    reader: Reader
    calibration: Calibration
    n_read: int = 10
    abstain_below: float | None = None
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    changes: TimelineSettings = field(default_factory=TimelineSettings)

    def ask(
        self,
        question: Question,
        on_hits: Callable[[Sequence[Hit]], None] | None = None,
        check: Callable[[], None] | None = None,
    ) -> AskResult:
        """See `Answerer.ask`."""
        if check:
            check()
        if not question.text.strip():
            raise RequestError("the question is empty: ask something.")
        standalone = make_standalone(question.text.strip(), question.history)
        clock = _Clock()
        # One snapshot for the whole question: search and citations must agree.
        snapshot = self.archive.current()
        hits = snapshot.search(Query(standalone, question.filters, question.as_of), self.n_read)
        clock.lap("search")
        if on_hits:
            on_hits(hits)
        at = asked_day(standalone, question.as_of)
        asked = without_time(question_to_read(question.text.strip(), standalone))
        spans = self.reader.read(asked, hits, check=check)
        answers = self._answers(question, asked, at, spans, hits)
        clock.lap("read")
        reason = self._reason_to_refuse(answers, hits)
        return AskResult(
            question=question.text,
            standalone_question=standalone,
            answer=None if reason else answers[0],
            alternatives=tuple(answers if reason else answers[1:]),
            nearest=tuple(hits),
            snapshot=snapshot.status.snapshot,
            reason=reason,
            timings_ms=clock.laps_ms,
        )

    def _answers(
        self,
        question: Question,
        asked: str,
        at: date | None,
        spans: Sequence[Span],
        hits: Sequence[Hit],
    ) -> list[Answer]:
        candidates = weigh(asked, question.as_of, spans, hits, self.evidence)
        if not candidates:
            return []
        kind = question_kind(asked)
        values: Values = []
        if kind == "reason":
            candidates = whole_sentences(candidates, hits)
        elif kind == "fact":
            values = statements(spans, hits, candidates[0].spans[0], self.changes)
        if values:
            current = in_force(values, at).span
            candidates = _with_first(current, candidates, self.changes.least_weight)
        n_answers = min(question.max_answers, _MAX_ALTERNATIVES)
        answers = [self._answer(candidate, spans, hits) for candidate in candidates[:n_answers]]
        if kind == "list":
            items = list_items(candidates, hits)
            answers[0] = replace(answers[0], items=tuple(_cited(item, hits) for item in items))
        if values:
            answers[0] = replace(
                answers[0],
                timeline=tuple(_cited(value[0].span, hits) for value in values),
                conflict=in_conflict(values, hits, self.changes),
            )
        return answers

    def _answer(self, candidate: Candidate, spans: Sequence[Span], hits: Sequence[Hit]) -> Answer:
        confidence = self.calibration.confidence(
            candidate.share, candidate.margin, candidate.coverage
        )
        return to_answer(candidate, spans, hits, confidence)

    def _reason_to_refuse(self, answers: Sequence[Answer], hits: Sequence[Hit]) -> str | None:
        if not hits:
            return "No article that may be searched has any of the question's words."
        if not answers:
            return "The passages nearest to the question hold no answer to it."
        threshold = self.abstain_below
        if threshold is None:
            threshold = self.calibration.abstain_below
        if answers[0].confidence < threshold:
            return (
                "The archive does not seem to say: the best candidate found is too uncertain "
                f"(confidence {answers[0].confidence:.2f}, needed {threshold:.2f})."
            )
        return None


def _with_first(
    span: Span, candidates: Sequence[Candidate], least_weight: float
) -> list[Candidate]:
    """Return the candidates with the one that has the span at their head, if it weighs enough."""
    least = least_weight * candidates[0].weight
    return sorted(candidates, key=lambda one: span not in one.spans or one.weight < least)


def _cited(span: Span, hits: Sequence[Hit]) -> CitedText:
    article = hits[span.hit].article
    return CitedText(
        text=span.text(hits),
        value=value_of(article, span.start, span.end),
        citation=cite(span, hits[span.hit]),
    )


@dataclass(slots=True)
class _Clock:
    """Times the stages of one question, in milliseconds."""

    laps_ms: dict[str, float] = field(default_factory=dict)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps_ms[stage] = round(1000 * (now - self._last), 2)
        self._last = now
