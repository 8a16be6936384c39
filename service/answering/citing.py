"""From a candidate to an answer that proves itself."""

from collections.abc import Sequence
from dataclasses import replace

from corpus.article import Passage
from index.hit import Hit
from service.answering.answer import Answer, Citation
from service.answering.evidence import Candidate
from service.answering.support import n_independent, says
from service.answering.values.reading import value_of
from service.reader.reader import Span

__all__ = ["cite", "to_answer", "whole_sentences"]


def to_answer(
    candidate: Candidate, all_spans: Sequence[Span], hits: Sequence[Hit], confidence: float
) -> Answer:
    """Return the candidate in the words of its weightiest span, each article cited once.

    Of `all_spans` those are cited too that say the same in more words or fewer.
    """
    first = candidate.spans[0]
    text = first.text(hits)
    alike = sorted(
        (span for span in all_spans if says(span.text(hits), text)),
        key=lambda span: span.null_score - span.score,
    )
    # dict keeps the first, which is the weightiest, of each article.
    by_article: dict[str, Span] = {}
    for span in (*candidate.spans, *alike):
        by_article.setdefault(hits[span.hit].article.id, span)
    citations = tuple(cite(span, hits[span.hit]) for span in by_article.values())
    return Answer(
        text=text,
        confidence=confidence,
        support=n_independent([hits[span.hit] for span in by_article.values()]),
        citations=citations,
        value=value_of(hits[first.hit].article, first.start, first.end),
    )


def whole_sentences(candidates: Sequence[Candidate], hits: Sequence[Hit]) -> list[Candidate]:
    """Widen candidates to the sentences that they stand in; each sentence is kept once."""
    whole: dict[str, Candidate] = {}
    for candidate in candidates:
        spans = []
        for span in candidate.spans:
            start, end = _quote_bounds(span, hits[span.hit].passage)
            spans.append(replace(span, start=start, end=end))
        whole.setdefault(spans[0].text(hits), replace(candidate, spans=tuple(spans)))
    return list(whole.values())


def cite(span: Span, hit: Hit) -> Citation:
    """Return the citation of a span: the sentence or sentences that it stands in."""
    article = hit.article
    start, end = _quote_bounds(span, hit.passage)
    return Citation(
        article_id=article.id,
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        quote=article.text[start:end],
        quote_start=start,
        quote_end=end,
        answer_start=span.start,
        answer_end=span.end,
    )


def _quote_bounds(span: Span, passage: Passage) -> tuple[int, int]:
    touched = [
        (start, end) for start, end in passage.sentences if start < span.end and span.start < end
    ]
    return touched[0][0], touched[-1][1]
