from collections.abc import Sequence

import pytest

from corpus.article import Article, Passage
from corpus.sentences import sentence_spans
from index.search.hit import Hit

__all__ = ["hit_for"]


def hit_for(article_id: str, text: str, rank: int) -> Hit:
    """Return a hit whose passage is a whole article."""
    article = Article(article_id, f"Title of {article_id}", text, source="Harbour Post")
    sentences = tuple(sentence_spans(text))
    passage = Passage(f"{article_id}#0", article_id, 0, len(text), sentences)
    return Hit(article, passage, rank, 1.0 / (1 + rank))


@pytest.fixture
def hits() -> Sequence[Hit]:
    return [
        hit_for("one", "It rained. Nine people were rescued on Tuesday. They are well.", 0),
        hit_for("two", "The coast guard said nine people were saved.", 1),
        hit_for("three", "At least twelve people died. Nine people were rescued.", 2),
    ]
