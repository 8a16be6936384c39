"""What hits were on a day: passages of articles that were changed later, as they stood then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from corpus.article import Article, Passage
from index.lexical.bm25 import query_terms, stems
from index.search.hit import Hit

__all__ = ["as_it_stood", "with_moved"]

Split = Callable[[Article], Sequence[Passage]]


def as_it_stood(
    hits: Sequence[Hit], stood: Mapping[str, Article], query: str, split: Split
) -> list[Hit]:
    """Return hits with the passages of articles that were changed as they stood.

    `stood` has the earlier wording of each such article by its id. In place of a passage comes the
    one of that wording that has most of the query's words, and then of the passage's; each once.
    """
    if not stood:
        return list(hits)
    asked = frozenset(query_terms(query))
    left = {name: list(split(article)) for name, article in stood.items()}
    found = []
    for hit in hits:
        article = stood.get(hit.article.id)
        if article is None:
            found.append(hit)
            continue
        passages = left[hit.article.id]
        if not passages:
            continue
        best = max(passages, key=lambda one: _closeness(article, one, asked, hit))
        passages.remove(best)
        found.append(replace(hit, article=article, passage=best))
    return [replace(hit, rank=rank) for rank, hit in enumerate(found)]


def with_moved(
    hits: Sequence[Hit], moved: Sequence[Article], query: str, split: Split, k: int
) -> list[Hit]:
    """Return hits, and before those that have fewer of the query's words, articles as they stood.

    `moved` are earlier wordings of articles that no search finds for the day, because they carry a
    later date now. One that has none of the words is left out.
    """
    asked = frozenset(query_terms(query))
    made = []
    for article in moved:
        # Splitting takes longer than a look at all words.
        if asked.isdisjoint(stems(f"{article.title}\n{article.text}")):
            continue
        best = max(split(article), key=lambda one: _n_asked(article, one, asked), default=None)
        if best and (n := _n_asked(article, best, asked)):
            made.append((n, Hit(article, best, 0, 0.0)))
    if not made:
        return list(hits)
    counted = [(_n_asked(hit.article, hit.passage, asked), hit) for hit in hits]
    merged: list[Hit] = []
    waiting = sorted(made, key=lambda one: -one[0])
    for n, hit in counted:
        while waiting and waiting[0][0] > n:
            merged.append(replace(waiting.pop(0)[1], score=hit.score))
        merged.append(hit)
    merged += [hit for _, hit in waiting]
    return [replace(hit, rank=rank) for rank, hit in enumerate(merged[:k])]


def _closeness(
    article: Article, passage: Passage, asked: frozenset[str], hit: Hit
) -> tuple[int, int]:
    has = frozenset(stems(article.text[passage.start : passage.end]))
    return len(asked & has), len(has.intersection(stems(hit.text)))


def _n_asked(article: Article, passage: Passage, asked: frozenset[str]) -> int:
    words = f"{article.title}\n{article.text[passage.start : passage.end]}"
    return len(asked.intersection(stems(words)))
