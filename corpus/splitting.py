"""An article becomes passages: whole sentences, as many as fit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.article import Article, Passage
from corpus.sentences import sentence_spans
from corpus.tokens import count_tokens

__all__ = ["Limit", "Splitter", "headed_text"]

_MAX_TITLE_CHARS = 200

Count = Callable[[Sequence[str]], list[int]]
Bounds = tuple[int, int]


def headed_text(article: Article, start: int, end: int) -> str:
    """Return part of an article under its title: what is embedded and what BM25 indexes.

    The title tells what a passage is about; since it is put in front only here, no offset moves.
    """
    return f"{article.title[:_MAX_TITLE_CHARS]}\n{article.text[start:end]}"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `size` units a text, counted by `count`."""

    size: int
    count: Count


@dataclass(frozen=True, slots=True)
class Splitter:
    """Splits articles into passages on sentence bounds.

    A passage has at most `max_tokens` cl100k tokens, and with its title at most
    `embedder.size` word pieces, so that no embedder cuts it short. The last
    `overlap_sentences` sentences of a passage are repeated at the head of the next when they
    leave room for a new one. A sentence too long for a passage is cut between words.
    """

    max_tokens: int
    overlap_sentences: int
    embedder: Limit | None = None

    def split(self, article: Article) -> list[Passage]:
        """Return the passages of an article in order; together they hold all its sentences."""
        limits = self._limits(article)
        sentences = [
            piece
            for bounds in sentence_spans(article.text)
            for piece in _fit(article.text, bounds, limits)
        ]
        texts = [article.text[start:end] for start, end in sentences]
        sizes = [limit.count(texts) for limit in limits]
        room = [limit.size for limit in limits]
        return [
            Passage(
                id=f"{article.id}#{ordinal}",
                article_id=article.id,
                start=sentences[first][0],
                end=sentences[last - 1][1],
                sentences=tuple(sentences[first:last]),
            )
            for ordinal, (first, last) in enumerate(
                _pack(list(zip(*sizes, strict=True)), room, self.overlap_sentences)
            )
        ]

    def _limits(self, article: Article) -> list[Limit]:
        limits = [Limit(self.max_tokens, count_tokens)]
        if self.embedder:
            head = self.embedder.count([headed_text(article, 0, 0)])[0]
            # A title that leaves no room is cut by the embedder, never the passage's own words.
            limits.append(Limit(max(self.embedder.size - head, 32), self.embedder.count))
        return limits


def _fit(text: str, bounds: Bounds, limits: Sequence[Limit]) -> list[Bounds]:
    """Halve a sentence, between words where it has any, until each part is within all limits."""
    start, end = bounds
    piece = text[start:end]
    # A token is at least one character, so a short text need not be counted.
    if len(piece) <= min(limit.size for limit in limits) or all(
        limit.count([piece])[0] <= limit.size for limit in limits
    ):
        return [bounds] if piece.strip() else []
    middle = (start + end) // 2
    cut = text.rfind(" ", start + 1, middle)
    cut = cut if cut > start else middle
    left = (start, start + len(text[start:cut].rstrip()))
    right = (end - len(text[cut:end].lstrip()), end)
    return _fit(text, left, limits) + _fit(text, right, limits)


def _pack(sizes: Sequence[Sequence[int]], room: Sequence[int], overlap: int) -> list[Bounds]:
    """Return `[first, last)` sentence numbers of each passage, filled greedily."""
    passages: list[Bounds] = []
    first = 0
    while first < len(sizes):
        last = first + 1
        totals = list(sizes[first])
        while last < len(sizes) and all(
            total + size <= limit
            for total, size, limit in zip(totals, sizes[last], room, strict=True)
        ):
            totals = [total + size for total, size in zip(totals, sizes[last], strict=True)]
            last += 1
        passages.append((first, last))
        if last == len(sizes):
            break
        first = _next_first(first, last, sizes, room, overlap)
    return passages


def _next_first(
    first: int, last: int, sizes: Sequence[Sequence[int]], room: Sequence[int], overlap: int
) -> int:
    """Return where the next passage begins: as far back as the overlap allows and `last` fits."""
    for start in range(max(first + 1, last - overlap), last):
        head = [sum(column) for column in zip(*sizes[start : last + 1], strict=True)]
        if all(total <= limit for total, limit in zip(head, room, strict=True)):
            return start
    return last
