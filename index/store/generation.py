"""What one generation of archive.db holds, told without reading the texts."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.dates import last_day
from index.search.history import Hold
from index.store.history import read_holds
from index.store.portable import Fingerprint, WholeArticle, read_whole
from index.store.rows import LIVE
from index.store.sqlite import Connection

__all__ = ["ArchiveFacts", "Contents", "count_languages"]

_REGION = re.compile(r"[-_.]")

# Articles read at once, each with its passages and vectors.
_BATCH = 100


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """What is told of an archive; `newest` are keys of articles, those published last first.

    `sources` come in the order in which each first came in; days are ISO 8601. `last_key` is the
    largest key of an article, 0 without any.
    """

    sources: tuple[str, ...]
    first_day: str | None
    last_day: str | None
    newest: tuple[int, ...]
    last_key: int


@dataclass(frozen=True, slots=True)
class Contents:
    """Generation `number` of an archive.db."""

    db: Connection
    number: int

    def keys(self) -> list[int]:
        """Return the keys of all articles, in order."""
        rows = self.db.execute(f"SELECT a.key FROM articles a WHERE {LIVE} ORDER BY a.key", self._n)
        return [row["key"] for row in rows]

    def hashes(self, first: int, last: int) -> dict[int, bytes]:
        """Return the hash of each article whose key is in [first, last]."""
        rows = self.db.execute(
            f"SELECT a.key, a.hash FROM articles a WHERE a.key BETWEEN :first AND :last AND {LIVE}",
            {**self._n, "first": first, "last": last},
        )
        return {row["key"]: row["hash"] for row in rows}

    def articles(self, keys: Sequence[int]) -> Iterator[list[WholeArticle]]:
        """Yield the articles with these keys whole, some at a time.

        Raises:
            IndexStateError: one has a passage without a vector.
        """
        for first in range(0, len(keys), _BATCH):
            yield list(read_whole(self.db, keys[first : first + _BATCH]))

    def fingerprint(self) -> Fingerprint:
        """Return what tells this generation from any other archive."""
        rows = self.db.execute(f"SELECT a.key, a.hash FROM articles a WHERE {LIVE}", self._n)
        n_passages = self.db.execute(
            f"SELECT count(*) FROM passages p JOIN articles a ON a.key = p.article WHERE {LIVE}",
            self._n,
        ).fetchone()[0]
        return Fingerprint.of(((row["key"], row["hash"]) for row in rows), n_passages)

    def facts(self, n_newest: int) -> ArchiveFacts:
        """Return what is told of the archive, with `n_newest` of its newest articles."""
        sources = self.db.execute(
            f"SELECT a.source FROM articles a WHERE {LIVE} AND a.source <> '' "
            "GROUP BY a.source ORDER BY min(a.key)",
            self._n,
        )
        span = self.db.execute(
            "SELECT min(substr(a.published, 1, 10)), max(substr(a.published, 1, 10)), max(a.key) "
            f"FROM articles a WHERE {LIVE}",
            self._n,
        ).fetchone()
        newest = self.db.execute(
            f"SELECT a.key FROM articles a WHERE {LIVE} "
            "ORDER BY substr(a.published, 1, 10) DESC, a.key LIMIT :most",
            {**self._n, "most": n_newest},
        )
        return ArchiveFacts(
            tuple(row[0] for row in sources),
            _day(span[0]),
            _day(span[1]),
            tuple(row[0] for row in newest),
            span[2] or 0,
        )

    def holds(self) -> list[Hold]:
        """Return the holds on articles that last."""
        return read_holds(self.db, self.number)

    def languages(self) -> dict[str, int]:
        """Return how many articles are in each language; see `count_languages`."""
        rows = self.db.execute(
            f"SELECT a.language, count(*) FROM articles a WHERE {LIVE} GROUP BY a.language", self._n
        )
        return count_languages((row[0], row[1]) for row in rows)

    @property
    def _n(self) -> dict[str, int]:
        return {"n": self.number}


def _day(published: str | None) -> str | None:
    return last_day(published).isoformat() if published else None


def count_languages(stated: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    """Return how many articles are in each language, the commonest first; "" when unknown.

    >>> count_languages([("en-GB", 2), ("en", 1), (None, 1)])
    {'en': 3, '': 1}
    """
    counts: Counter[str] = Counter()
    for code, n in stated:
        counts[_REGION.split(code or "", maxsplit=1)[0].lower()] += n
    return dict(counts.most_common())
