"""What is known of each passage of a snapshot without reading it: day, story, outlet, embargo."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.dates import last_day
from index.search.embargoes import Embargoes
from index.search.query import Query
from index.store.generation import count_languages
from index.store.history import held_ids
from index.store.rows import LIVE
from index.store.sqlite import Connection

__all__ = ["Columns", "read_columns"]


@dataclass(frozen=True, slots=True)
class Columns:
    """One value per passage key from 0 up; `day` is an ordinal, 0 when unknown or no passage.

    `story` names the group of near-duplicates that the article belongs to. `silenced` are the
    passages of articles that were retracted or are on hold.
    """

    day: npt.NDArray[np.int32]
    story: npt.NDArray[np.int64]
    embargo: Embargoes
    silenced: npt.NDArray[np.int64]
    source: npt.NDArray[np.int32]
    sources: tuple[str, ...]
    languages: Mapping[str, int]
    n_passages: int

    def hidden(self, now: datetime, as_of: date | None = None) -> npt.NDArray[np.int64]:
        """Return the keys that no answer is made of now, or for who looks from a day."""
        return np.union1d(self.embargo.hidden(now, as_of), self.silenced)

    def allowed(self, query: Query, hidden: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_] | None:
        """Return which keys pass the query's filters and are not `hidden`, None when all do."""
        filters = query.filters
        last = min((day for day in (filters.published_to, query.as_of) if day), default=None)
        if not (filters.sources or filters.published_from or last or len(hidden)):
            return None
        allowed = np.ones(len(self.day), np.bool_)
        allowed[hidden] = False
        if filters.published_from or last:
            allowed &= self.day >= (filters.published_from or date.min).toordinal()
            allowed &= self.day <= (last or date.max).toordinal()
        if filters.sources:
            codes = [i for i, name in enumerate(self.sources) if name in filters.sources]
            allowed &= np.isin(self.source, codes)
        return allowed


def read_columns(db: Connection, number: int) -> Columns:
    """Return the columns of the passages of snapshot `number`."""
    rows = db.execute(
        "SELECT a.key, a.published, a.source, a.language, a.embargo, "
        "instr(a.corrections, '\"retraction\"') AS retracted, "
        "coalesce(s.story, a.key) AS story FROM articles a "
        f"LEFT JOIN signatures s ON s.article = a.key WHERE {LIVE}",
        {"n": number},
    ).fetchall()
    # First one value per article, then those of its article for each passage: there are many more.
    n_articles = max((row["key"] for row in rows), default=-1) + 1
    day, source = np.zeros(n_articles, np.int32), np.full(n_articles, -1, np.int32)
    story = np.zeros(n_articles, np.int64)
    names: dict[str, int] = {}
    ends: dict[int, str] = {}
    out = _held(db, number)
    for row in rows:
        if row["embargo"]:
            ends[row["key"]] = row["embargo"]
        if row["retracted"]:
            out.add(row["key"])
        story[row["key"]] = row["story"]
        if row["published"]:
            day[row["key"]] = last_day(row["published"]).toordinal()
        if row["source"]:
            source[row["key"]] = names.setdefault(row["source"], len(names))
    passages = db.cursor()
    passages.row_factory = None  # plain tuples take a third of the time
    passages.execute(
        "SELECT p.key, p.article FROM passages p JOIN articles a ON a.key = p.article "
        f"WHERE {LIVE}",
        {"n": number},
    )
    pairs = np.array(passages.fetchall(), np.int64).reshape(-1, 2)
    keys, articles = pairs[:, 0], pairs[:, 1]
    size = int(keys.max(initial=-1)) + 1

    def spread_out(values: npt.NDArray[Any], unknown: int) -> npt.NDArray[Any]:
        column = np.full(size, unknown, values.dtype)
        column[keys] = values[articles]
        return column

    embargo = Embargoes.of(ends, keys, articles)
    return Columns(
        spread_out(day, 0),
        spread_out(story, 0),
        embargo,
        keys[np.isin(articles, sorted(out))],
        spread_out(source, -1),
        tuple(names),
        count_languages((row["language"], 1) for row in rows),
        len(keys),
    )


def _held(db: Connection, number: int) -> set[int]:
    """Return the keys of the articles that are on hold."""
    live = f"SELECT a.key FROM articles a WHERE a.id = :id AND {LIVE}"
    found = (db.execute(live, {"id": one, "n": number}) for one in held_ids(db, number))
    return {row["key"] for rows in found for row in rows}
