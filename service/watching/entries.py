"""The changed answers of watched questions."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from index.store.sqlite import Connection, Row
from service.watching.database import WatchDatabase
from service.watching.redacting import cited_articles, without_removed
from service.watching.watch import Change, Entry, Outcome, entry_id

__all__ = ["ENTRY", "Entries", "NewEntry", "keep_entry", "read_entry"]

ENTRY = (
    "SELECT e.number, e.id, e.watch, w.name, w.question, e.snapshot, e.at, e.change, e.before, "
    "e.after FROM entries e JOIN watches w ON w.id = e.watch"
)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be kept, for the `turn`-th time that its watch was asked; see `Entry`."""

    watch: str
    turn: int
    snapshot: int
    at: str
    change: Change
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries in a database of watches."""

    database: WatchDatabase

    def list(
        self,
        *,
        owner: str | None = None,
        watch: str | None = None,
        after: int = 0,
        most: int = -1,
        newest_first: bool = False,
    ) -> list[Entry]:
        """Return entries with a number above `after`, of one key or all, of one watch or all."""
        if not self.database.exists:
            return []
        order = "DESC" if newest_first else "ASC"
        with self.database.open() as db:
            rows = db.execute(
                f"{ENTRY} WHERE e.number > :after AND (:owner IS NULL OR w.owner = :owner) "
                f"AND (:watch IS NULL OR w.id = :watch) ORDER BY e.number {order} LIMIT :most",
                {"owner": owner, "watch": watch, "after": after, "most": most},
            ).fetchall()
        return [read_entry(row) for row in rows]

    def forget_removed(self, is_removed: Callable[[str], bool]) -> None:
        """Take the words of articles that were removed, by id, out of all entries."""
        with self.database.open() as db:
            articles = [row[0] for row in db.execute("SELECT DISTINCT article FROM quoted")]
            gone = {article for article in articles if is_removed(article)}
            for article in gone:
                numbers = db.execute("SELECT entry FROM quoted WHERE article = ?", (article,))
                for row in numbers.fetchall():
                    _redact(db, row["entry"], gone)
                db.execute("DELETE FROM quoted WHERE article = ?", (article,))


def keep_entry(db: Connection, entry: NewEntry, targets: Collection[str], most: int) -> None:
    """Keep an entry, to be sent to `targets`, and the newest `most` in all. The caller commits."""
    number = db.execute(
        "INSERT INTO entries (id, watch, snapshot, at, change, before, after) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            entry_id(entry.watch, entry.turn),
            entry.watch,
            entry.snapshot,
            entry.at,
            entry.change,
            entry.before.model_dump_json(),
            entry.after.model_dump_json(),
        ),
    ).lastrowid
    articles = cited_articles(entry.before) | cited_articles(entry.after)
    db.executemany("INSERT INTO quoted VALUES (?, ?)", [(one, number) for one in articles])
    db.executemany(
        "INSERT INTO deliveries (entry, target) VALUES (?, ?)", [(number, one) for one in targets]
    )
    db.execute("DELETE FROM entries WHERE number <= ? - ?", (number, most))


def read_entry(row: Row) -> Entry:
    """Return the entry in a row that has the columns of `ENTRY`."""
    return Entry(
        number=row["number"],
        id=row["id"],
        watch=row["watch"],
        name=row["name"],
        question=row["question"],
        snapshot=row["snapshot"],
        at=row["at"],
        change=row["change"],
        before=Outcome.model_validate_json(row["before"]),
        after=Outcome.model_validate_json(row["after"]),
    )


def _redact(db: Connection, number: int, gone: set[str]) -> None:
    row = db.execute("SELECT before, after FROM entries WHERE number = ?", (number,)).fetchone()
    before, after = (
        without_removed(Outcome.model_validate_json(row[name]), gone.__contains__)
        for name in ("before", "after")
    )
    db.execute(
        "UPDATE entries SET before = ?, after = ? WHERE number = ?",
        (before.model_dump_json(), after.model_dump_json(), number),
    )
