"""What the one writer of archive.db notes of articles besides their rows.

Rows are marked as those of articles are: what a run adds or removes counts once the number that it
will publish is published.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from corpus.article import Article
from corpus.errors import RequestError
from index.search.history import ArticleHistory, Hold
from index.store.rows import live
from index.store.sqlite import Connection, Row
from index.store.versions import keep_version, read_versions

__all__ = ["History", "held_ids", "read_history", "read_holds"]


@dataclass(frozen=True, slots=True)
class History:
    """Earlier wordings, holds and removals, written for generation `number`."""

    db: Connection

    def keep(self, old: Article, article_id: str, until: date, number: int, most: int) -> None:
        """Keep what stood under an id until a day; at most `most` wordings of it are kept."""
        keep_version(self.db, old, article_id, until, number, most)

    def forget(self, article_id: str, number: int) -> None:
        """Mark all that is kept of an id as removed."""
        self.db.execute(
            "UPDATE versions SET removed_in = ? WHERE id = ? AND removed_in IS NULL",
            (number, article_id),
        )

    def note_removal(self, article_id: str, day: date, number: int) -> None:
        """Forget an id, and note only that it was removed."""
        self.forget(article_id, number)
        self.db.execute(
            "INSERT INTO removals VALUES (?, ?, ?)", (_name(article_id), day.isoformat(), number)
        )

    def hold(self, article_id: str, why: str, by: str, at: datetime, number: int) -> None:
        """Take an article out of the answers.

        Raises:
            RequestError: it is on hold already.
        """
        if article_id in held_ids(self.db, number):
            raise RequestError(f"article {article_id!r} is on hold already.")
        self.db.execute(
            "INSERT INTO holds (id, why, held_by, held_at, added_in) VALUES (?, ?, ?, ?, ?)",
            (article_id, why, by, at.isoformat(timespec="seconds"), number),
        )

    def release(self, article_id: str, by: str, at: datetime, number: int) -> None:
        """Put an article back into the answers.

        Raises:
            RequestError: it is not on hold.
        """
        n_released = self.db.execute(
            "UPDATE holds SET removed_in = ?, released_by = ?, released_at = ? "
            "WHERE id = ? AND removed_in IS NULL",
            (number, by, at.isoformat(timespec="seconds"), article_id),
        ).rowcount
        if not n_released:
            raise RequestError(f"article {article_id!r} is not on hold.")

    def discard(self, published: int) -> None:
        """Undo what was marked and never published; the caller commits."""
        marks = (published,)
        self.db.execute("DELETE FROM versions WHERE added_in > ?", marks)
        self.db.execute("UPDATE versions SET removed_in = NULL WHERE removed_in > ?", marks)
        self.db.execute("DELETE FROM holds WHERE added_in > ?", marks)
        self.db.execute(
            "UPDATE holds SET removed_in = NULL, released_by = NULL, released_at = NULL "
            "WHERE removed_in > ?",
            marks,
        )
        self.db.execute("DELETE FROM removals WHERE added_in > ?", marks)

    def drop_removed(self, published: int) -> None:
        """Delete the wordings that a published generation removed; the caller commits."""
        self.db.execute("DELETE FROM versions WHERE removed_in <= ?", (published,))

    def is_changed(self, published: int) -> bool:
        """Whether anything was marked since."""
        row = self.db.execute(
            "SELECT EXISTS (SELECT 1 FROM versions WHERE added_in > :n OR removed_in > :n) OR "
            "EXISTS (SELECT 1 FROM holds WHERE added_in > :n OR removed_in > :n) AS it",
            {"n": published},
        ).fetchone()
        return bool(row["it"])


def read_history(db: Connection, article_id: str, number: int) -> ArticleHistory:
    """Return what a generation knows of an id; `removed` only says when it last was."""
    hold = next((one for one in read_holds(db, number) if one.id == article_id), None)
    row = db.execute(
        "SELECT max(day) AS day FROM removals WHERE id = ? AND added_in <= ?",
        (_name(article_id), number),
    ).fetchone()
    removed = date.fromisoformat(row["day"]) if row["day"] else None
    return ArticleHistory(read_versions(db, article_id, number), hold, removed)


def held_ids(db: Connection, number: int) -> frozenset[str]:
    """Return the ids of the articles that a generation keeps out of the answers."""
    return frozenset(one.id for one in read_holds(db, number))


def read_holds(db: Connection, number: int, *, past: bool = False) -> list[Hold]:
    """Return the holds of a generation in their order; with `past` those that were released too."""
    where = "h.added_in <= :n" if past else live("h")
    rows = db.execute(f"SELECT * FROM holds h WHERE {where} ORDER BY key", {"n": number})
    return [_hold(row) for row in rows]


def _hold(row: Row) -> Hold:
    return Hold(
        row["id"], row["why"], row["held_by"], row["held_at"], row["released_by"],
        row["released_at"],
    )  # fmt: skip


def _name(article_id: str) -> bytes:
    """Return what a removed id is remembered by: not the id, which may tell what it was."""
    return hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).digest()
