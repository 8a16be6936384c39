"""A few articles in memory as an archive, so that a case can have one of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus.article import Article, Passage
from corpus.duplicates import LEAST_LIKENESS, likeness, signature
from corpus.sentences import sentence_spans
from index.engines.archive import ArchiveStatus
from index.lexical.bm25 import stems
from index.search.hit import Hit
from index.search.query import Query

__all__ = ["MemoryArchive"]

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class MemoryArchive:
    """Finds whole articles by the words that they share with the query; see `Archive`."""

    articles: Sequence[Article]

    def current(self) -> "MemoryArchive":
        """See `Archive.current`."""
        return self

    @property
    def status(self) -> ArchiveStatus:
        """See `ArchiveSnapshot.status`."""
        n = len(self.articles)
        days = sorted(one.day.isoformat() for one in self.articles if one.day)
        first, last = (days[0], days[-1]) if days else (None, None)
        return ArchiveStatus(1, n, n, 0, "", (), first, last)

    def n_passages_with(self, text: str) -> int:
        """See `ArchiveSnapshot.n_passages_with`."""
        row = f" {' '.join(stems(text))} "
        told = (f" {' '.join(stems(f'{one.title} {one.text}'))} " for one in self.articles)
        return sum(row in one for one in told)

    def spelt_like(self, word: str) -> str | None:
        """See `ArchiveSnapshot.spelt_like`: here questions are spelt as they should be."""
        return None

    def article(self, article_id: str) -> Article | None:
        """See `ArchiveSnapshot.article`."""
        return next((one for one in self.articles if one.id == article_id), None)

    def newest(self, n: int) -> list[Article]:
        """See `ArchiveSnapshot.newest`."""
        return sorted(self.articles, key=lambda one: one.day or date.min, reverse=True)[:n]

    def search(self, query: Query, k: int) -> list[Hit]:
        """See `ArchiveSnapshot.search`. Only `as_of` filters here."""
        words = set(_WORD.findall(query.text.casefold()))
        last = query.as_of or date.max
        known = [one for one in self.articles if one.day is None or one.day <= last]
        stories = _stories(known)
        order = sorted(
            range(len(known)),
            key=lambda i: -len(words & set(_WORD.findall(known[i].text.casefold()))),
        )
        return [_hit(known[i], rank, stories[i]) for rank, i in enumerate(order[:k])]


def _hit(article: Article, rank: int, story: int) -> Hit:
    sentences = tuple(sentence_spans(article.text))
    passage = Passage(f"{article.id}#0", article.id, 0, len(article.text), sentences)
    return Hit(article, passage, rank, 1.0 / (1 + rank), story=story)


def _stories(articles: Sequence[Article]) -> list[int]:
    """Return a number for each article, the same for those that are nearly the same."""
    stories: list[int] = []
    signatures = [signature(article.text) for article in articles]
    for number, hashes in enumerate(signatures):
        alike = (
            stories[other]
            for other in range(number)
            if hashes is not None
            and (earlier := signatures[other]) is not None
            and likeness(hashes, earlier) >= LEAST_LIKENESS
        )
        stories.append(next(alike, number))
    return stories
