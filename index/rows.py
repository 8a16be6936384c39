"""How articles and passages look as rows of archive.db."""

import hashlib
import json
import sqlite3
from dataclasses import dataclass

from corpus.article import Article, Passage
from corpus.splitting import headed_text

__all__ = [
    "ARTICLE_COLUMNS",
    "StoredPassage",
    "article_hash",
    "article_row",
    "read_article",
    "read_passage",
    "vector_hash",
]

ARTICLE_COLUMNS = "id, title, text, url, source, authors, published, language, section"


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its article and the key that the derived indexes know it by."""

    key: int
    article: Article
    passage: Passage

    @property
    def headed_text(self) -> str:
        """What is embedded and indexed of the passage."""
        return headed_text(self.article, self.passage.start, self.passage.end)


def article_row(article: Article) -> tuple[str | None, ...]:
    """Return the values of `ARTICLE_COLUMNS`."""
    return (
        article.id,
        article.title,
        article.text,
        article.url,
        article.source,
        json.dumps(article.authors, ensure_ascii=False),
        article.published,
        article.language,
        article.section,
    )


def article_hash(article: Article, splitting: str) -> bytes:
    """Return the hash by which an article split in the same way is known to be unchanged."""
    content = json.dumps([splitting, *article_row(article)], ensure_ascii=False)
    return hashlib.sha256(content.encode()).digest()


def vector_hash(embedder_id: str, text: str) -> bytes:
    """Return the name of the vector that the embedder makes of `text`."""
    return hashlib.sha256(f"{embedder_id}\n{text}".encode()).digest()


def read_article(row: sqlite3.Row) -> Article:
    """Return the article in a row that has `ARTICLE_COLUMNS`."""
    return Article(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        url=row["url"],
        source=row["source"],
        authors=tuple(json.loads(row["authors"])),
        published=row["published"],
        language=row["language"],
        section=row["section"],
    )


def read_passage(row: sqlite3.Row) -> StoredPassage:
    """Return the passage in a row that joins a passage with its article."""
    sentences = tuple((start, end) for start, end in json.loads(row["sentences"]))
    passage = Passage(
        id=f"{row['id']}#{row['ordinal']}",
        article_id=row["id"],
        start=sentences[0][0],
        end=sentences[-1][1],
        sentences=sentences,
    )
    return StoredPassage(row["key"], read_article(row), passage)
