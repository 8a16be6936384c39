"""How a snapshot of the embedded engine ranks its passages, and what is kept of a ranking."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice

import numpy as np
import numpy.typing as npt

from index.engines.local.folder import SnapshotManifest
from index.lexical.bm25 import LexicalIndex, query_terms
from index.lexical.scores import WordStatistics
from index.search.query import Query
from index.search.retriever import RetrievalSettings
from index.search.standing import Places, Standing, places_in, ranked_by
from index.search.touching import Publication
from index.store.browsing_rows import article_keys
from index.store.columns import Columns
from index.store.publication import published_since
from index.store.rows import read_vectors
from index.store.soundness import Soundness, sound_database
from index.store.sqlite import Connection
from index.vectors.dense import DenseIndex
from index.vectors.embedder import Embedder
from index.vectors.types import Batch, Keys

__all__ = ["LocalRankings"]


@dataclass(slots=True)
class LocalRankings:
    """A snapshot as far as passages are ranked: its indexes, and what is known of each passage."""

    manifest: SnapshotManifest
    _db: Connection
    _columns: Columns
    _dense: DenseIndex
    _lexical: LexicalIndex
    _embedder: Embedder
    _soundness: Soundness
    settings: RetrievalSettings
    published_at: datetime
    trouble: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def standing(self, query: Query, n_read: int) -> tuple[Standing, Places]:
        """See `WatchableSnapshot.standing`."""
        filters = query.filters.spelt_as(self._columns.sources)
        hidden = self._columns.hidden(datetime.now(UTC))
        asked = replace(query, filters=filters, as_of=None)
        lexical = self._search_words(asked, self.settings.depth, hidden)
        dense = self._search_dense(asked, self.settings.depth, hidden)
        ranked = ranked_by(lexical, dense, self._story_of, n_read, self.settings)
        words = self._lexical.statistics(query_terms(query.text))
        with self._lock:
            articles = article_keys(self._db, list({**lexical, **dense}))
        vector = self._embedder.embed_query(query.text)
        standing = Standing.of(
            ranked, query.filters, words.idf, words.mean_length, vector, articles, self.settings
        )
        return standing, places_in(standing, ranked, self.settings)

    def statistics(self, terms: Iterable[str]) -> WordStatistics:
        """See `WatchableSnapshot.statistics`."""
        return self._lexical.statistics(terms)

    def published_since(self, number: int, most: int) -> Publication | None:
        """See `WatchableSnapshot.published_since`."""
        hidden = frozenset(self._columns.hidden(datetime.now(UTC)).tolist())
        made = self.manifest
        with self._lock, sound_database(self._soundness.path):
            return published_since(self._db, number, made.number, made.dim, most, hidden)

    def _story_of(self, key: int) -> int:
        return int(self._columns.story[key])

    def _search_words(
        self, query: Query, k: int, hidden: npt.NDArray[np.int64]
    ) -> dict[int, float]:
        """Return BM25 scores without what is embargoed, which the words' index does not know."""
        more = k + len(hidden)
        found = self._lexical.search(query.text, more, query.filters, query.as_of)
        if not len(hidden):
            return found
        not_shown = set(hidden.tolist())
        return dict(islice(((key, found[key]) for key in found if key not in not_shown), k))

    def _search_dense(
        self, query: Query, k: int, hidden: npt.NDArray[np.int64]
    ) -> dict[int, float]:
        if not len(self._dense):
            return {}
        vector = self._embedder.embed_query(query.text)
        return self._dense.search(vector, k, self._columns.allowed(query, hidden), self._vectors)

    def _vectors(self, keys: Keys) -> list[Batch]:
        with self._lock, sound_database(self._soundness.path):
            return list(read_vectors(self._db, keys, self.manifest.dim))
