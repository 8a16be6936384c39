"""What a reader needs around a find: the sentences beside a quote, the words that matched."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.article import Article
from corpus.sentences import sentence_spans
from index.lexical.bm25 import query_terms, stems
from index.search.hit import Hit

__all__ = [
    "Around",
    "Excerpt",
    "ReadText",
    "around",
    "excerpt_in",
    "excerpt_of",
    "marks_in",
    "read_texts",
]

_WORD = re.compile(r"\w+")
# Longer than nearly all sentences of news; a longer one is left out rather than cut.
_MAX_SENTENCE_CHARS = 500
# Four lines on a wide screen.
_EXCERPT_CHARS = 320


@dataclass(frozen=True, slots=True)
class Around:
    """The sentences before and after a quote; None where there is none of a usual length."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ReadText:
    """An article, and the bounds of those of its sentences that are known, in order."""

    article: Article
    sentences: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentences", tuple(sorted(set(self.sentences))))


def read_texts(hits: Iterable[Hit]) -> dict[str, ReadText]:
    """Return the articles of passages by their ids, with the sentences of these passages."""
    found: dict[str, ReadText] = {}
    for hit in hits:
        known = found.get(hit.article.id)
        before = known.sentences if known else ()
        found[hit.article.id] = ReadText(hit.article, (*before, *hit.passage.sentences))
    return found


def around(read: ReadText, start: int, end: int) -> Around:
    """Return the sentences on both sides of `[start, end)` of an article's text."""
    return Around(_before(read, start), _after(read, end))


def _before(read: ReadText, start: int) -> str | None:
    text = read.article.text
    # Splitting takes a hundred times as long as looking among the sentences that are known.
    for first, last in read.sentences:
        if last <= start and not text[last:start].strip():
            return text[first:last] if last - first <= _MAX_SENTENCE_CHARS else None
    first = max(0, start - _MAX_SENTENCE_CHARS)
    spans = sentence_spans(text[first:start])
    # A sentence that begins where the window does may have begun earlier.
    if not spans or (first > 0 and spans[-1][0] == 0):
        return None
    return text[first + spans[-1][0] : first + spans[-1][1]]


def _after(read: ReadText, end: int) -> str | None:
    text = read.article.text
    for first, last in read.sentences:
        if first >= end and not text[end:first].strip():
            return text[first:last] if last - first <= _MAX_SENTENCE_CHARS else None
    tail = text[end : end + _MAX_SENTENCE_CHARS]
    spans = sentence_spans(tail)
    if not spans or (spans[0][1] == len(tail) and end + len(tail) < len(text)):
        return None
    return tail[slice(*spans[0])]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of a text that has most of a query's words.

    `start` and `end` bound it, and `marks` the words themselves in the whole text: `[start, end)`
    in code points.
    """

    start: int
    end: int
    marks: tuple[tuple[int, int], ...]

    def marks_inside(self) -> list[tuple[int, int]]:
        """Return the marks that are in the excerpt."""
        return [(one, two) for one, two in self.marks if self.start <= one and two <= self.end]


def excerpt_of(hit: Hit, query: str) -> Excerpt:
    """Return the sentences of a hit that speak most of what the query asks about."""
    offset = hit.passage.start
    spans = [(start - offset, end - offset) for start, end in hit.passage.sentences]
    return excerpt_in(hit.text, spans, query)


def excerpt_in(text: str, spans: Sequence[tuple[int, int]], query: str) -> Excerpt:
    """Return those of the sentences `spans` of a text that have most words of a query.

    Without a query these are the first.
    """
    marks = marks_in(text, query_terms(query) if query else ())
    # The first of those that have most different words.
    best = max(range(len(spans)), key=lambda i: _n_words(text, marks, spans[i]), default=0)
    if not spans:
        return Excerpt(0, len(text), marks)
    start, end = spans[best]
    for _, later in spans[best + 1 :]:
        if later - start > _EXCERPT_CHARS:
            break
        end = later
    return Excerpt(start, end, marks)


def marks_in(text: str, terms: Collection[str]) -> tuple[tuple[int, int], ...]:
    """Return the bounds of the words of a text that have one of these stems.

    >>> marks_in("Two ferries sank.", query_terms("When did the ferry sink?"))
    ((4, 11),)
    """
    found = (match.span() for match in _WORD.finditer(text) if _is_any(match[0], terms))
    return tuple(found)


def _is_any(word: str, terms: Collection[str]) -> bool:
    return any(stem in terms for stem in _stems_of(word))


@lru_cache(maxsize=20_000)
def _stems_of(word: str) -> tuple[str, ...]:
    return tuple(stems(word))


def _n_words(text: str, marks: Iterable[tuple[int, int]], span: tuple[int, int]) -> int:
    inside = {
        _stems_of(text[start:end]) for start, end in marks if span[0] <= start and end <= span[1]
    }
    return len(inside)
