"""The file `following.db`, shared by threads and safe against a process that ends at any moment."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from corpus.errors import IndexStateError
from index.store.sqlite import Connection, DatabaseError, Error, Row, open_private

__all__ = ["FILE_NAME", "Database"]

FILE_NAME = "following.db"
_BUSY_S = 30.0


class Database:
    """One connection to `following.db` in the index directory `root`; to be closed.

    Raises:
        IndexStateError: it cannot be opened.
    """

    def __init__(self, root: Path) -> None:
        self._lock = threading.RLock()
        self._path = root / FILE_NAME
        try:
            root.mkdir(parents=True, exist_ok=True)
            # Addresses may hold passwords.
            self._db: Connection = open_private(self._path, _BUSY_S)
            self._db.execute("PRAGMA journal_mode = WAL")
            # A process that is killed loses nothing; after a power cut some may be fetched again.
            self._db.execute("PRAGMA synchronous = NORMAL")
            # What is removed from the archive must not stay here.
            self._db.execute("PRAGMA secure_delete = ON")
            self._db.executescript(
                files("service.following").joinpath("schema.sql").read_text(encoding="utf-8")
            )
        except (OSError, DatabaseError) as error:
            raise IndexStateError(f"{root / FILE_NAME} cannot be opened: {error}.") from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows of a query."""
        with self._lock, self._told():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction: all that is done in it is kept, or nothing."""
        with self._lock, self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.rollback()
                raise
            self._db.commit()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Raise what SQLite raises (a full disk, a damaged file) as an error of ours.

        Raises:
            IndexStateError: the file cannot be read or written.
        """
        try:
            yield
        except Error as error:
            raise IndexStateError(f"{self._path} cannot be used: {error}.") from error
