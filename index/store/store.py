"""archive.db as its one writer sees it: articles, passages and vectors. The source of truth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.article import Article
from corpus.errors import IndexStateError
from index.store.changes import is_unfinished, note_removed
from index.store.database import connect
from index.store.generation import Contents
from index.store.history import History
from index.store.names import add_names, find_by_name, legacy_row
from index.store.rows import (
    ARTICLE_COLUMNS,
    LIVE,
    PassageRow,
    StoredPassage,
    article_row,
    passage_of,
    read_article,
    read_passages,
    read_vectors,
)
from index.store.soundness import note_splitting
from index.store.stories import drop_unused_buckets, group_new_articles
from index.vectors.types import Batch, Keys

__all__ = ["Added", "Store"]

_BUSY_TIMEOUT_MS = 5000


@dataclass(frozen=True, slots=True)
class Added:
    """The keys of an article and of its passages."""

    key: int
    passages: range


class Store:
    """Reads and writes archive.db for one run that will publish number `generation`.

    What a run adds or removes is marked with its generation, and counts only once that number
    is published: a run that breaks off leaves the published archive as it was.
    """

    def __init__(self, path: Path, published: int) -> None:
        self._db = connect(path, read_only=False)
        # The archive also remembers, should the snapshots be lost; it learns last.
        row = self._db.execute("SELECT value FROM meta WHERE name = 'published'").fetchone()
        self._published = max(published, int(row["value"]) if row else 0)
        legacy = self._db.execute("SELECT 1 FROM articles WHERE is_legacy LIMIT 1").fetchone()
        self._has_legacy = legacy is not None
        self.history = History(self._db)
        self.generation = self._published + 1

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def commit(self) -> None:
        """Make what was written so far durable."""
        self._db.commit()

    def advance(self) -> None:
        """The generation was published: drop what it removed, and go on to the next."""
        self._published = self.generation
        self.generation += 1
        self._finish()

    def _finish(self) -> None:
        """Drop what the published generation removed."""
        self._db.execute(
            "INSERT OR REPLACE INTO meta VALUES ('published', ?)", (str(self._published),)
        )
        note_removed(self._db, self._published)
        removed = self._db.execute(
            "DELETE FROM articles WHERE removed_in <= ?", (self._published,)
        ).rowcount
        self.history.drop_removed(self._published)
        if removed:
            self._drop_unused_vectors()
            drop_unused_buckets(self._db)
        self.commit()
        # Old pages must not linger in the log. A reader that needs them keeps them until the next
        # publication; waiting for it here could take as long as it is served.
        self._db.execute("PRAGMA busy_timeout = 0")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")

    def discard_pending(self, *, keep_added: bool) -> None:
        """Undo what an earlier run marked and never published, and finish what it published.

        With `keep_added`, articles that it added stay marked: a new build finds them unchanged
        or drops them.
        """
        if is_unfinished(self._db, self._published):
            self._finish()
        self._db.execute(
            "UPDATE articles SET removed_in = NULL WHERE removed_in > ?", (self._published,)
        )
        if not keep_added:
            self._db.execute("DELETE FROM articles WHERE added_in > ?", (self._published,))
        self.history.discard(self._published)
        self.commit()

    def is_changed(self) -> bool:
        """Whether the generation differs from the published one."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM articles WHERE added_in > :n OR removed_in > :n) AS it",
            {"n": self._published},
        ).fetchone()
        return bool(row["it"]) or self.history.is_changed(self._published)

    def only_adds(self) -> bool:
        """Whether the generation holds all that the published one holds."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM articles WHERE removed_in > ?) AS it",
            (self._published,),
        ).fetchone()
        return not row["it"]

    def changed_keys(self) -> tuple[list[int], list[int]]:
        """Return the keys of the articles that the generation adds, and of those it removes."""
        added = self._db.execute(
            "SELECT key FROM articles WHERE added_in > ? AND removed_in IS NULL ORDER BY key",
            (self._published,),
        )
        removed = self._db.execute(
            "SELECT key FROM articles WHERE removed_in > ? ORDER BY key", (self._published,)
        )
        return [row["key"] for row in added], [row["key"] for row in removed]

    def contents(self, number: int) -> Contents:
        """Return what generation `number` holds: the published one, or this one."""
        return Contents(self._db, number)

    @property
    def published(self) -> int:
        """The number of the last publication, 0 when there was none."""
        return self._published

    def find(self, article: Article) -> tuple[int, bytes] | None:
        """Return key and hash of the article that the next publication has under this one's id.

        One with the id that an earlier Dateline gave the same article counts as well.
        """
        row = self._db.execute(
            "SELECT key, hash FROM articles WHERE id = ? AND removed_in IS NULL", (article.id,)
        ).fetchone()
        if row:
            return row["key"], row["hash"]
        return legacy_row(self._db, article) if self._has_legacy else None

    def find_named(self, name: str) -> int | None:
        """Return the key of the article that is called `name`, by its id or another of its names.

        Raises:
            RequestError: several are.
        """
        article_id = find_by_name(self._db, name, self.generation)
        row = self._db.execute(
            "SELECT key FROM articles WHERE id = ? AND removed_in IS NULL", (article_id,)
        ).fetchone()
        return row["key"] if row else None

    def article(self, key: int) -> Article:
        """Return the article with this key."""
        return read_article(
            self._db.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE key = ?", (key,)
            ).fetchone()
        )

    def keys(self) -> set[int]:
        """Return the keys of all articles that the next publication has."""
        rows = self._db.execute("SELECT key FROM articles WHERE removed_in IS NULL")
        return {row["key"] for row in rows}

    def add(self, article: Article, content: bytes, passages: Sequence[PassageRow]) -> Added:
        """Add an article that has the hash `content`, with its passages."""
        row = (content, self.generation, *article_row(article))
        marks = ", ".join("?" * len(row))
        key = self._db.execute(
            f"INSERT INTO articles (hash, added_in, {ARTICLE_COLUMNS}) VALUES ({marks})", row
        ).lastrowid
        if key is None:
            raise IndexStateError(f"article {article.id}: the database gave no key for it.")
        self._db.executemany(
            "INSERT INTO passages (article, ordinal, sentences, vector) VALUES (?, ?, ?, ?)",
            [(key, n, row.sentences, row.vector) for n, row in enumerate(passages)],
        )
        # The one writer gets its keys one after the other.
        last = self._db.execute("SELECT last_insert_rowid()").fetchone()[0]
        add_names(self._db, key, article)
        return Added(key, range(last - len(passages) + 1, last + 1))

    def note_splitting(self, splitting: str) -> None:
        """Note how articles are split that are added from now on."""
        note_splitting(self._db, splitting)

    def remove(self, key: int) -> None:
        """Mark an article as removed; one that was never published goes at once.

        What is kept of its id stays: see `forget`.
        """
        self._db.execute(
            "DELETE FROM articles WHERE key = ? AND added_in > ?", (key, self._published)
        )
        self._db.execute("UPDATE articles SET removed_in = ? WHERE key = ?", (self.generation, key))

    def forget(self, key: int, day: date) -> None:
        """Remove an article with all that is kept of it, unless another one has its id now."""
        row = self._db.execute(
            "SELECT id FROM articles WHERE key = ? AND added_in <= ?", (key, self._published)
        ).fetchone()
        self.remove(key)
        others = "SELECT 1 FROM articles WHERE id = ? AND removed_in IS NULL"
        if row and not self._db.execute(others, (row["id"],)).fetchone():
            self.history.note_removal(row["id"], day, self.generation)

    def group_stories(self) -> Iterator[int]:
        """Give each new article its story (`index.store.stories`); yield the keys as it goes on."""
        return group_new_articles(self._db)

    def unembedded(self) -> list[int]:
        """Return keys of the passages without a vector, those of the newest articles first."""
        # Looked for in the order of the hashes: in that of the passages, each look-up is elsewhere.
        rows = self._db.execute(
            "WITH missing AS MATERIALIZED (SELECT p.key FROM passages p "
            "LEFT JOIN vectors v ON v.hash = p.vector WHERE v.hash IS NULL) "
            "SELECT p.key FROM missing JOIN passages p USING (key) "
            "JOIN articles a ON a.key = p.article "
            f"WHERE {LIVE} ORDER BY a.published DESC, p.key",
            {"n": self.generation},
        )
        return [row["key"] for row in rows]

    def passages(self, keys: Sequence[int]) -> list[StoredPassage]:
        """Return the passages with these keys, in their order."""
        return read_passages(self._db, keys)

    def live_passages(self, *, only_new: bool = False) -> Iterator[StoredPassage]:
        """Yield every passage of the generation, or only those it adds, by key."""
        since = "AND a.added_in > :published" if only_new else ""
        # First keys, which an index alone holds: each text is then read once.
        articles = self._db.execute(
            f"SELECT a.key FROM articles a WHERE {LIVE} {since} ORDER BY a.key",
            {"n": self.generation, "published": self._published},
        ).fetchall()
        yield from self.passages_of([row["key"] for row in articles])

    def passages_of(self, keys: Sequence[int]) -> Iterator[StoredPassage]:
        """Yield the passages of the articles with these keys, one article after the other."""
        for key in keys:
            article = self.article(key)
            rows = self._db.execute(
                "SELECT key, ordinal, sentences FROM passages WHERE article = ? ORDER BY key",
                (key,),
            )
            for row in rows:
                passage = passage_of(article.id, row["ordinal"], row["sentences"])
                yield StoredPassage(row["key"], article, passage)

    def embedded(self) -> Keys:
        """Return the (n,) keys of the passages of the generation that have a vector."""
        rows = self._db.execute(
            f"SELECT p.key FROM passages p JOIN articles a ON a.key = p.article WHERE {LIVE}",
            {"n": self.generation},
        )
        live = np.array([row["key"] for row in rows], np.int64)
        return np.setdiff1d(live, np.array(self.unembedded(), np.int64))

    def vectors(self, keys: Keys, dim: int) -> Iterator[Batch]:
        """Yield the (n, dim) vectors of passages with their (n,) keys, batch by batch."""
        return read_vectors(self._db, keys, dim)

    def add_vectors(self, hashes: Sequence[bytes], vectors: npt.NDArray[np.float32]) -> None:
        """Keep (n, dim) vectors under their n hashes."""
        rows = zip(hashes, (row.tobytes() for row in vectors.astype("<f2")), strict=True)
        self._db.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def counts(self) -> dict[str, int]:
        """Return how many articles, passages and embedded passages the generation has."""
        row = self._db.execute(
            "SELECT count(DISTINCT a.key) AS n_articles, count(p.key) AS n_passages "
            f"FROM articles a LEFT JOIN passages p ON p.article = a.key WHERE {LIVE}",
            {"n": self.generation},
        ).fetchone()
        return {**row, "n_embedded": row["n_passages"] - len(self.unembedded())}

    def _drop_unused_vectors(self) -> None:
        self._db.execute("DELETE FROM vectors WHERE hash NOT IN (SELECT vector FROM passages)")
