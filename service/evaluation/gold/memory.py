"""A few articles in memory as an archive, so that a case can have one of its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.article import Article, Passage
from corpus.duplicates import MIN_SIMILARITY, signature, similarity
from corpus.sentences import sentence_spans
from corpus.splitting import Splitter
from index.engines.archive import ArchiveStatus
from index.lexical.bm25 import stems
from index.search.history import KeptVersion
from index.search.hit import Hit
from index.search.query import Query
from index.search.versions import as_it_stood, with_moved

__all__ = ["MemoryArchive"]

_WORD = re.compile(r"\w+")
# Tokens that no article of a case has.
_WHOLE = 100_000


@dataclass(frozen=True, slots=True)
class MemoryArchive:
    """Finds whole articles by the words that they share with the query; see `Archive`.

    `versions` are earlier wordings by the ids of their articles, the oldest first.
    """

    articles: Sequence[Article]
    versions: Mapping[str, Sequence[KeptVersion]] = field(default_factory=dict)

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
        """See `ArchiveSnapshot.search`. Only `as_of` filters here, and what was retracted."""
        words = set(_WORD.findall(query.text.casefold()))
        last = query.as_of or date.max
        known = [
            one
            for one in self.articles
            if (one.day is None or one.day <= last) and not one.is_retracted
        ]
        stories = _stories(known)
        order = sorted(
            range(len(known)),
            key=lambda i: -len(words & set(_WORD.findall(known[i].text.casefold()))),
        )
        hits = [hit for i in order[:k] for hit in _hits(known[i], stories[i])]
        ranked = [replace(hit, rank=rank, score=1.0 / (1 + rank)) for rank, hit in enumerate(hits)]
        return self._as_it_stood(ranked, query, query.as_of, k) if query.as_of else ranked

    def _as_it_stood(self, hits: list[Hit], query: Query, day: date, k: int) -> list[Hit]:
        stood = {
            name: earlier
            for name, versions in self.versions.items()
            if (earlier := next((one.article for one in versions if one.until > day), None))
        }
        later = {one.id for one in self.articles if one.day and one.day > day}
        moved = [one for name, one in stood.items() if name in later and one.day and one.day <= day]
        split = Splitter(_WHOLE).split
        found = as_it_stood(hits, stood, query.text, split)
        return with_moved(found, moved, query.text, split, k)


def _hits(article: Article, story: int) -> list[Hit]:
    """Return an article whole, or its parts where notices are between them."""
    if article.corrections:
        passages = Splitter(_WHOLE).split(article)
    else:
        sentences = tuple(sentence_spans(article.text))
        passages = [Passage(f"{article.id}#0", article.id, 0, len(article.text), sentences)]
    return [Hit(article, passage, 0, 0.0, story=story) for passage in passages]


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
            and similarity(hashes, earlier) >= MIN_SIMILARITY
        )
        stories.append(next(alike, number))
    return stories
