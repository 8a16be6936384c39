"""From a question to an answer: the whole algorithm, top to bottom.

Analyse the question, search, read, take what the reader finds as mentions, group those that say
the same, score each group once, form the answer, give it or refuse. Order, confidence,
alternatives and refusal all come from that one score.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from corpus.errors import RequestError
from index.engines.archive import Archive, ArchiveSnapshot
from index.search.hit import Hit
from index.search.query import Query
from service.answering.analysis import Analysis, analyse, as_question, parts_of
from service.answering.answer import Answer, AskResult, Question, Turn
from service.answering.bylines import without_bylines
from service.answering.clock import Clock
from service.answering.followups import Reading, readings
from service.answering.former import without_former
from service.answering.forming import Scored, cited_text, over_time, to_answer
from service.answering.lists import joined, list_items
from service.answering.mentions import Group, group, mentions_of, widened
from service.answering.periods import is_of_these_days
from service.answering.refusal import Case, is_small_talk, refusal
from service.answering.scoring import Scorer, features
from service.answering.spelling import corrected
from service.answering.withdrawn import without_withdrawn
from service.reader.reader import Reader, Span

__all__ = ["ExtractiveAnswerer"]

_MAX_ANSWERS = 20
OnHits = Callable[[Sequence[Hit]], None]
Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Found:
    """What one way to understand a question led to; `scored` has the likeliest group first."""

    question: Analysis
    hits: Sequence[Hit]
    scored: Sequence[Scored]

    @property
    def probability(self) -> float:
        return self.scored[0].probability if self.scored else 0.0


@dataclass(frozen=True, slots=True)
class ExtractiveAnswerer:
    """Answers with spans of the archive's text; see `service.answering.answerer.Answerer`.

    The `n_first` best passages are read, and up to `n_read` unless the reader finds an answer in
    one of them with a margin of `enough` over none. An answer whose probability is below
    `abstain_below` is not given; None takes the scorer's own threshold. `today` is the day when
    questions are asked.
    """

    archive: Archive
    reader: Reader
    scorer: Scorer
    n_read: int = 10
    n_first: int = 6
    enough: float = -1.0
    abstain_below: float | None = None
    today: Callable[[], date] = lambda: datetime.now(UTC).date()

    def ask(
        self,
        question: Question,
        on_hits: OnHits | None = None,
        raise_if_cancelled: Check | None = None,
    ) -> AskResult:
        """See `Answerer.ask`."""
        if raise_if_cancelled:
            raise_if_cancelled()
        text = question.text.strip()
        if not text:
            raise RequestError("the question is empty: ask something.")
        # One snapshot for the whole question: search and citations must agree.
        snapshot = self.archive.current()
        spelt = corrected(text, snapshot, self.reader.knows)
        parts = parts_of(spelt)
        history, results = list(question.history), []
        for number, part in enumerate(parts):
            asked = replace(question, text=as_question(part), history=tuple(history))
            result = self._ask(
                asked, snapshot, on_hits if number == 0 else None, raise_if_cancelled
            )
            history.append(Turn(part, result.answer.text if result.answer else None))
            results.append(result)
        result = results[0]
        if len(results) > 1:
            result = replace(joined(results), standalone_question=spelt)
        fixed = spelt if spelt != text else None
        return replace(result, question=question.text, corrected_question=fixed)

    def _ask(
        self,
        question: Question,
        snapshot: ArchiveSnapshot,
        on_hits: OnHits | None,
        raise_if_cancelled: Check | None,
    ) -> AskResult:
        if question.as_of is None and is_of_these_days(question.text):
            question = replace(question, as_of=self.today())
        clock = Clock()
        found: list[_Found] = []
        if is_small_talk(question.text):
            # Thanks are about nothing in the archive.
            ways, found = [], [_Found(analyse(question.text), (), ())]
        else:
            ways = readings(question.text, question.history)
        for way in ways:
            tell = on_hits if not found else None
            found.append(self._find(question, way, snapshot, clock, tell, raise_if_cancelled))
        best = max(found, key=lambda one: one.probability)
        answers = self._form(best, max(1, min(question.max_answers, _MAX_ANSWERS)))
        asked, hits = best.question, best.hits
        case = Case(asked, question.filters, hits, snapshot, question.as_of or self.today())
        least = self.scorer.abstain_below if self.abstain_below is None else self.abstain_below
        reason = refusal(answers[0] if answers else None, case, least)
        clock.lap("answer")
        return AskResult(
            question=question.text,
            standalone_question=asked.text,
            answer=answers[0] if reason is None else None,
            alternatives=tuple(answers[1:] if reason is None else answers),
            nearest=tuple(hits),
            snapshot=snapshot.status.snapshot,
            reason=reason,
            timings_ms=clock.laps_ms,
        )

    def _find(
        self,
        question: Question,
        reading: Reading,
        snapshot: ArchiveSnapshot,
        clock: Clock,
        on_hits: OnHits | None,
        raise_if_cancelled: Check | None,
    ) -> _Found:
        """Search, read, group and score."""
        hits = snapshot.search(Query(reading.query, question.filters, question.as_of), self.n_read)
        clock.lap("search")
        if on_hits:
            on_hits(hits)
        asked = analyse(reading.query, reading.asked, question.as_of)
        groups = self.groups(asked, hits, raise_if_cancelled)
        probabilities = self.scorer.probabilities(features(asked, groups, snapshot))
        scored = map(Scored, groups, probabilities)
        clock.lap("read")
        return _Found(asked, hits, sorted(scored, key=lambda one: -one.probability))

    def groups(
        self, question: Analysis, hits: Sequence[Hit], raise_if_cancelled: Check | None = None
    ) -> list[Group]:
        """Read passages and return what is found in them, grouped by what it says."""
        found = mentions_of(self._read(question.asked, hits, raise_if_cancelled), hits)
        told = without_bylines(found, question)
        mentions = without_former(without_withdrawn(told, hits, question), question)
        if question.kind in ("reason", "yes-no"):
            mentions = widened(mentions)
        return group(mentions, question)

    def _read(
        self, asked: str, hits: Sequence[Hit], raise_if_cancelled: Check | None
    ) -> list[Span]:
        """Read the best passages, and the others only where they can still change the answer."""
        first = self.reader.read(asked, hits[: self.n_first], raise_if_cancelled=raise_if_cancelled)
        rest = hits[self.n_first :]
        if not rest or any(one.score - one.null_score >= self.enough for one in first):
            return first
        more = self.reader.read(asked, rest, raise_if_cancelled=raise_if_cancelled)
        return first + [replace(span, hit=span.hit + self.n_first) for span in more]

    def _form(self, found: _Found, n_answers: int) -> list[Answer]:
        if not found.scored:
            return []
        question, scored = found.question, found.scored
        answers = [to_answer(one, question) for one in scored[:n_answers]]
        if question.kind == "list":
            items, probability = list_items(scored)
            answers[0] = replace(
                answers[0],
                confidence=min(1.0, probability),
                items=tuple(map(cited_text, items)),
            )
        elif question.kind == "fact":
            values, is_conflict = over_time(question, scored)
            answers[0] = replace(answers[0], timeline=values, conflict=is_conflict)
        return [replace(one, likely=one.confidence >= self.scorer.likely) for one in answers]
