"""What a search returns."""

from dataclasses import dataclass

from corpus.article import Article, Passage

__all__ = ["Hit"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found for a query, with its article and the scores that ranked it.

    `rank` counts from 0. `dense` is a cosine in [-1, 1], `lexical` a BM25 score; either is None
    when that retriever did not return the passage. `score` is what the hits are sorted by. `story`
    names the group of near-duplicates that the article belongs to (`index.store.stories`).
    """

    article: Article
    passage: Passage
    rank: int
    score: float
    dense: float | None = None
    lexical: float | None = None
    story: int | None = None

    @property
    def text(self) -> str:
        """The passage's text."""
        return self.article.text[self.passage.start : self.passage.end]
