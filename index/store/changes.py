"""What was published between two snapshots, by the keys of the articles."""

from dataclasses import dataclass

from index.store.rows import LIVE
from index.store.sqlite import Connection

__all__ = ["Changes", "changes_since", "is_unfinished", "note_removed"]

# Publications whose removals are remembered.
_MAX_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of the articles that came and went; one that was replaced went, and came with a new key.

    What came and went again between the two snapshots is only among the `removed`. An article that
    was put on hold went, and one that was released came, under the key that it has.
    """

    added: tuple[int, ...]
    removed: tuple[int, ...]


def note_removed(db: Connection, published: int) -> None:
    """Remember the keys of the articles whose rows are about to be deleted."""
    db.execute(
        "INSERT OR IGNORE INTO removed_keys "
        "SELECT key, removed_in FROM articles WHERE removed_in <= ?",
        (published,),
    )
    # Without a note, removals are known from here on.
    db.execute("INSERT OR IGNORE INTO meta VALUES ('removed_keys_since', ?)", (str(published - 1),))
    oldest = published - _MAX_REMEMBERED
    if oldest > 0:
        db.execute("DELETE FROM removed_keys WHERE removed_in <= ?", (oldest,))
        db.execute(
            "UPDATE meta SET value = ? WHERE name = 'removed_keys_since' AND "
            "CAST(value AS INTEGER) < ?",
            (str(oldest), oldest),
        )


def is_unfinished(db: Connection, published: int) -> bool:
    """Whether a run ended between publishing and dropping what it removed."""
    row = db.execute(
        "SELECT EXISTS (SELECT 1 FROM articles WHERE removed_in <= :n) OR NOT EXISTS "
        "(SELECT 1 FROM meta WHERE name = 'published' AND CAST(value AS INTEGER) >= :n) AS it",
        {"n": published},
    ).fetchone()
    return published > 0 and bool(row["it"])


def changes_since(db: Connection, since: int, until: int) -> Changes | None:
    """Return what changed after snapshot `since` up to `until`; None when that is not known."""
    told = db.execute("SELECT value FROM meta WHERE name = 'removed_keys_since'").fetchone()
    if told is None or not int(told["value"]) <= since <= until:
        return None
    added = db.execute(
        f"SELECT a.key FROM articles a WHERE a.added_in > :since AND {LIVE} ORDER BY a.key",
        {"since": since, "n": until},
    )
    # Just after a publication the rows it removed are still there.
    removed = db.execute(
        "SELECT key FROM removed_keys WHERE removed_in > :since AND removed_in <= :n UNION "
        "SELECT key FROM articles WHERE removed_in > :since AND removed_in <= :n",
        {"since": since, "n": until},
    )
    held = _marked(db, "added_in", since, until)
    released = _marked(db, "removed_in", since, until)
    return Changes(
        tuple(sorted({row["key"] for row in added.fetchall()} | released)),
        tuple(sorted({row["key"] for row in removed.fetchall()} | held)),
    )


def _marked(db: Connection, mark: str, since: int, until: int) -> set[int]:
    """Return the keys of the articles that were put on hold, or released."""
    rows = db.execute(
        "SELECT a.key FROM holds h JOIN articles a ON a.id = h.id "
        f"WHERE h.{mark} > :since AND h.{mark} <= :n AND {LIVE}",
        {"since": since, "n": until},
    )
    return {row["key"] for row in rows.fetchall()}
