"""How articles and passages look as rows of archive.db."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from corpus.article import Article, Passage
from corpus.corrections.finding import find_corrections
from corpus.corrections.notice import Correction
from corpus.splitting import headed_text
from index.store.sqlite import Connection, Row
from index.vectors.types import Batch, Keys

__all__ = [
    "ARTICLE_COLUMNS",
    "CheckPassage",
    "JOINED_PASSAGES",
    "LIVE",
    "PassageRow",
    "StoredPassage",
    "article_hash",
    "article_row",
    "live",
    "passage_of",
    "passage_rows",
    "read_article",
    "read_passage",
    "read_passages",
    "read_vectors",
    "vector_hash",
]

ARTICLE_COLUMNS = (
    "id, title, text, url, source, authors, published, language, section, embargo, corrections"
)


def live(table: str) -> str:
    """Return the condition that publication `:n` holds a row of a table, named as in the query."""
    return f"{table}.added_in <= :n AND ({table}.removed_in IS NULL OR {table}.removed_in > :n)"


LIVE = live("a")

JOINED_PASSAGES = (
    f"SELECT p.key, p.ordinal, p.sentences, p.vector, a.hash, {ARTICLE_COLUMNS} "
    "FROM passages p JOIN articles a ON a.key = p.article"
)
# Keys in one statement.
_MAX_MARKS = 500


class PassageRow(NamedTuple):
    """What is stored of a passage: its `sentences` as JSON, and the name of its `vector`.

    A tuple, because processes send very many; `start` and `end` are told by the sentences.
    """

    start: int
    end: int
    sentences: str
    vector: bytes


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


CheckPassage = Callable[[StoredPassage, bytes, bytes], None]


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
        article.embargo,
        json.dumps([one.as_row() for one in article.corrections], ensure_ascii=False),
    )


def article_hash(article: Article, splitting: str) -> bytes:
    """Return the hash by which an article split in the same way is known to be unchanged.

    Notices in the text follow from the text. Without them, articles that never had a field for
    their corrections have the hash that they had before.
    """
    stated = [one.as_row() for one in article.corrections if not one.is_in_text]
    told = [*article_row(article)[:-1], *([stated] if stated else [])]
    content = json.dumps([splitting, *told], ensure_ascii=False)
    return hashlib.sha256(content.encode()).digest()


def vector_hash(embedder_id: str, text: str) -> bytes:
    """Return the name of the vector that the embedder makes of `text`."""
    return hashlib.sha256(f"{embedder_id}\n{text}".encode()).digest()


def passage_rows(
    article: Article, passages: Sequence[Passage], embedder_id: str
) -> list[PassageRow]:
    """Return what is stored of the passages of an article, in their order."""
    return [
        PassageRow(
            passage.start,
            passage.end,
            json.dumps(passage.sentences),
            vector_hash(embedder_id, headed_text(article, passage.start, passage.end)),
        )
        for passage in passages
    ]


def read_article(row: Row | Mapping[str, Any]) -> Article:
    """Return the article in a row that has `ARTICLE_COLUMNS`.

    Where its corrections were never noted, those in its text are found.
    """
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
        embargo=row["embargo"],
        corrections=_corrections(row),
    )


def _corrections(row: Row | Mapping[str, Any]) -> tuple[Correction, ...]:
    if row["corrections"] is None:
        return find_corrections(row["text"], row["published"])
    return tuple(Correction.of_row(one, row["text"]) for one in json.loads(row["corrections"]))


def read_passage(row: Row) -> StoredPassage:
    """Return the passage in a row that joins a passage with its article."""
    passage = passage_of(row["id"], row["ordinal"], row["sentences"])
    return StoredPassage(row["key"], read_article(row), passage)


def passage_of(article_id: str, ordinal: int, sentences: str) -> Passage:
    """Return the passage with these `sentences`, a JSON list of [start, end)."""
    bounds = tuple((start, end) for start, end in json.loads(sentences))
    return Passage(
        id=f"{article_id}#{ordinal}",
        article_id=article_id,
        start=bounds[0][0],
        end=bounds[-1][1],
        sentences=bounds,
    )


def read_passages(
    db: Connection, keys: Sequence[int], check: CheckPassage | None = None
) -> list[StoredPassage]:
    """Return the passages with these keys, in their order.

    `check` is given each of them with the names of its vector and of its article's content.
    """
    found = {}
    for first in range(0, len(keys), _MAX_MARKS):
        some = keys[first : first + _MAX_MARKS]
        marks = ", ".join("?" * len(some))
        for row in db.execute(f"{JOINED_PASSAGES} WHERE p.key IN ({marks})", list(some)):
            found[row["key"]] = stored = read_passage(row)
            if check:
                check(stored, row["vector"], row["hash"])
    return [found[key] for key in keys]


def read_vectors(db: Connection, keys: Keys, dim: int) -> Iterator[Batch]:
    """Yield the (n, dim) vectors of passages with their (n,) keys, batch by batch.

    Keys without a vector are left out; those of a batch come in their order.
    """
    for first in range(0, len(keys), _MAX_MARKS):
        some = keys[first : first + _MAX_MARKS].tolist()
        marks = ", ".join("?" * len(some))
        rows = db.execute(
            "SELECT p.key, v.embedding FROM passages p JOIN vectors v ON v.hash = p.vector "
            f"WHERE p.key IN ({marks}) ORDER BY p.key",
            some,
        ).fetchall()
        raw = b"".join(row["embedding"] for row in rows)
        found = np.array([row["key"] for row in rows], np.int64)
        yield found, np.frombuffer(raw, "<f2").reshape(len(rows), dim)
