"""The rows of archive.db that a list of articles is made from."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from corpus.article import Article
from index.search.browsing import ArticleRow
from index.store.rows import ARTICLE_COLUMNS, LIVE, read_article
from index.store.sqlite import Connection

__all__ = ["article_keys", "article_rows", "read_articles"]

# Keys in one statement.
_MAX_MARKS = 500


def article_rows(db: Connection, number: int) -> list[ArticleRow]:
    """Return what is known of the articles of snapshot `number` without their texts."""
    rows = db.execute(
        f"SELECT a.key, a.published, a.source, a.language, a.embargo FROM articles a WHERE {LIVE}",
        {"n": number},
    )
    return [ArticleRow(*row) for row in rows]


def article_keys(db: Connection, passages: Sequence[int]) -> npt.NDArray[np.int64]:
    """Return the keys of the articles that these passages are of, each once."""
    found: set[int] = set()
    for some in _in_parts(passages):
        marks = ", ".join("?" * len(some))
        rows = db.execute(f"SELECT DISTINCT article FROM passages WHERE key IN ({marks})", some)
        found.update(row["article"] for row in rows)
    return np.array(sorted(found), np.int64)


def read_articles(db: Connection, keys: Sequence[int]) -> dict[int, Article]:
    """Return the articles with these keys."""
    found = {}
    for some in _in_parts(keys):
        marks = ", ".join("?" * len(some))
        rows = db.execute(
            f"SELECT key, {ARTICLE_COLUMNS} FROM articles WHERE key IN ({marks})", some
        )
        found.update({row["key"]: read_article(row) for row in rows})
    return found


def _in_parts(keys: Sequence[int]) -> list[Sequence[int]]:
    return [keys[first : first + _MAX_MARKS] for first in range(0, len(keys), _MAX_MARKS)]
