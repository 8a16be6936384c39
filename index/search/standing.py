"""What a search found, kept so that a later publication can be held against it without a search.

The passages that are read for a question are the best of a fused ranking. It is enough to keep
those, some behind them, and where each stands in either ranking: `index.search.touching` tells
from that whether a new passage would change which are read.
"""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from index.search.query import Filters
from index.search.retriever import Ranking, RetrievalSettings, fuse, limit_per_story

__all__ = ["Places", "Ranked", "Standing", "places_in", "ranked_by"]

Keys = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
# More in front of the last passage read are copies of a few stories; then none is kept.
_MAX_KEPT = 64
# Passages kept behind the last one read.
_BEHIND = 10
_HEAD_BYTES = 4
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Places:
    """Where passages are in the rankings by words and by meaning, from 0; -1: in none.

    Each is (2, n): the first and the last place that a passage can have. They differ where a newer
    one scores so nearly the same that it may be before or after. No other passage has a fused score
    above `rest`. `before` are the articles, by key, that came before some of them since.
    """

    lexical: npt.NDArray[np.int32]
    dense: npt.NDArray[np.int32]
    rest: float
    before: tuple[int, ...] = ()

    def to_bytes(self) -> bytes:
        """Return them as they are stored."""
        places = np.concatenate([self.lexical, self.dense]).astype("<i4")
        head = struct.pack("<di", self.rest, len(self.before))
        return head + np.array(self.before, "<i8").tobytes() + places.tobytes()

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Return what `to_bytes` made."""
        (rest, n), start = struct.unpack_from("<di", raw), struct.calcsize("<di")
        before = np.frombuffer(raw, "<i8", n, start)
        places = np.frombuffer(raw, "<i4", offset=start + before.nbytes)
        lexical, dense = places.reshape(2, 2, -1)
        return cls(lexical, dense, rest, tuple(before.tolist()))


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a search found: BM25 scores and cosines by passage, best first, and what is read."""

    lexical: Ranking
    dense: Ranking
    read: tuple[int, ...]
    is_full: bool
    """Whether as many were found as are read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What one search found. Rows are passages in fused order, before stories are spread.

    The first `n_front` rows are those up to the last one read; if `is_open`, any new passage may
    be read. `idf` are those of the `terms` then, `mean_length` that of passages. `articles` are the
    sorted keys of all articles in either ranking. Scores are nan where a ranking lacks the passage.
    `slack` is by how much of itself a BM25 score of a row differs at least from the next one in the
    ranking that is not the same: while the frequencies of words move by less, none of the rows
    change places.
    """

    filters: Filters
    terms: tuple[str, ...]
    idf: Floats
    mean_length: float
    vector: npt.NDArray[np.float16]
    read: tuple[int, ...]
    keys: Keys
    lexical: Floats
    dense: Floats
    n_front: int
    is_open: bool
    slack: float
    articles: Keys

    @classmethod
    def of(
        cls,
        ranked: Ranked,
        filters: Filters,
        idf: Mapping[str, float],
        mean_length: float,
        vector: Floats,
        articles: Keys,
        settings: RetrievalSettings,
    ) -> Self:
        """Return what is kept of a search that had no day to look from."""
        fused = fuse(ranked.lexical, ranked.dense, settings)
        order = list(fused)
        n_front = max((order.index(key) + 1 for key in ranked.read), default=0)
        kept = order[: n_front + _BEHIND]
        is_open = not ranked.is_full or n_front > _MAX_KEPT
        if is_open:
            kept, n_front = [], 0
        return cls(
            filters,
            tuple(idf),
            np.array(list(idf.values()), np.float32),
            mean_length,
            vector.astype(np.float16),
            ranked.read,
            np.array(kept, np.int64),
            _column(kept, ranked.lexical),
            _column(kept, ranked.dense),
            n_front,
            is_open,
            _slack(kept, ranked.lexical),
            articles,
        )

    def to_bytes(self) -> bytes:
        """Return it as it is stored."""
        days = (self.filters.published_from, self.filters.published_to)
        head: dict[str, Any] = {
            "sources": self.filters.sources,
            "days": [day and day.toordinal() for day in days],
            "terms": self.terms,
            "mean_length": self.mean_length,
            "read": self.read,
            "n_front": self.n_front,
            "is_open": self.is_open,
            "slack": self.slack,
            "sizes": [len(self.vector), len(self.keys), len(self.articles)],
        }
        told = json.dumps(head).encode()
        columns = (self.idf, self.vector, self.keys, self.lexical, self.dense, self.articles)
        raw = b"".join(column.tobytes() for column in columns)
        return len(told).to_bytes(_HEAD_BYTES, "little") + told + raw

    @classmethod
    def read_bytes(cls, raw: bytes) -> Self:
        """Return what `to_bytes` made."""
        end = _HEAD_BYTES + int.from_bytes(raw[:_HEAD_BYTES], "little")
        head = json.loads(raw[_HEAD_BYTES:end])
        dim, n, n_articles = head["sizes"]
        place = end

        def column(kind: str, size: int) -> npt.NDArray[Any]:
            nonlocal place
            found = np.frombuffer(raw, kind, size, place)
            place += found.nbytes
            return found

        idf, vector = column("<f4", len(head["terms"])), column("<f2", dim)
        keys, lexical, dense = column("<i8", n), column("<f4", n), column("<f4", n)
        return cls(
            _filters(head["sources"], head["days"]),
            tuple(head["terms"]),
            idf,
            head["mean_length"],
            vector,
            tuple(head["read"]),
            keys,
            lexical,
            dense,
            head["n_front"],
            head["is_open"],
            head["slack"],
            column("<i8", n_articles),
        )


def ranked_by(
    lexical: Ranking,
    dense: Ranking,
    story: Callable[[int], int],
    n_read: int,
    settings: RetrievalSettings,
) -> Ranked:
    """Return what a search without a day to look from found, for a reader of `n_read` passages."""
    best = limit_per_story(fuse(lexical, dense, settings), story, settings.max_per_story)
    read = tuple(islice(best, n_read))
    return Ranked(lexical, dense, read, len(read) == n_read)


def places_in(standing: Standing, ranked: Ranked, settings: RetrievalSettings) -> Places:
    """Return where the rows of a standing are in the rankings that it was made of."""
    rows = set(standing.keys.tolist())
    fused = fuse(ranked.lexical, ranked.dense, settings)
    rest = next((score for key, score in fused.items() if key not in rows), 0.0)
    lexical, dense = (_places(standing.keys, one) for one in (ranked.lexical, ranked.dense))
    return Places(lexical, dense, rest)


def _places(keys: Keys, ranking: Ranking) -> npt.NDArray[np.int32]:
    places = {key: place for place, key in enumerate(ranking)}
    found = np.array([places.get(int(key), -1) for key in keys], np.int32)
    return np.stack([found, found])


def _column(keys: list[int], ranking: Ranking) -> Floats:
    return np.array([ranking.get(key, np.nan) for key in keys], np.float32)


def _slack(keys: list[int], lexical: Ranking) -> float:
    levels = np.unique(np.fromiter(lexical.values(), np.float64, len(lexical)))
    own = np.array([lexical[key] for key in keys if key in lexical])
    if len(levels) < 2 or not len(own):
        return 1.0
    gaps = np.diff(levels) / levels[1:]
    # What differs by rounding alone has the same words, and stays alike.
    gaps = np.where(gaps < _ROUNDING, 1.0, gaps)
    above = np.append(gaps, 1.0)[np.searchsorted(levels, own)]
    below = np.insert(gaps, 0, 1.0)[np.searchsorted(levels, own)]
    return float(min(above.min(), below.min()))


def _filters(sources: list[str], days: list[int | None]) -> Filters:
    first, last = (day and date.fromordinal(day) for day in days)
    return Filters(tuple(sources), first or None, last or None)
