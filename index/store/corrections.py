"""Brings the articles of an archive to have their corrections noted."""

import json
from collections.abc import Sequence

from corpus.corrections.finding import find_corrections
from index.store.sqlite import Connection

__all__ = ["note_corrections"]


def note_corrections(db: Connection, columns: Sequence[str]) -> None:
    """Note the notices in all texts of an archive that has no field for them.

    `columns` are those that the table of articles has: a run that was killed may have added it.
    The caller commits. Their passages stay as they were split; what they hold of a notice is
    passed over when they are read.
    """
    if "corrections" not in columns:
        db.execute("ALTER TABLE articles ADD COLUMN corrections TEXT")
    missing = db.execute("SELECT key FROM articles WHERE corrections IS NULL").fetchall()
    # One by one: all texts together may be more than the memory holds.
    for (key,) in missing:
        row = db.execute("SELECT text, published FROM articles WHERE key = ?", (key,)).fetchone()
        found = find_corrections(row["text"], row["published"])
        noted = json.dumps([one.as_row() for one in found], ensure_ascii=False)
        db.execute("UPDATE articles SET corrections = ? WHERE key = ?", (noted, key))
