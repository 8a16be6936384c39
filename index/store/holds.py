"""The log of holds, for whoever looks at it."""

from contextlib import closing
from pathlib import Path

from index.search.history import Hold
from index.store.database import connect
from index.store.history import read_holds
from index.store.soundness import sound_database

__all__ = ["logged_holds"]


def logged_holds(path: Path) -> list[Hold]:
    """Return all holds that were published in an archive.db, past ones too, the oldest first.

    Raises:
        IndexStateError: it is missing, damaged or of another version.
    """
    with closing(connect(path, read_only=True)) as db, sound_database(path):
        row = db.execute("SELECT value FROM meta WHERE name = 'published'").fetchone()
        return read_holds(db, int(row["value"]) if row else 0, past=True)
