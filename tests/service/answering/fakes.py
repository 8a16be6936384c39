"""An archive and a reader that do as they are told, and what is made of what they find."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.article import Article
from index.engines.archive import ArchiveStatus
from index.lexical.bm25 import stems
from index.search.hit import Hit
from index.search.query import Query
from service.answering.extractive import ExtractiveAnswerer
from service.answering.mentions import Mention, mentions_of
from service.answering.scoring import FEATURES, Scorer
from service.reader.reader import Field, Span
from tests.service.answering.conftest import hit_for

__all__ = ["SCORER", "FakeArchive", "FakeReader", "answerer", "mention", "news", "scorer", "status"]


def scorer(none: float = 1.0, **weights: float) -> Scorer:
    """Return a scorer with these weights, all others 0."""
    return Scorer(
        weights=dict.fromkeys(FEATURES, 0.0) | weights, none=none, abstain_below=0.33, likely=0.5
    )


SCORER = scorer(evidence=2.0, misfit=-3.0, superseded=-4.0)


def status(
    sources: tuple[str, ...] = ("Harbour Post",),
    first_day: str | None = None,
    last_day: str | None = None,
) -> ArchiveStatus:
    return ArchiveStatus(7, 3, 3, 3, "hash/16", sources, first_day, last_day)


@dataclass
class FakeArchive:
    """Finds the same hits for each query, but for those in `by_query`."""

    hits: Sequence[Hit]
    status: ArchiveStatus = field(default_factory=status)
    by_query: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    queries: list[tuple[Query, int]] = field(default_factory=list)

    def current(self) -> "FakeArchive":
        return self

    def search(self, query: Query, k: int) -> list[Hit]:
        self.queries.append((query, k))
        return list(self.by_query.get(query.text, self.hits))

    def n_passages_with(self, text: str) -> int:
        row = f" {' '.join(stems(text))} "
        every = [*self.hits, *(hit for hits in self.by_query.values() for hit in hits)]
        told = (f" {' '.join(stems(f'{one.article.title} {one.text}'))} " for one in every)
        return sum(row in one for one in told)

    def spelt_like(self, word: str) -> str | None:
        return self.spellings.get(word)

    def newest(self, n: int) -> list[Article]:
        raise NotImplementedError

    def article(self, article_id: str) -> Article | None:
        return next((hit.article for hit in self.hits if hit.article.id == article_id), None)


@dataclass
class FakeReader:
    """Finds the given words where they stand first in a text, and in a headline `in_titles`."""

    finds: Mapping[str, float]
    in_titles: Mapping[str, float] = field(default_factory=dict)
    knows_none_of: Sequence[str] = ()
    asked: list[str] = field(default_factory=list)
    read_ids: list[list[str]] = field(default_factory=list)

    def knows(self, word: str) -> bool:
        return word not in self.knows_none_of

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        max_spans: int = 5,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> list[Span]:
        if raise_if_cancelled:
            raise_if_cancelled()
        self.asked.append(question)
        self.read_ids.append([hit.article.id for hit in hits])
        fields: tuple[tuple[Field, Mapping[str, float]], ...] = (
            ("text", self.finds),
            ("title", self.in_titles),
        )
        return [
            span
            for number, hit in enumerate(hits)
            for name, finds in fields
            for word, score in finds.items()
            if (span := _found(number, hit, name, word, score))
        ]


def _found(number: int, hit: Hit, name: Field, word: str, score: float) -> Span | None:
    text = hit.article.title if name == "title" else hit.article.text
    start = text.lower().find(word.lower())
    return Span(number, start, start + len(word), score, 0.0, name) if start >= 0 else None


def answerer(hits: Sequence[Hit], **finds: float) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(FakeArchive(hits), FakeReader(finds), SCORER)


def news(
    name: str,
    text: str,
    published: str | None = None,
    source: str | None = None,
    rank: int = 0,
    title: str | None = None,
    story: int | None = None,
) -> Hit:
    """Return a hit whose passage is a whole article, dated and from an outlet."""
    hit = hit_for(name, text, rank)
    article = replace(
        hit.article,
        published=published,
        source=source,
        title=hit.article.title if title is None else title,
    )
    return replace(hit, article=article, story=story)


def mention(
    hit: Hit | str, words: str, margin: float = 5.0, at: int = 0, where: Field = "text"
) -> Mention:
    """Return the mention of `words` in a hit or a text, its place number `at` from 0."""
    hit = news("a", hit) if isinstance(hit, str) else hit
    text = hit.article.title if where == "title" else hit.article.text
    start = -1
    for _ in range(at + 1):
        start = text.index(words, start + 1)
    span = Span(0, start, start + len(words), margin, 0.0, where)
    return mentions_of([span], [hit])[0]
