"""The items of sources: what is published of them, and what waits to be."""

import zlib
from collections.abc import Iterable, Mapping, Sequence

from index.store.sqlite import Connection, Row
from service.following.database import Database
from service.following.rows import (
    Listed,
    Rhythm,
    Step,
    Validator,
    Waiting,
    pack_article,
    unpack_article,
)

__all__ = ["Items"]

# Arrivals that are remembered of each source, and how long items are that it lists no more.
_MAX_ARRIVALS = 300
_KEEP_UNLISTED_S = 180 * 86400


class Items:
    """Keeps what was fetched until it is published, and what was published of each source."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(
        self,
        key: str,
        listed: Sequence[Listed],
        validators: Mapping[str, Validator],
        now: float,
        *,
        cursor: str | None = None,
        whole_place: str | None = None,
    ) -> int:
        """Keep what is new of `listed` until it is published; return how many items that is.

        All of the file `whole_place` is listed: what else was there is to be removed.
        """
        with self._db.writing() as db:
            n_new = sum(_keep_item(db, key, one, now) for one in listed)
            if whole_place is not None:
                n_new += _remove_others(db, key, whole_place, {one.name for one in listed})
            db.executemany(
                "INSERT OR REPLACE INTO validators VALUES (?, ?, ?, ?, ?)",
                [
                    (key, place, one.etag, one.modified, one.digest)
                    for place, one in validators.items()
                ],
            )
            if cursor is not None:
                db.execute("UPDATE sources SET cursor = ? WHERE key = ?", (cursor, key))
            if n_new:
                _note_rhythm(db, key, now)
                _forget_unlisted(db, key)
            return n_new

    def drop_place(self, key: str, place: str) -> None:
        """Forget a file that is gone, and have what was in it removed."""
        with self._db.writing() as db:
            _remove_others(db, key, place, set())
            db.execute("DELETE FROM validators WHERE source = ? AND place = ?", (key, place))

    def waiting(self, step: Step, limit: int, now: float, source: str = "") -> list[Waiting]:
        """Return at most `limit` items that wait for a step, those that came first.

        Only those of `source`, if it is given, and that may be tried at `now`.
        """
        rows = self._db.rows(
            "SELECT * FROM waiting WHERE step = ? AND (? = '' OR source = ?) AND next_at <= ? "
            "ORDER BY number LIMIT ?",
            (step, source, source, now, limit),
        )
        return [_waiting(row) for row in rows]

    def n_waiting(self, *steps: Step) -> int:
        """Return how many items wait for one of the steps."""
        marks = ", ".join("?" * len(steps))
        sql = f"SELECT count(*) AS n FROM waiting WHERE step IN ({marks})"  # noqa: S608
        return int(self._db.rows(sql, steps)[0]["n"])

    def sources_waiting(self, step: Step, now: float) -> set[str]:
        """Return the sources of which something waits for a step, and may be tried at `now`."""
        sql = "SELECT DISTINCT source FROM waiting WHERE step = ? AND next_at <= ?"
        return {row["source"] for row in self._db.rows(sql, (step, now))}

    def fetched(self, item: Waiting, raw: bytes, url: str, robots: str | None) -> None:
        """Keep a page that was fetched until it is read."""
        with self._db.writing() as db:
            db.execute(
                "UPDATE waiting SET step = 'raw', raw = ?, url = ?, robots = ? WHERE number = ?",
                (zlib.compress(raw), url, robots, item.number),
            )

    def retry(self, item: Waiting, next_at: float, *, counts: bool = True) -> None:
        """Try a page again later."""
        with self._db.writing() as db:
            db.execute(
                "UPDATE waiting SET n_tries = n_tries + ?, next_at = ? WHERE number = ?",
                (int(counts), next_at, item.number),
            )

    def read(self, item: Waiting, listed: Sequence[Listed], now: float) -> None:
        """Put the articles of a page in its place; without one the item is done."""
        with self._db.writing() as db:
            db.execute("DELETE FROM waiting WHERE number = ?", (item.number,))
            if not listed:
                _note_item(db, item, None, now)
            for one in listed:
                _wait(db, item.source, one)

    def published(self, items: Iterable[Waiting], now: float) -> None:
        """Note that what waited to be added or removed is published."""
        with self._db.writing() as db:
            for item in items:
                db.execute("DELETE FROM waiting WHERE number = ?", (item.number,))
                if item.step == "remove":
                    sql = "DELETE FROM items WHERE source = ? AND place = ? AND name = ?"
                    db.execute(sql, (item.source, item.place, item.name))
                elif item.article:
                    _note_item(db, item, item.article.id, now)

    def article_to_remove(self, item: Waiting) -> str | None:
        """Return the id of the article of an item that is gone; None if another item has it."""
        own = (item.source, item.place, item.name)
        rows = self._db.rows(
            "SELECT article FROM items WHERE source = ? AND place = ? AND name = ?", own
        )
        article = rows[0]["article"] if rows else None
        if article is None:
            return None
        others = self._db.rows(
            "SELECT 1 FROM items WHERE article = ? AND NOT (source = ? AND place = ? AND name = ?) "
            "AND NOT EXISTS (SELECT 1 FROM waiting WHERE step = 'remove' AND "
            "waiting.source = items.source AND waiting.place = items.place "
            "AND waiting.name = items.name) "
            "UNION ALL SELECT 1 FROM waiting WHERE name = ? AND step = 'add' LIMIT 1",
            (article, *own, article),
        )
        return None if others else str(article)


def _keep_item(db: Connection, key: str, one: Listed, now: float) -> bool:
    """Have an item wait if it is new or has changed, and return whether it is."""
    own = (key, one.place, one.name)
    where = "WHERE source = ? AND place = ? AND name = ?"
    waits = db.execute(f"SELECT digest, step FROM waiting {where}", own).fetchone()  # noqa: S608
    known = db.execute(f"SELECT digest FROM items {where}", own).fetchone()  # noqa: S608
    if known:
        db.execute(f"UPDATE items SET listed_at = ? {where}", (now, *own))  # noqa: S608
    if waits and waits["step"] == "remove":
        # It was gone for a moment only.
        db.execute(f"DELETE FROM waiting {where}", own)  # noqa: S608
        waits = None
    last = waits or known
    if last and last["digest"] == one.digest:
        return False
    if not last:
        _note_arrival(db, key, min(one.at or now, now))
    _wait(db, key, one)
    return True


def _note_arrival(db: Connection, key: str, at: float) -> None:
    db.execute("INSERT INTO arrivals VALUES (?, ?)", (key, at))
    db.execute(
        "DELETE FROM arrivals WHERE source = ? AND at < (SELECT at FROM arrivals WHERE "
        "source = ? ORDER BY at DESC LIMIT 1 OFFSET ?)",
        (key, key, _MAX_ARRIVALS - 1),
    )


def _note_rhythm(db: Connection, key: str, now: float) -> None:
    rows = db.execute("SELECT at FROM arrivals WHERE source = ? ORDER BY at", (key,)).fetchall()
    arrivals = [row["at"] for row in rows]
    rhythm = Rhythm.of(arrivals)
    db.execute(
        "UPDATE sources SET gave_at = ?, newest_at = ?, usual_s = ?, longest_s = ? WHERE key = ?",
        (now, arrivals[-1] if arrivals else None, rhythm.usual_s, rhythm.longest_s, key),
    )


def _forget_unlisted(db: Connection, key: str) -> None:
    # Against the last listing, not the clock: what never changes is not listed again.
    db.execute(
        "DELETE FROM items WHERE source = ? AND place = '' AND listed_at < "
        "(SELECT max(listed_at) FROM items WHERE source = ?) - ?",
        (key, key, _KEEP_UNLISTED_S),
    )


def _wait(db: Connection, key: str, one: Listed) -> None:
    step: Step = "page" if one.url else "add"
    packed = pack_article(one.article) if one.article else None
    db.execute(
        "INSERT OR REPLACE INTO waiting (source, name, step, digest, place, url, article) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, one.name, step, one.digest, one.place, one.url, packed),
    )


def _remove_others(db: Connection, key: str, place: str, names: set[str]) -> int:
    """Have what is published of a file, and is not among `names`, removed."""
    rows = db.execute(
        "SELECT name, digest FROM items WHERE source = ? AND place = ? UNION "
        "SELECT name, digest FROM waiting WHERE source = ? AND place = ?",
        (key, place, key, place),
    ).fetchall()
    gone = {row["name"]: row["digest"] for row in rows if row["name"] not in names}
    db.executemany(
        "INSERT OR REPLACE INTO waiting (source, name, step, digest, place) "
        "VALUES (?, ?, 'remove', ?, ?)",
        [(key, name, digest, place) for name, digest in gone.items()],
    )
    return len(gone)


def _note_item(db: Connection, item: Waiting, article: str | None, now: float) -> None:
    db.execute(
        "INSERT OR REPLACE INTO items (source, place, name, digest, article, listed_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (item.source, item.place, item.name, item.digest, article, now),
    )


def _waiting(row: Row) -> Waiting:
    return Waiting(
        number=row["number"],
        source=row["source"],
        name=row["name"],
        step=row["step"],
        digest=row["digest"],
        place=row["place"],
        url=row["url"],
        article=unpack_article(row["article"]) if row["article"] else None,
        raw=zlib.decompress(row["raw"]) if row["raw"] else None,
        robots=row["robots"],
        n_tries=row["n_tries"],
    )
