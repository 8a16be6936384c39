"""Answers and passages as they are sent."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from index.search.hit import Hit
from service.answering.analysis import analyse
from service.answering.answer import Answer, AskResult, Citation, CitedText
from service.answering.refusal import is_small_talk, topic_of
from service.api.bodies.answers import AnswerBody, AskResponse, CitationBody, CitedTextBody, HitBody
from service.api.rendering.archive import freshness_body
from service.excerpts import ReadText, around, excerpt_of, read_texts
from service.following.freshness import Freshness
from service.links import permalink

__all__ = ["answer_body", "answer_id", "ask_response", "citation_body", "hit_bodies"]

_NO_ARTICLES: Mapping[str, ReadText] = MappingProxyType({})


def citation_body(
    citation: Citation, articles: Mapping[str, ReadText] = _NO_ARTICLES
) -> CitationBody:
    """Return the citation as it is sent, with the sentences beside it where `articles` has it.

    `articles` has the articles that were read, by their ids.
    """
    body = CitationBody.model_validate(citation, from_attributes=True)
    article = articles.get(citation.article_id)
    if article is None or citation.field == "title":
        return body
    beside = around(article, citation.quote_start, citation.quote_end)
    return body.model_copy(update={"before": beside.before, "after": beside.after})


def cited_text_body(entry: CitedText) -> CitedTextBody:
    """Return the entry as it is sent."""
    value = entry.value.as_dict() if entry.value else None
    return CitedTextBody(text=entry.text, value=value, citation=citation_body(entry.citation))


def answer_body(answer: Answer, articles: Mapping[str, ReadText] = _NO_ARTICLES) -> AnswerBody:
    """Return the answer as it is sent; see `citation_body`."""
    return AnswerBody(
        text=answer.text,
        confidence=answer.confidence,
        likely=answer.likely,
        support=answer.support,
        citations=tuple(citation_body(one, articles) for one in answer.citations),
        value=answer.value.as_dict() if answer.value else None,
        timeline=tuple(map(cited_text_body, answer.timeline)),
        conflict=answer.conflict,
        items=tuple(map(cited_text_body, answer.items)),
    )


def hit_body(hit: Hit, query: str = "") -> HitBody:
    """Return the hit as it is sent, with the words of `query` marked."""
    article, passage = hit.article, hit.passage
    excerpt = excerpt_of(hit, query)
    return HitBody(
        passage_id=passage.id,
        article_id=article.id,
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        text=hit.text,
        start=passage.start,
        end=passage.end,
        rank=hit.rank,
        score=hit.score,
        dense=hit.dense,
        lexical=hit.lexical,
        permalink=permalink(article.id, passage.start, passage.end, article.version),
        marks=excerpt.marks,
        excerpt=(excerpt.start, excerpt.end),
    )


def hit_bodies(hits: Iterable[Hit], query: str = "") -> tuple[HitBody, ...]:
    """Return hits as they are sent, with the words of `query` marked."""
    return tuple(hit_body(hit, query) for hit in hits)


def ask_response(result: AskResult, freshness: Freshness | None = None) -> AskResponse:
    """Return the outcome of a question as `/v1/ask` sends it, with how fresh the archive is."""
    articles = read_texts(result.nearest)
    asked = result.standalone_question
    return AskResponse(
        id=answer_id(result),
        question=result.question,
        standalone_question=result.standalone_question,
        answered=result.answer is not None,
        answer=answer_body(result.answer, articles) if result.answer else None,
        alternatives=tuple(answer_body(one, articles) for one in result.alternatives),
        reason=result.reason,
        corrected_question=result.corrected_question,
        note=result.note,
        nearest=hit_bodies(result.nearest, asked),
        topic=_topic(asked),
        snapshot=result.snapshot,
        archive=freshness_body(freshness) if freshness else None,
        timings_ms=result.timings_ms,
    )


def _topic(asked: str) -> str | None:
    return None if is_small_talk(asked) else topic_of(analyse(asked, asked, None))


def answer_id(result: AskResult) -> str:
    """Return 32 hex digits that name an outcome: what was asked of which snapshot, and told."""
    told = (result.answer, *result.alternatives)
    named = (
        result.snapshot,
        result.question,
        result.standalone_question,
        result.reason,
        [(one.text, [cited.permalink for cited in one.citations]) for one in told if one],
    )
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32]
