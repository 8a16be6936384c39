"""Scores on the gold sets, by name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from service.answering.answer import Answer, AskResult, CitedText, Question, Turn
from service.answering.extractive import ExtractiveAnswerer
from service.answering.values.dates import date_value
from service.answering.values.numbers import number_value
from service.answering.values.value import Value
from service.evaluation.gold.cases import (
    Conversation,
    ListCase,
    ProofCase,
    ReasonCase,
    Refusal,
    SupportCase,
    TimelineCase,
    TypedCase,
    ValueCase,
    read_cases,
)
from service.evaluation.gold.corrected import judge_stories
from service.evaluation.gold.memory import MemoryArchive
from service.evaluation.metrics import contains_answer, exact_match

__all__ = ["SETS", "GoldScore", "evaluate_gold", "judge_proof", "judge_typed"]


@dataclass(frozen=True, slots=True)
class GoldScore:
    """A share in [0, 1] of `n` cases; `missed` are the ids of the others."""

    name: str
    n: int
    score: float
    missed: tuple[str, ...]


def evaluate_gold(answerer: ExtractiveAnswerer) -> Iterator[GoldScore]:
    """Yield the score of each measure of each set.

    `answerer` answers from the sample archive; where a case brings its own articles, its reader
    and settings are used on those.
    """
    for name, judge in SETS.items():
        outcomes: dict[str, list[tuple[str, bool]]] = {}
        for measure, case_id, is_right in judge(answerer):
            outcomes.setdefault(measure, []).append((case_id, is_right))
        for measure, judged in outcomes.items():
            missed = tuple(case_id for case_id, is_right in judged if not is_right)
            yield GoldScore(
                f"{name}: {measure}", len(judged), 1 - len(missed) / len(judged), missed
            )


# What a judge yields: the name of a measure, the id of a case, and whether it went well.
_Outcome = tuple[str, str, bool]


def _dates(_: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("dates", ValueCase):
        published = date.fromisoformat(case.published[:10]) if case.published else None
        yield _exact(case, date_value(case.text, *case.bounds, published))


def _numbers(_: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("numbers", ValueCase):
        yield _exact(case, number_value(case.text, *case.bounds))


def _exact(case: ValueCase, found: Value | None) -> _Outcome:
    return "exact value", case.id, (found.as_dict() if found else None) == case.value


def _support(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("support", SupportCase):
        own = replace(answerer, archive=MemoryArchive(case.archive()))
        best = _best(own.ask(Question(case.question)))
        is_right = best is not None and _is_right(best, case.answers)
        yield "right answer", case.id, is_right
        if best and is_right:
            # What the answer was, others judge; how many say it is judged where it was found.
            yield "exact support of the right answers", case.id, best.support == case.support


def _timeline(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("timeline", TimelineCase):
        own = replace(answerer, archive=MemoryArchive(case.archive()))
        best = _best(own.ask(Question(case.question, as_of=case.as_of)))
        yield "latest value first", case.id, best is not None and _is_right(best, case.answers)
        yield "complete and in order", case.id, _is_whole(best.timeline if best else (), case)
        yield "conflict told or not", case.id, bool(best and best.conflict) == case.conflict


def _is_whole(found: Sequence[CitedText], case: TimelineCase) -> bool:
    """Whether the entries are those of the case, in its order; within a day any order will do."""
    left = list(found)
    for _, golds in groupby(case.timeline, key=lambda gold: gold.published[:10]):
        same_day = list(golds)
        told, left = left[: len(same_day)], left[len(same_day) :]
        if len(told) < len(same_day) or not all(
            any(contains_answer(entry.text, gold.answers) for entry in told) for gold in same_day
        ):
            return False
    return not left


def _followups(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for conversation in read_cases("followups", Conversation):
        history: list[Turn] = []
        for number, turn in enumerate(conversation.turns):
            case_id = f"{conversation.id}/{number + 1}"
            result = answerer.ask(Question(turn.question, tuple(history)))
            if turn.new_topic:
                kept = result.standalone_question == turn.question
                yield "no topic leaks into a new question", case_id, kept
            elif history:
                yield "right as a follow-up", case_id, _is_answered(result, turn.answers)
                alone = answerer.ask(Question(turn.standalone))
                yield "right when asked alone", case_id, _is_answered(alone, turn.answers)
            history.append(Turn(turn.question, result.answer.text if result.answer else None))


def _lists(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("lists", ListCase):
        best = _best(answerer.ask(Question(case.question)))
        texts = [item.text for item in best.items] or [best.text] if best else []
        for number, golds in enumerate(case.items):
            is_found = any(_gives(text, golds) for text in texts)
            yield "items found", f"{case.id}/{number + 1}", is_found
        for text in texts:
            is_right = any(_gives(text, golds) for golds in case.items)
            yield "items right", f"{case.id} {text}", is_right


def _reasons(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("reasons", ReasonCase):
        best = _best(answerer.ask(Question(case.question)))
        is_right = best is not None and any(
            contains_answer(best.text, (sentence,)) for sentence in case.sentences
        )
        yield "the sentence that tells it first", case.id, is_right


def _refusals(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("refusals", Refusal):
        result = answerer.ask(Question(case.question))
        yield f"refused, {case.kind}", case.id, result.answer is None


def _proof(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("proof", ProofCase):
        yield from judge_proof(case, answerer.ask(Question(case.question, as_of=case.as_of)))


def judge_proof(case: ProofCase, result: AskResult) -> Iterator[_Outcome]:
    """Yield whether the right answer was given and, if it was, whether its citations are true."""
    answer = result.answer
    is_right = answer is not None and _is_right(answer, case.answers)
    yield "right answer", case.id, is_right
    if answer and is_right:
        cited = [one.article_id for one in answer.citations]
        yield "no false citation", case.id, set(cited) <= set(case.articles)
        for article_id in cited:
            yield "true citations", f"{case.id} {article_id}", article_id in case.articles


def _typed(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    for case in read_cases("typed", TypedCase):
        yield from judge_typed(case, answerer.ask(Question(case.question)))


def judge_typed(case: TypedCase, result: AskResult) -> Iterator[_Outcome]:
    """Yield whether the answer or refusal is right, and whether the spelling was put right."""
    if case.parts:
        given = _given(result.answer) if result.answer else []
        is_right = all(any(_gives(text, golds) for text in given) for golds in case.parts)
    elif case.answers:
        is_right = _is_answered(result, case.answers)
    else:
        is_right = result.answer is None
    yield f"as expected, {case.kind}", case.id, is_right
    if case.corrected:
        found = result.corrected_question or ""
        yield "spelling put right", case.id, found.casefold() == case.corrected.casefold()


def _given(answer: Answer) -> list[str]:
    """Return the texts that may have the parts of an answer: its own, its items and quotes."""
    items = [text for item in answer.items for text in (item.text, item.citation.quote)]
    return [answer.text, *items]


def _best(result: AskResult) -> Answer | None:
    """Return the best answer found, trusted or not."""
    return result.answer or next(iter(result.alternatives), None)


def _is_answered(result: AskResult, golds: tuple[str, ...]) -> bool:
    """Whether an answer was given that is right, or that has a right one in its quote."""
    answer = result.answer
    return answer is not None and (
        _is_right(answer, golds) or contains_answer(answer.citations[0].quote, golds)
    )


def _is_right(answer: Answer, golds: tuple[str, ...]) -> bool:
    return _gives(answer.text, golds)


def _gives(text: str, golds: tuple[str, ...]) -> bool:
    return bool(exact_match(text, golds)) or contains_answer(text, golds)


SETS: Mapping[str, Callable[[ExtractiveAnswerer], Iterator[_Outcome]]] = {
    "dates": _dates,
    "numbers": _numbers,
    "support": _support,
    "timeline": _timeline,
    "follow-ups": _followups,
    "lists": _lists,
    "reasons": _reasons,
    "refusals": _refusals,
    "proof": _proof,
    "typed": _typed,
    "corrected": judge_stories,
}
