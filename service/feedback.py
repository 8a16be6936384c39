"""What people said about answers, in a small database beside the archive."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexStateError
from index.store.sqlite import Connection, Error, open_private

__all__ = ["FeedbackFile", "KeptFeedback"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    answer_id TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (answer_id, body)
)
"""
_BUSY_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class KeptFeedback:
    """One piece of feedback: its number, when it came (ISO 8601, UTC), and the JSON of it."""

    id: int
    at: str
    body: str


@dataclass(frozen=True, slots=True)
class FeedbackFile:
    """`feedback.db` in an index directory, which holds the newest `max_rows`.

    It is a file of its own, because archive.db has one writer and is replaced as a whole. What
    people ask is their own business: only the owner of the file can read it.
    """

    folder: Path
    max_rows: int

    def keep(self, answer_id: str, body: str) -> int:
        """Keep a piece of feedback, and return its number; the same one again is kept once.

        Raises:
            IndexStateError: it cannot be written.
        """
        with self._open() as db:
            row = db.execute(
                "INSERT INTO feedback (answer_id, body) VALUES (?, ?) "
                "ON CONFLICT DO UPDATE SET at = at RETURNING id",
                (answer_id, body),
            ).fetchone()
            db.execute(
                "DELETE FROM feedback WHERE id <= (SELECT max(id) FROM feedback) - ?",
                (self.max_rows,),
            )
            db.commit()
        return int(row[0])

    def all(self) -> list[KeptFeedback]:
        """Return what is kept, oldest first.

        Raises:
            IndexStateError: it cannot be read.
        """
        if not self._path.exists():
            return []
        with self._open() as db:
            rows = db.execute("SELECT id, at, body FROM feedback ORDER BY id").fetchall()
        return [KeptFeedback(*row) for row in rows]

    @property
    def _path(self) -> Path:
        return self.folder / "feedback.db"

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        try:
            with closing(open_private(self._path, _BUSY_TIMEOUT_S)) as db:
                db.execute(_SCHEMA)
                yield db
        except (OSError, Error) as error:
            raise IndexStateError(
                f"{self._path} cannot be used, so feedback is not kept: {error}."
            ) from error
