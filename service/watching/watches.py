"""The watched questions of an index directory."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from corpus.errors import RequestError
from index.search.query import Filters
from service.watching.database import WatchDatabase
from service.watching.rows import WATCH, as_json, matched, read_watch, utc_text
from service.watching.watch import Watch

__all__ = ["NewWatch", "UnknownWatchError", "Watches"]

_ID_BYTES = 8
_SECRET_BYTES = 32


class UnknownWatchError(RequestError):
    """No watch has this id, or it is another's."""

    def __init__(self, watch_id: str) -> None:
        super().__init__(f"No watch has the id {watch_id[:100]!r}.")


@dataclass(frozen=True, slots=True)
class NewWatch:
    """A watch that was just made, and the secret of its webhook, which is told only now."""

    watch: Watch
    secret: str | None


@dataclass(frozen=True, slots=True)
class Watches:
    """The watches in a database, which takes `most`."""

    database: WatchDatabase
    most: int

    def add(
        self,
        question: str,
        filters: Filters,
        now: datetime,
        *,
        owner: str | None = None,
        name: str | None = None,
        webhook: str | None = None,
    ) -> NewWatch:
        """Watch a question from now on; it is due at once.

        Raises:
            RequestError: there are as many watches as there may be.
        """
        watch_id = secrets.token_hex(_ID_BYTES)
        secret = secrets.token_bytes(_SECRET_BYTES).hex() if webhook else None
        with self.database.open() as db:
            if db.execute("SELECT count(*) FROM watches").fetchone()[0] >= self.most:
                raise RequestError(
                    f"There are {self.most} watches, and no more are taken: remove some, or set "
                    "DATELINE_MAX_WATCHES."
                )
            values = (watch_id, owner, name, question, as_json(filters), webhook, secret)
            db.execute(
                "INSERT INTO watches (id, owner, name, question, filters, webhook, secret, created)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, utc_text(now)),
            )
            row = db.execute(f"{WATCH} WHERE id = ?", (watch_id,)).fetchone()
            return NewWatch(read_watch(row, *matched(db)), secret)

    def all(
        self, owner: str | None = None, *, after: int = 0, most: int = -1
    ) -> list[tuple[int, Watch]]:
        """Return watches with their numbers, oldest first: those of a key, or of all.

        Those that come `after` a number, at most `most`.
        """
        if not self.database.exists:
            return []
        with self.database.open() as db:
            rows = db.execute(
                f"{WATCH} WHERE number > :after "
                "AND (:owner IS NULL OR owner = :owner) ORDER BY number LIMIT :most",
                {"owner": owner, "after": after, "most": most},
            ).fetchall()
            last = matched(db)
        return [(row["number"], read_watch(row, *last)) for row in rows]

    def find(self, watch_id: str, owner: str | None = None) -> Watch:
        """Return a watch.

        Raises:
            UnknownWatchError: there is none, or it is another key's.
        """
        if self.database.exists:
            with self.database.open() as db:
                row = db.execute(
                    f"{WATCH} WHERE id = :id AND (:owner IS NULL OR owner = :owner)",
                    {"id": watch_id, "owner": owner},
                ).fetchone()
                if row:
                    return read_watch(row, *matched(db))
        raise UnknownWatchError(watch_id)

    def remove(self, watch_id: str, owner: str | None = None) -> Watch:
        """Forget a watch with its entries.

        Raises:
            UnknownWatchError: there is none, or it is another key's.
        """
        watch = self.find(watch_id, owner)
        with self.database.open() as db:
            db.execute("DELETE FROM watches WHERE id = ?", (watch_id,))
        return watch
