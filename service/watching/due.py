"""Which watches are to be asked, and what came of asking them."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from index.search.standing import Places, Standing
from service.watching.database import WatchDatabase
from service.watching.entries import NewEntry, keep_entry
from service.watching.rows import WATCH, matched, read_watch, utc_text
from service.watching.watch import Change, Outcome, Watch

__all__ = ["Asked", "DueWatch", "DueWatches", "KeptSearch"]

# `+`: found by the index of what is due, in its order.
_MINE = "(+owner IS NULL OR +owner IN (SELECT value FROM json_each(:owners)))"


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """What is kept of the search of a watch; `turn` tells whether it was asked since."""

    id: str
    turn: int
    snapshot: int | None
    standing: Standing | None
    places: Places | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A watch that was looked up or asked: of which snapshot, with what outcome.

    `facts` name all that the answer follows from; the next look compares them. Without a
    `standing` every publication touches the watch.
    """

    snapshot: int
    outcome: Outcome
    facts: str | None
    standing: Standing | None
    places: Places | None
    change: Change | None = None
    before: Outcome | None = None


@dataclass(frozen=True, slots=True)
class DueWatch:
    """A watch to be asked for the `turn`-th time; its answer followed from `facts` last time."""

    watch: Watch
    turn: int
    facts: str | None


@dataclass(frozen=True, slots=True)
class DueWatches:
    """The watches in a database that are to be asked.

    The newest `most_entries` entries are kept. `sends_all` says that each entry is also sent to an
    address that is no watch's own.
    """

    database: WatchDatabase
    most_entries: int
    sends_all: bool = False

    def matched(self) -> int | None:
        """Return the number of the last snapshot whose publication was held against the watches."""
        if not self.database.exists:
            return None
        with self.database.open() as db:
            return matched(db)[0]

    def searches(self) -> Iterator[KeptSearch]:
        """Yield what is kept of each search, of those that are not due already."""
        with self.database.open() as db:
            rows = db.execute(
                "SELECT id, turn, snapshot, standing, places FROM watches WHERE NOT due"
            ).fetchall()
        for row in rows:
            raw = row["standing"]
            standing = Standing.read_bytes(raw) if raw else None
            places = Places.read(row["places"]) if raw else None
            yield KeptSearch(row["id"], row["turn"], row["snapshot"], standing, places)

    def mark(
        self,
        number: int,
        now: datetime,
        searches: Collection[KeptSearch],
        touched: Collection[str],
    ) -> None:
        """Note that the publication of snapshot `number` touches some watches, and not others.

        `searches` are all that were looked at, those that are not touched with their new places.
        """
        with self.database.open() as db:
            db.executemany(
                "UPDATE watches SET due = 1 WHERE id = ?", [(watch_id,) for watch_id in touched]
            )
            db.executemany(
                "UPDATE watches SET places = ? WHERE id = ? AND turn = ?",
                [
                    (one.places.to_bytes(), one.id, one.turn)
                    for one in searches
                    if one.places and one.id not in touched
                ],
            )
            turns = {one.id: one.turn for one in searches}
            rows = db.execute("SELECT id, turn, snapshot FROM watches WHERE NOT due").fetchall()
            # Asked meanwhile, of a snapshot before this one.
            late = [
                (row["id"],)
                for row in rows
                if turns.get(row["id"]) != row["turn"] and (row["snapshot"] or 0) < number
            ]
            db.executemany("UPDATE watches SET due = 1 WHERE id = ?", late)
            db.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                [("matched", str(number)), ("matched_at", utc_text(now))],
            )

    def mark_old(self, before: datetime) -> None:
        """Have those looked up again whose last look was before a time."""
        with self.database.open() as db:
            db.execute(
                "UPDATE watches SET due = 1 WHERE NOT due AND asked < ?", (utc_text(before),)
            )

    def next_due(self, owners: Collection[str]) -> DueWatch | None:
        """Return the watch to be asked next.

        Only those without an owner or with one of `owners`; those that were never asked come first,
        then those that were not for the longest time.
        """
        with self.database.open() as db:
            row = db.execute(
                f"{WATCH} WHERE due AND {_MINE} ORDER BY asked, number LIMIT 1",
                {"owners": json.dumps(list(owners))},
            ).fetchone()
            if row is None:
                return None
            return DueWatch(read_watch(row, *matched(db)), row["turn"], row["facts"])

    def save(self, due: DueWatch, asked: Asked, now: datetime) -> bool:
        """Keep what a watch led to, with an entry if that changed; all of it or nothing.

        Returns whether it was kept: not if the watch is gone, or was asked meanwhile.
        """
        watch, at = due.watch, utc_text(now)
        with self.database.open() as db:
            found = db.execute(
                "UPDATE watches SET turn = turn + 1, due = coalesce(:matched > :snapshot, 0), "
                "asked = :now, snapshot = :snapshot, outcome = :outcome, facts = :facts, "
                "standing = :standing, places = :places, trouble = NULL "
                "WHERE id = :id AND turn = :turn",
                {
                    "id": watch.id,
                    "turn": due.turn,
                    "now": at,
                    "matched": matched(db)[0],
                    "snapshot": asked.snapshot,
                    "outcome": asked.outcome.model_dump_json(),
                    "facts": asked.facts,
                    "standing": asked.standing.to_bytes() if asked.standing else None,
                    "places": asked.places.to_bytes() if asked.places else None,
                },
            ).rowcount
            if found and asked.change and asked.before:
                entry = NewEntry(
                    watch.id, due.turn, asked.snapshot, at, asked.change, asked.before,
                    asked.outcome,
                )  # fmt: skip
                own = ("watch",) if watch.webhook else ()
                keep_entry(db, entry, (*own, "all") if self.sends_all else own, self.most_entries)
        return bool(found)

    def give_up(self, due: DueWatch, trouble: str, now: datetime) -> None:
        """Note why a watch could not be asked; the next publication touches it again."""
        with self.database.open() as db:
            db.execute(
                "UPDATE watches SET turn = turn + 1, due = 0, standing = NULL, places = NULL, "
                "facts = NULL, trouble = ?, asked = ? WHERE id = ? AND turn = ?",
                (trouble, utc_text(now), due.watch.id, due.turn),
            )
