"""Asks every question, checks every citation, and scores what came back."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpus.errors import DatelineError
from index.engines.archive import Archive
from service.answering.answer import Answer, AskResult, Citation
from service.answering.answerer import Answerer
from service.evaluation.citations import n_valid_citations
from service.evaluation.metrics import contains_answer, exact_match, f1_score, is_right
from service.evaluation.questions import GoldQuestion
from service.evaluation.row import Row
from service.evaluation.summary import Report

__all__ = ["evaluate"]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What came back for a question: a result, or the error there was instead."""

    result: AskResult | None
    n_valid_citations: int
    error: str | None
    latency_ms: float


def evaluate(
    questions: Sequence[GoldQuestion],
    answerer: Answerer,
    archive: Archive,
    k: int = 10,
    on_progress: Callable[[], None] | None = None,
) -> Report:
    """Return the scores of `answerer` on `questions`, with citations checked against `archive`.

    A gold is looked for in the best `k` passages retrieved, so recall beyond `k` sees no further.
    `on_progress` is called after each question. An error on one question is a row that scores 0,
    not the end of the run.
    """
    rows = []
    for gold in questions:
        rows.append(_score(gold, _ask(gold, answerer, archive), k))
        if on_progress:
            on_progress()
    return Report(rows)


def _ask(gold: GoldQuestion, answerer: Answerer, archive: Archive) -> _Asked:
    start = time.perf_counter()
    try:
        result = answerer.ask(gold.question)
        # Before the citations are checked: nobody who asks waits for that.
        latency_ms = _ms_since(start)
        n_valid = n_valid_citations(_found(result), archive.current())
        return _Asked(result, n_valid, None, latency_ms)
    except DatelineError as error:
        return _Asked(None, 0, str(error), _ms_since(start))


def _ms_since(start: float) -> float:
    return 1000 * (time.perf_counter() - start)


def _found(result: AskResult | None) -> list[Answer]:
    """Return all answers found, best first, whether trusted or not."""
    return [*filter(None, [result.answer]), *result.alternatives] if result else []


def _score(gold: GoldQuestion, asked: _Asked, k: int) -> Row:
    result = asked.result
    answers = _found(result)
    answer = result.answer if result else None
    em, f1 = _em_and_f1(gold, asked)
    return Row(
        id=gold.id,
        question=gold.question.text,
        golds=gold.answers,
        em=em,
        f1=f1,
        answered=answer is not None,
        answer=answer.text if answer else None,
        best=answers[0].text if answers else None,
        best_em=exact_match(answers[0].text, gold.answers) if answers and gold.answers else 0.0,
        best_right=bool(answers) and is_right(answers[0].text, gold.answers),
        confidence=answers[0].confidence if answers else 0.0,
        citation=_citation(answer),
        latency_ms=asked.latency_ms,
        recall_rank=_recall_rank(gold, result, k),
        gold_in_quote=any(
            contains_answer(citation.quote, gold.answers) for citation in _proof(answer)
        ),
        hit_at_5=any(exact_match(one.text, gold.answers) for one in answers[:5]),
        # An answer without a citation has no proof: it counts as one that is not valid.
        n_citations=sum(len(one.citations) or 1 for one in answers),
        n_valid_citations=asked.n_valid_citations,
        as_of=gold.question.as_of.isoformat() if gold.question.as_of else None,
        groups=tuple(
            f"{name}={str(value).lower()}"
            for name, value in gold.extra.items()
            if isinstance(value, bool)
        ),
        error=asked.error,
    )


def _em_and_f1(gold: GoldQuestion, asked: _Asked) -> tuple[float, float]:
    """Return the scores of one question; a refusal is right exactly when there are no golds."""
    if asked.result is None:
        return 0.0, 0.0
    answer = asked.result.answer
    if answer is None or not gold.answers:
        right = float(answer is None and not gold.answers)
        return right, right
    return exact_match(answer.text, gold.answers), f1_score(answer.text, gold.answers)


def _proof(answer: Answer | None) -> tuple[Citation, ...]:
    """Return the first citation, the one whose words the answer has, if there is any."""
    return answer.citations[:1] if answer else ()


def _citation(answer: Answer | None) -> dict[str, Any] | None:
    cited = [asdict(citation) | {"permalink": citation.permalink} for citation in _proof(answer)]
    return cited[0] if cited else None


def _recall_rank(gold: GoldQuestion, result: AskResult | None, k: int) -> int | None:
    """Return the rank from 0 of the first of `k` passages that holds a gold, None without one."""
    hits = result.nearest[:k] if result else ()
    return next((hit.rank for hit in hits if contains_answer(hit.text, gold.answers)), None)
