"""An article becomes passages: whole sentences, as many as fit."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from corpus.article import Article, Passage
from corpus.corrections.finding import outside
from corpus.counting import Count
from corpus.sentences import sentence_spans
from corpus.tokens import count_tokens

__all__ = ["Limit", "Splitter", "headed_text"]

_MAX_TITLE_CHARS = 200

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
    `embedder.size` word pieces, so that no embedder cuts it short. A sentence too long for a
    passage is cut between words.
    """

    max_tokens: int
    embedder: Limit | None = None

    def split(self, article: Article) -> list[Passage]:
        """Return the passages of an article in order.

        Together they hold all its sentences but those of its notices, which no passage spans: a
        notice repeats what was wrong, and is never read as an answer.
        """
        limits = self._limits(article)
        room = [limit.size for limit in limits]
        found: list[tuple[Bounds, ...]] = []
        for run in _runs(article):
            sentences, sizes = _fit(article.text, run, limits)
            packed = _pack(sizes, room)
            found += [tuple(sentences[first:last]) for first, last in packed]
        return [
            Passage(
                id=f"{article.id}#{ordinal}",
                article_id=article.id,
                start=sentences_of_it[0][0],
                end=sentences_of_it[-1][1],
                sentences=sentences_of_it,
            )
            for ordinal, sentences_of_it in enumerate(found)
        ]

    def _limits(self, article: Article) -> list[Limit]:
        limits = [Limit(self.max_tokens, count_tokens)]
        if self.embedder:
            head = self.embedder.count([headed_text(article, 0, 0)])[0]
            # A title that leaves no room is cut by the embedder, never the passage's own words.
            limits.append(Limit(max(self.embedder.size - head, 32), self.embedder.count))
        return limits


def _runs(article: Article) -> list[list[Bounds]]:
    """Return the sentences of an article, parted where a notice is and without those of it."""
    text = article.text
    sentences = sentence_spans(text)
    notices = [one for one in article.corrections if one.is_in_text]
    if not notices:
        return [sentences]
    runs: list[list[Bounds]] = [[]]
    end_of_last = 0
    for sentence in sentences:
        for part in outside(*sentence, notices):
            start, end = _trimmed(text, *part)
            if start >= end:
                continue
            if runs[-1] and any(end_of_last <= (one.start or 0) < start for one in notices):
                runs.append([])
            runs[-1].append((start, end))
            end_of_last = end
    return [run for run in runs if run]


def _trimmed(text: str, start: int, end: int) -> Bounds:
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, start + len(text[start:end].rstrip())


def _fit(
    text: str, sentences: list[Bounds], limits: Sequence[Limit]
) -> tuple[list[Bounds], list[list[int]]]:
    """Halve the sentences that are too long until all are within all limits.

    Return them and, for each limit, their sizes.
    """
    texts = [text[start:end] for start, end in sentences]
    sizes = [limit.count(texts) for limit in limits]
    shortest = min(limit.size for limit in limits)
    too_long = {
        place
        for column, limit in zip(sizes, limits, strict=True)
        if max(column, default=0) > limit.size
        for place, size in enumerate(column)
        # Few characters stay whole, even where each takes several tokens: there is little to cut.
        if size > limit.size and len(texts[place]) > shortest
    }
    if not too_long:
        return sentences, sizes
    parts = [
        part
        for place, bounds in enumerate(sentences)
        for part in (_halves(text, bounds) if place in too_long else [bounds])
    ]
    return _fit(text, parts, limits)


def _halves(text: str, bounds: Bounds) -> list[Bounds]:
    """Cut a sentence in two, between words where it has any."""
    start, end = bounds
    middle = (start + end) // 2
    cut = text.rfind(" ", start + 1, middle)
    cut = cut if cut > start else middle
    left = (start, start + len(text[start:cut].rstrip()))
    right = (end - len(text[cut:end].lstrip()), end)
    return [half for half in (left, right) if half[0] < half[1]]


def _pack(sizes: Sequence[Sequence[int]], room: Sequence[int]) -> list[Bounds]:
    """Return `[first, last)` sentence numbers of each passage, filled greedily.

    `sizes` has the sizes of all sentences by each limit.
    """
    # What lies before each sentence, by each limit: the size of a run is the difference of two.
    before = [[0, *accumulate(column)] for column in sizes]
    n_sentences = len(sizes[0])
    passages: list[Bounds] = []
    first = 0
    while first < n_sentences:
        # The last place whose total is still within the limit, one sentence on in any case.
        ends = [
            bisect_right(total, total[first] + limit) - 1
            for total, limit in zip(before, room, strict=True)
        ]
        last = max(min(ends), first + 1)
        passages.append((first, last))
        first = last
    return passages
