"""Whether rows of archive.db are as they were written: a damaged one must not become an answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.errors import IndexStateError
from index.store.rows import StoredPassage, article_hash, vector_hash
from index.store.sqlite import Connection, DatabaseError, Error

__all__ = ["Soundness", "forget_splittings", "note_splitting", "sound_database"]

_SPLITTINGS = "splittings"


@dataclass(frozen=True, slots=True)
class Soundness:
    """Compares rows with the hashes they were written with.

    A passage's is that of its text and the `embedder`; an article's is that of its fields and of
    how it was split, which is one of `splittings`. Archives made before those were noted have None:
    their articles are taken as they are.
    """

    path: Path
    embedder: str
    splittings: tuple[str, ...] | None

    @classmethod
    def of(cls, db: Connection, path: Path, embedder: str) -> "Soundness":
        """Return what the rows of an archive are compared with."""
        row = db.execute("SELECT value FROM meta WHERE name = ?", (_SPLITTINGS,)).fetchone()
        return cls(path, embedder, tuple(json.loads(row["value"])) if row else None)

    def check_passage(self, stored: StoredPassage, vector: bytes, content: bytes) -> None:
        """Compare a passage and its article with their hashes.

        Raises:
            IndexStateError: one is damaged.
        """
        if vector_hash(self.embedder, stored.headed_text) != vector:
            raise self._damaged(stored.article.id)
        self.check_article(stored.article, content)

    def check_article(self, article: Article, content: bytes) -> None:
        """Compare an article with its hash.

        Raises:
            IndexStateError: it is damaged.
        """
        if self.splittings is not None and not any(
            article_hash(article, splitting) == content for splitting in self.splittings
        ):
            raise self._damaged(article.id)

    def _damaged(self, article_id: str) -> IndexStateError:
        return IndexStateError(
            f"{self.path} is damaged: article {article_id!r} is not as it was written. "
            "Restore the file from a backup, or build the index again."
        )


def note_splitting(db: Connection, splitting: str) -> None:
    """Note how articles are split from now on, where that is known of all; the caller commits."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (_SPLITTINGS,)).fetchone()
    if row and splitting not in (known := json.loads(row["value"])):
        value = json.dumps([*known, splitting])
        db.execute("UPDATE meta SET value = ? WHERE name = ?", (value, _SPLITTINGS))


def forget_splittings(db: Connection) -> None:
    """Note that it is not known how all articles were split, or what their hashes were made of.

    The caller commits.
    """
    db.execute("DELETE FROM meta WHERE name = ?", (_SPLITTINGS,))


@contextmanager
def sound_database(path: Path) -> Iterator[None]:
    """Tell with a sentence where rows cannot be read.

    Raises:
        IndexStateError: SQLite finds its file damaged, or what a row holds is no such value.
    """
    try:
        yield
    except (DatabaseError, ValueError, LookupError, TypeError) as error:
        raise IndexStateError(
            f"{path} is damaged: {_because(error)}. Restore the file from a backup, or build the "
            "index again."
        ) from error


def _because(error: Any) -> str:  # noqa: ANN401 - any error
    return str(error) if isinstance(error, Error) else "a row is not as it was written"
