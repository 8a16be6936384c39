"""Kept answers without the words of articles that were removed since."""

from collections.abc import Callable

from service.api.bodies.answers import AnswerBody, CitationBody, CitedTextBody
from service.watching.watch import Outcome

__all__ = ["cited_articles", "without_removed"]


def cited_articles(outcome: Outcome) -> frozenset[str]:
    """Return the ids of all articles that an outcome quotes."""
    if outcome.answer is None:
        return frozenset()
    entries = (*outcome.answer.timeline, *outcome.answer.items)
    every = (*outcome.answer.citations, *(entry.citation for entry in entries))
    return frozenset(citation.article_id for citation in every)


def without_removed(outcome: Outcome, is_removed: Callable[[str], bool]) -> Outcome:
    """Return an outcome whose citations of removed articles, by id, have no words of them.

    The answer's own words stay, because an entry says what was withdrawn; but where they are the
    whole sentence, they go as well.
    """
    gone = {article for article in cited_articles(outcome) if is_removed(article)}
    answer = outcome.answer
    if answer is None or not gone:
        return outcome
    return Outcome(answer=_redacted(answer, gone), reason=outcome.reason)


def _redacted(answer: AnswerBody, gone: set[str]) -> AnswerBody:
    first = answer.citations[0]
    is_sentence = first.article_id in gone and answer.text == first.quote
    return answer.model_copy(
        update={
            "text": "" if is_sentence else answer.text,
            "citations": tuple(_citation(one, gone) for one in answer.citations),
            "timeline": tuple(_entry(one, gone) for one in answer.timeline),
            "items": tuple(_entry(one, gone) for one in answer.items),
        }
    )


def _entry(entry: CitedTextBody, gone: set[str]) -> CitedTextBody:
    return entry.model_copy(update={"citation": _citation(entry.citation, gone)})


def _citation(citation: CitationBody, gone: set[str]) -> CitationBody:
    if citation.article_id not in gone:
        return citation
    words = {"title": "", "url": None, "quote": "", "corrections": ()}
    return citation.model_copy(update={**words, "before": None, "after": None})
