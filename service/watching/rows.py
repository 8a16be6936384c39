"""How watches look as rows of watches.db."""

import json
from datetime import UTC, date, datetime

from index.search.query import Filters
from index.store.sqlite import Connection, Row
from service.watching.watch import Outcome, Watch

__all__ = ["WATCH", "as_json", "matched", "read_watch", "utc_text"]

WATCH = "SELECT * FROM watches"


def utc_text(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def matched(db: Connection) -> tuple[int | None, str | None]:
    """Return number and time of the last publication that was held against the watches."""
    rows = db.execute("SELECT name, value FROM meta WHERE name IN ('matched', 'matched_at')")
    told = {row["name"]: row["value"] for row in rows.fetchall()}
    return (int(told["matched"]), told["matched_at"]) if "matched" in told else (None, None)


def read_watch(row: Row, last: int | None, last_at: str | None) -> Watch:
    """Return the watch in a row; `last` and `last_at` are those of `matched`."""
    checked, snapshot = row["asked"], row["snapshot"]
    # What a publication does not touch is as current as what was asked after it.
    if not row["due"] and not row["trouble"] and snapshot and (last or 0) >= snapshot:
        checked, snapshot = max(last_at or "", checked or "") or None, last
    return Watch(
        id=row["id"],
        owner=row["owner"],
        name=row["name"],
        question=row["question"],
        filters=_filters(row["filters"]),
        webhook=row["webhook"],
        created=row["created"],
        outcome=Outcome.model_validate_json(row["outcome"]) if row["outcome"] else None,
        checked=checked,
        snapshot=snapshot,
        is_due=bool(row["due"]),
        trouble=row["trouble"],
    )


def as_json(filters: Filters) -> str:
    """Return filters as they are stored."""
    days = (filters.published_from, filters.published_to)
    return json.dumps([filters.sources, *(day and day.isoformat() for day in days)])


def _filters(raw: str) -> Filters:
    sources, *days = json.loads(raw)
    first, last = (date.fromisoformat(day) if day else None for day in days)
    return Filters(tuple(sources), first, last)
