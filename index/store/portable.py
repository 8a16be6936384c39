"""Articles whole, with passages and vectors: what one engine hands to another."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.article import Article
from corpus.duplicates import bucket_keys, signature
from corpus.errors import IndexStateError
from corpus.splitting import headed_text
from index.store.names import add_names
from index.store.rows import ARTICLE_COLUMNS, passage_of, read_article, vector_hash
from index.store.sqlite import Connection

__all__ = ["Fingerprint", "WholeArticle", "WholePassage", "article_of", "put_whole", "read_whole"]

_NAMES = ARTICLE_COLUMNS.split(", ")
_SUM = 2**64


@dataclass(frozen=True, slots=True)
class WholePassage:
    """A passage as rows hold it: `sentences` in JSON, `vector` float16, little-endian."""

    key: int
    ordinal: int
    sentences: str
    vector: bytes


@dataclass(frozen=True, slots=True)
class WholeArticle:
    """An article with all that belongs to it; `row` has the values of `ARTICLE_COLUMNS`."""

    key: int
    hash: bytes
    story: int
    row: tuple[str | None, ...]
    passages: tuple[WholePassage, ...]

    @property
    def article(self) -> Article:
        """The article."""
        return article_of(self.row)

    def headed_text(self, passage: WholePassage) -> str:
        """Return what is embedded and indexed of one of the passages."""
        article = self.article
        bounds = passage_of(article.id, passage.ordinal, passage.sentences)
        return headed_text(article, bounds.start, bounds.end)

    def digest(self) -> int:
        """Return a number below 2**63 that stands for every byte of it."""
        content = hashlib.sha256(json.dumps([self.key, self.story, *self.row]).encode())
        content.update(self.hash)
        for passage in self.passages:
            content.update(f"{passage.key}/{passage.ordinal}/{passage.sentences}".encode())
            content.update(passage.vector)
        return int.from_bytes(content.digest()[:8], "little") >> 1


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Tells one archive from another: counts, and a sum over each article's key and hash."""

    n_articles: int
    n_passages: int
    checksum: int

    @classmethod
    def of(cls, articles: Iterable[tuple[int, bytes]], n_passages: int) -> "Fingerprint":
        """Return that of (key, hash) pairs, in whatever order."""
        n_articles = total = 0
        for key, content in articles:
            digest = hashlib.sha256(key.to_bytes(8, "little") + content).digest()
            total = (total + int.from_bytes(digest[:8], "little")) % _SUM
            n_articles += 1
        return cls(n_articles, n_passages, total)


def article_of(row: Sequence[str | None]) -> Article:
    """Return the article with these values of `ARTICLE_COLUMNS`."""
    # Rows of the first schema, which another engine still holds, lack the last column.
    return read_article(dict.fromkeys(_NAMES) | dict(zip(_NAMES, row, strict=False)))


def read_whole(db: Connection, keys: Sequence[int]) -> Iterator[WholeArticle]:
    """Yield the articles with these keys, by key; a few hundred at most.

    Raises:
        IndexStateError: one has a passage without a vector.
    """
    marks = ", ".join("?" * len(keys))
    passages: dict[int, list[WholePassage]] = {}
    for row in db.execute(
        "SELECT p.key, p.article, p.ordinal, p.sentences, v.embedding FROM passages p "
        f"LEFT JOIN vectors v ON v.hash = p.vector WHERE p.article IN ({marks}) ORDER BY p.key",
        list(keys),
    ):
        if row["embedding"] is None:
            raise IndexStateError(
                f"passage {row['key']} has no vector: let `dateline build` finish first."
            )
        one = WholePassage(row["key"], row["ordinal"], row["sentences"], row["embedding"])
        passages.setdefault(row["article"], []).append(one)
    for row in db.execute(
        f"SELECT a.key, a.hash, coalesce(s.story, a.key) AS story, {ARTICLE_COLUMNS} "
        "FROM articles a LEFT JOIN signatures s ON s.article = a.key "
        f"WHERE a.key IN ({marks}) ORDER BY a.key",
        list(keys),
    ):
        columns = tuple(row[name] for name in _NAMES)
        of_it = tuple(passages.get(row["key"], ()))
        yield WholeArticle(row["key"], row["hash"], row["story"], columns, of_it)


def put_whole(db: Connection, articles: Iterable[WholeArticle], embedder: str, number: int) -> None:
    """Put articles under the keys they have, as added in generation `number`."""
    marks = ", ".join("?" * (3 + len(_NAMES)))
    for one in articles:
        db.execute(
            f"INSERT INTO articles (key, hash, added_in, {ARTICLE_COLUMNS}) VALUES ({marks})",
            (one.key, one.hash, number, *one.row, *[None] * (len(_NAMES) - len(one.row))),
        )
        for passage in one.passages:
            name = vector_hash(embedder, one.headed_text(passage))
            db.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?)", (name, passage.vector))
            db.execute(
                "INSERT INTO passages (key, article, ordinal, sentences, vector) "
                "VALUES (?, ?, ?, ?, ?)",
                (passage.key, one.key, passage.ordinal, passage.sentences, name),
            )
        _put_signature(db, one)
        add_names(db, one.key, one.article)


def _put_signature(db: Connection, one: WholeArticle) -> None:
    """Keep the story it has; its signature is made again, for those that come later."""
    hashes = signature(one.article.text)
    blob = None if hashes is None else hashes.astype("<u4").tobytes()
    db.execute("INSERT INTO signatures VALUES (?, ?, ?)", (one.key, one.story, blob))
    if hashes is not None:
        db.executemany(
            "INSERT OR IGNORE INTO buckets VALUES (?, ?)",
            [(bucket, one.key) for bucket in bucket_keys(np.asarray(hashes))],
        )
