"""What is known of the sources that are followed, and of their hosts.

What was fetched is kept, in one transaction with the validators that keep it from being fetched
again, until the publication that holds it is done. So a process may end at any moment.
"""

from collections.abc import Iterable
from pathlib import Path

from corpus.closable import Closable
from service.following.database import Database
from service.following.items import Items
from service.following.rows import Followed, Validator
from service.following.source import Source

__all__ = ["State"]


class State(Closable):
    """The state of all sources of the index directory `root`; threads may share it.

    To be closed, or used with `with`.

    Raises:
        IndexStateError: its file cannot be opened.
    """

    def __init__(self, root: Path) -> None:
        self._db = Database(root)
        self.items = Items(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def enlist(self, sources: Iterable[Source], every_s: float | None) -> None:
        """Note which sources are followed, and how often."""
        rows = [(one.key, one.label, one.every_s or every_s) for one in sources]
        with self._db.writing() as db:
            db.executemany(
                "INSERT INTO sources (key, name, every_s) VALUES (?, ?, ?) ON CONFLICT (key) "
                "DO UPDATE SET name = excluded.name, every_s = excluded.every_s",
                rows,
            )

    def forget(self, keys: Iterable[str]) -> None:
        """Forget sources; their articles stay in the archive."""
        with self._db.writing() as db:
            for key in keys:
                db.execute("DELETE FROM sources WHERE key = ?", (key,))
                for table in ("validators", "items", "waiting", "arrivals"):
                    db.execute(f"DELETE FROM {table} WHERE source = ?", (key,))  # noqa: S608

    def followed(self) -> list[Followed]:
        """Return what is known of all sources."""
        return [
            Followed.of(row) for row in self._db.rows("SELECT * FROM sources ORDER BY name, key")
        ]

    def find(self, key: str) -> Followed | None:
        """Return what is known of a source."""
        rows = self._db.rows("SELECT * FROM sources WHERE key = ?", (key,))
        return Followed.of(rows[0]) if rows else None

    def validator(self, source: str, place: str) -> Validator:
        """Return what is known of the version of an address or file that was last read."""
        rows = self._db.rows(
            "SELECT etag, modified, digest FROM validators WHERE source = ? AND place = ?",
            (source, place),
        )
        return Validator(**rows[0]) if rows else Validator()

    def places(self, source: str) -> dict[str, str]:
        """Return the digests of all that was read of a source."""
        rows = self._db.rows("SELECT place, digest FROM validators WHERE source = ?", (source,))
        return {row["place"]: row["digest"] or "" for row in rows}

    def begin_look(self, key: str, now: float, next_at: float) -> None:
        """Note that a source is about to be asked, so that nobody else does so at once."""
        with self._db.writing() as db:
            db.execute(
                "UPDATE sources SET before_at = asked_at, asked_at = ?, next_at = ? WHERE key = ?",
                (now, next_at, key),
            )

    def end_look(self, key: str, now: float, next_at: float, moved_to: str | None = None) -> None:
        """Note that a look succeeded, and where the source has moved for good."""
        with self._db.writing() as db:
            db.execute(
                "UPDATE sources SET looked_at = ?, next_at = ?, n_failures = 0, trouble = NULL, "
                "moved_to = coalesce(?, moved_to) WHERE key = ?",
                (now, next_at, moved_to, key),
            )

    def fail_look(self, key: str, why: str, next_at: float, *, is_ended: bool = False) -> None:
        """Note why a look failed, and when to try again; one that is over is not."""
        with self._db.writing() as db:
            db.execute(
                "UPDATE sources SET n_failures = n_failures + 1, trouble = ?, next_at = ?, "
                "is_ended = ? WHERE key = ?",
                (why, next_at, is_ended, key),
            )

    def postpone(self, key: str, next_at: float) -> None:
        """Look at a source later; that is no failure of its own."""
        with self._db.writing() as db:
            db.execute("UPDATE sources SET next_at = ? WHERE key = ?", (next_at, key))

    def host(self, origin: str) -> tuple[float, str | None, float]:
        """Return until when a host is left alone, its robots.txt, and until when that is good."""
        rows = self._db.rows("SELECT * FROM hosts WHERE origin = ?", (origin,))
        if not rows:
            return 0.0, None, 0.0
        return rows[0]["not_before"], rows[0]["robots"], rows[0]["robots_until"]

    def leave_alone(self, origin: str, until: float) -> None:
        """Note that a host is not to be asked for a while."""
        with self._db.writing() as db:
            db.execute(
                "INSERT INTO hosts (origin, not_before) VALUES (?, ?) ON CONFLICT (origin) "
                "DO UPDATE SET not_before = max(not_before, excluded.not_before)",
                (origin, until),
            )

    def keep_robots(self, origin: str, text: str, until: float) -> None:
        """Keep the robots.txt of a host."""
        with self._db.writing() as db:
            db.execute(
                "INSERT INTO hosts (origin, robots, robots_until) VALUES (?, ?, ?) ON CONFLICT "
                "(origin) DO UPDATE SET robots = excluded.robots, "
                "robots_until = excluded.robots_until",
                (origin, text, until),
            )
