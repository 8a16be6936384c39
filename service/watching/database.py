"""watches.db in an index directory: watched questions, their entries, and webhooks to be sent."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexStateError
from index.store.sqlite import Connection, Error, open_private
from service.watching.schema import SCHEMA

__all__ = ["WatchDatabase"]

_BUSY_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class WatchDatabase:
    """The database in the index directory `folder`; made when it is first written to.

    What people watch is their own business, and secrets of webhooks are in it: only the owner of
    the file can read it.
    """

    folder: Path

    @property
    def exists(self) -> bool:
        """Whether anything was ever watched."""
        return self._path.exists()

    @contextmanager
    def open(self) -> Iterator[Connection]:
        """Give a connection; what is done with it is one transaction, or nothing is.

        Raises:
            IndexStateError: the database cannot be used.
        """
        try:
            with closing(open_private(self._path, _BUSY_TIMEOUT_S)) as db:
                db.execute("PRAGMA foreign_keys = ON")
                # Quotes of what was removed must be gone from the file's bytes too.
                db.execute("PRAGMA secure_delete = ON")
                if not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                    db.executescript(SCHEMA)
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.commit()
        except (OSError, Error) as error:
            raise IndexStateError(
                f"{self._path} cannot be used, so no question is watched: {error}."
            ) from error

    @property
    def _path(self) -> Path:
        return self.folder / "watches.db"
