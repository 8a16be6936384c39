"""Asks every question, checks every citation, and scores what came back."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpus.errors import DatelineError
from index.archive import Archive
from service.answering.answer import Answer, AskResult, Citation
from service.answering.answerer import Answerer
from service.evaluation.metrics import contains_answer, exact_match, f1_score
from service.evaluation.questions import GoldQuestion
from service.evaluation.summary import Report, Row

__all__ = ["evaluate"]


@dataclass(frozen=True, slots=True)
class _Asked:
    result: AskResult | None
    error: str | None
    latency_ms: float


def evaluate(
    questions: Sequence[GoldQuestion],
    answerer: Answerer,
    archive: Archive,
    on_progress: Callable[[], None] = lambda: None,
) -> Report:
    """Return the scores of `answerer` on `questions`.

    An error on one question is a row that scores 0, not the end of the run.
    """
    rows = []
    for gold in questions:
        rows.append(_score(gold, _ask(gold, answerer), archive))
        on_progress()
    return Report(rows)


def _ask(gold: GoldQuestion, answerer: Answerer) -> _Asked:
    start = time.perf_counter()
    try:
        result, error = answerer.ask(gold.question), None
    except DatelineError as raised:
        result, error = None, str(raised)
    return _Asked(result, error, 1000 * (time.perf_counter() - start))


def _score(gold: GoldQuestion, asked: _Asked, archive: Archive) -> Row:
    result = asked.result
    answers = [] if result is None else [*filter(None, [result.answer]), *result.alternatives]
    answer = result.answer if result else None
    text = answer.text if answer else ""
    citations = [citation for one in answers for citation in one.citations]
    n_valid = sum(
        _is_valid(citation, one, archive) for one in answers for citation in one.citations
    )
    failed = result is None
    return Row(
        id=gold.id,
        question=gold.question.text,
        golds=gold.answers,
        em=0.0 if failed else exact_match(text, gold.answers),
        f1=0.0 if failed else f1_score(text, gold.answers),
        answered=answer is not None,
        answer=answer.text if answer else None,
        best=answers[0].text if answers else None,
        best_em=exact_match(answers[0].text, gold.answers) if answers and gold.answers else 0.0,
        confidence=answers[0].confidence if answers else 0.0,
        citation=_citation(answer),
        latency_ms=asked.latency_ms,
        recall_rank=_recall_rank(gold, result),
        gold_in_quote=answer is not None
        and contains_answer(answer.citations[0].quote, gold.answers),
        gold_shown=any(exact_match(one.text, gold.answers) for one in answers[:5])
        if gold.answers
        else answer is None,
        n_citations=len(citations),
        n_valid_citations=n_valid,
        as_of=gold.question.as_of.isoformat() if gold.question.as_of else None,
        groups=tuple(
            f"{name}={str(value).lower()}"
            for name, value in gold.extra.items()
            if isinstance(value, bool)
        ),
        error=asked.error,
    )


def _citation(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return asdict(answer.citations[0]) | {"permalink": answer.citations[0].permalink}


def _is_valid(citation: Citation, answer: Answer, archive: Archive) -> bool:
    """Whether the quote and the answer stand in the stored article where the citation says.

    The first citation must hold the answer to the letter; others may write it differently.
    """
    article = archive.current().article(citation.article_id)
    if article is None:
        return False
    start, end = citation.answer_start, citation.answer_end
    return (
        article.text[citation.quote_start : citation.quote_end] == citation.quote
        and citation.quote_start <= start < end <= citation.quote_end
        and (citation != answer.citations[0] or article.text[start:end] == answer.text)
    )


def _recall_rank(gold: GoldQuestion, result: AskResult | None) -> int | None:
    """Return the rank from 0 of the first passage that holds a gold; None when none does."""
    if result is None or not gold.answers:
        return None
    ranks = (hit.rank for hit in result.nearest if contains_answer(hit.text, gold.answers))
    return next(ranks, None)
