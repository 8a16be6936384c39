"""Questions that several answers are right for: the items, each in the archive's own words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.hit import Hit
from service.answering.evidence import Candidate
from service.answering.sameness import same_answer_key
from service.answering.values.reading import value_of
from service.reader.reader import Span

__all__ = ["list_items"]

# A candidate with less of the best one's evidence is no item.
_LEAST_WEIGHT = 0.1
_LEAST_MARGIN = -2.0
_BETWEEN = re.compile(r"[;,]\s+(?:(?:and|or)\b[,\s]\s*)?|\s+(?:and|or|as well as)\s+")
_OPENS = re.compile(
    r"(?:for|in|on|at|by|from|with|of|who|which|that|whose|where|when|while|but|as|to whom)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 6
_DATELINE = re.compile(r"[^a-z]*[A-Z]{3}[^a-z]*")


def list_items(candidates: Sequence[Candidate], hits: Sequence[Hit]) -> list[Span]:
    """Return the spans of the items, the best candidate's first; fewer than two are no list.

    A span that enumerates ("fever and sore arms") becomes its parts, and a name that stands in an
    enumeration brings the other names of it.
    """
    best = candidates[0]
    items: dict[str, Span] = {}
    for candidate in candidates:
        first = candidate.spans[0]
        is_sure = candidate.margin >= _LEAST_MARGIN
        if candidate.weight < _LEAST_WEIGHT * best.weight or (
            candidate is not best and not is_sure
        ):
            continue
        for item in _parts(first, hits[first.hit]):
            article = hits[item.hit].article
            text = article.text[item.start : item.end]
            if not _DATELINE.fullmatch(text) or value_of(article, item.start, item.end):
                items.setdefault(same_answer_key(article, item.start, item.end), item)
    kept = _without_parts_of_others(list(items.values()), hits)
    return kept if len(kept) > 1 else []


def _parts(span: Span, hit: Hit) -> Iterator[Span]:
    """Yield the parts of a span that enumerates, and the other names of a name's enumeration."""
    text = hit.article.text
    if value_of(hit.article, span.start, span.end):
        yield span
        return
    sentence_end = next(end for start, end in hit.passage.sentences if start <= span.start < end)
    end = span.end
    if _is_name(text[span.start : span.end]) and _BETWEEN.match(text, span.end):
        end = sentence_end
    for start, stop in _segments(text, span.start, end):
        part = text[start:stop]
        if start >= span.end:
            # What the reader left out must be as plainly a name as what it chose.
            name = re.match(r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)+", part)
            if not name or _OPENS.match(part):
                continue
            stop = start + name.end()
        elif _OPENS.match(part) or len(part.split()) > _MOST_WORDS:
            continue
        yield replace(span, start=start, end=stop)


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of what stands between commas, semicolons and conjunctions."""
    for match in _BETWEEN.finditer(text, start, end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    while end > start and text[end - 1] in " .,;:!?":
        end -= 1
    if end > start:
        yield start, end


def _is_name(text: str) -> bool:
    return all(word[0].isupper() for word in text.split()) and " " in text


def _without_parts_of_others(items: Sequence[Span], hits: Sequence[Hit]) -> list[Span]:
    """Drop an item whose words stand in another's ("Lund" beside "Katya Lund")."""

    def words(span: Span) -> str:
        return f" {span.text(hits).casefold()} "

    return [
        item
        for item in items
        if not any(item is not other and words(item) in words(other) for other in items)
    ]
