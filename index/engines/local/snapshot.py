"""One snapshot of the embedded engine, held open: its rows, its indexes, and how it is searched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import numpy as np

from corpus.article import Article
from corpus.errors import IndexStateError
from corpus.splitting import Splitter, headed_text
from index.engines.archive import ArchiveStatus
from index.engines.local.folder import IndexFolder
from index.engines.local.rankings import LocalRankings
from index.lexical.bm25 import LexicalIndex, nearest_word
from index.search.browsing import ArticlePage, Browse, Catalog
from index.search.history import ArticleHistory
from index.search.hit import Hit
from index.search.query import Query
from index.search.retriever import RetrievalSettings, rank
from index.search.versions import as_it_stood, with_moved
from index.store.browsing_rows import article_keys, article_rows, read_articles
from index.store.columns import read_columns
from index.store.database import connect
from index.store.history import held_ids, read_history
from index.store.names import find_by_name
from index.store.rows import (
    ARTICLE_COLUMNS,
    LIVE,
    StoredPassage,
    read_article,
    read_passages,
)
from index.store.soundness import Soundness, sound_database
from index.store.versions import moved_articles, stood_on
from index.vectors.dense import DenseIndex
from index.vectors.embedder import Embedder

__all__ = ["LocalSnapshot"]

_PASSAGES_PER_ARTICLE = 5
# Enough to look through; more would take long to put in order.
_MAX_MATCHING = 10_000
# Earlier wordings looked at of articles that carry a later date now.
_MAX_MOVED = 200


@dataclass(slots=True)
class LocalSnapshot(LocalRankings):
    """One published snapshot, held open with the rows of archive.db that belong to it."""

    _catalog: Catalog | None = None

    @classmethod
    def open(
        cls,
        folder: IndexFolder,
        load_embedder: Callable[[], Embedder],
        settings: RetrievalSettings,
    ) -> "LocalSnapshot":
        """Open the published snapshot, checking every file against its checksum first.

        Raises:
            IndexStateError: nothing is published, or a file is missing or damaged.
        """
        number = folder.current()
        if not number:
            raise IndexStateError(
                f"{folder.root} holds no published index: run `dateline build SOURCE "
                f"--index {folder.root}` first."
            )
        db = connect(folder.archive, read_only=True)
        # The open read keeps this snapshot's rows for us, whatever is written meanwhile.
        with sound_database(folder.archive):
            db.execute("BEGIN")
            columns = read_columns(db, number)
        manifest = folder.verified(number)
        embedder = load_embedder()
        if manifest.embedder != embedder.id:
            raise IndexStateError(
                f"the index was made with the embedder {manifest.embedder}, but "
                f"{folder.embedder} holds {embedder.id}: build the index again."
            )
        path = folder.snapshot(number)
        dense, lexical = DenseIndex.read(path / "dense.faiss"), LexicalIndex(path / "lexical")
        if columns.n_passages != manifest.n_passages:
            raise IndexStateError(
                f"{folder.archive} is damaged: it has {columns.n_passages} passages, and the "
                f"snapshot {manifest.n_passages}. Restore it from a backup, or run "
                "`dateline verify --rebuild`."
            )
        return cls(
            manifest,
            db,
            columns,
            dense,
            lexical,
            embedder,
            Soundness.of(db, folder.archive, embedder.id),
            settings,
            # Written last, just before it was published, and never again.
            datetime.fromtimestamp((path / "manifest.json").stat().st_mtime, UTC),
        )

    def __del__(self) -> None:
        # A connection is part of a cycle of its own: left alone it would be closed at some later
        # time, and until then SQLite would keep all that was removed since.
        self._db.close()

    @property
    def status(self) -> ArchiveStatus:
        """See `ArchiveSnapshot.status`."""
        days = self._columns.day[self._columns.day > 0]
        first, last = (int(days.min()), int(days.max())) if len(days) else (0, 0)
        return ArchiveStatus(
            snapshot=self.manifest.number,
            n_articles=self.manifest.n_articles,
            n_passages=self.manifest.n_passages,
            n_embedded=self.manifest.n_embedded,
            embedder=self.manifest.embedder,
            sources=self._columns.sources,
            first_day=date.fromordinal(first).isoformat() if first else None,
            last_day=date.fromordinal(last).isoformat() if last else None,
            published_at=self.published_at.isoformat(timespec="seconds"),
            trouble=self.trouble,
            languages=dict(self._columns.languages),
            max_tokens=self.manifest.max_tokens,
        )

    def search(self, query: Query, k: int) -> list[Hit]:
        """See `ArchiveSnapshot.search`."""
        settings = self.settings
        query = replace(query, filters=query.filters.spelt_as(self._columns.sources))

        def age_days(key: int) -> float | None:
            day = int(self._columns.day[key])
            # Without a day to look from, no article is new.
            return float(query.as_of.toordinal() - day) if query.as_of and day else None

        hidden = self._columns.hidden(datetime.now(UTC), query.as_of)
        lexical = self._search_words(query, settings.depth, hidden)
        dense = self._search_dense(query, settings.depth, hidden)
        ranked = rank(lexical, dense, age_days, lambda key: int(self._columns.story[key]), settings)
        keys = list(ranked)[:k]
        hits = [
            Hit(
                stored.article,
                stored.passage,
                place,
                ranked[stored.key],
                dense.get(stored.key),
                lexical.get(stored.key),
                int(self._columns.story[stored.key]),
            )
            for place, stored in enumerate(self._passages(keys))
        ]
        return self._as_it_stood(hits, query, query.as_of, k) if query.as_of else hits

    def _as_it_stood(self, hits: list[Hit], query: Query, day: date, k: int) -> list[Hit]:
        """Return hits as they were on a day, with those of articles that carry a later date now."""
        number = self.manifest.number
        with self._lock, sound_database(self._soundness.path):
            ids = [hit.article.id for hit in hits]
            stood = stood_on(self._db, ids, day, number)
            later = moved_articles(self._db, day, number, _MAX_MOVED)
            moved = stood_on(self._db, later, day, number)
            out = held_ids(self._db, number)
        allowed = [
            article
            for article in moved.values()
            if article.id not in out and query.filters.allow(article)
        ]
        found = as_it_stood(hits, stood, query.text, self._splitter.split)
        return with_moved(found, allowed, query.text, self._splitter.split, k)

    @property
    def _splitter(self) -> Splitter:
        made = self.manifest
        return Splitter(made.max_tokens, self._embedder.limit)

    def history(self, article_id: str) -> ArticleHistory:
        """See `BrowsableSnapshot.history`."""
        with self._lock, sound_database(self._soundness.path):
            return read_history(self._db, article_id, self.manifest.number)

    def n_passages_with(self, text: str) -> int:
        """See `ArchiveSnapshot.n_passages_with`."""
        return self._lexical.n_with(text)

    def spelt_like(self, word: str) -> str | None:
        """See `ArchiveSnapshot.spelt_like`."""
        stem = self._lexical.stem_like(word)
        key = self._lexical.first_with(stem) if stem else None
        if stem is None or key is None:
            return None
        stored = self._passages([key])[0]
        # The index holds stems; how the word is written stands in the passage.
        headed = headed_text(stored.article, stored.passage.start, stored.passage.end)
        return nearest_word(headed, stem, word)

    def article(self, article_id: str) -> Article | None:
        """See `ArchiveSnapshot.article`."""
        with self._lock, sound_database(self._soundness.path):
            known = find_by_name(self._db, article_id, self.manifest.number)
            row = self._db.execute(
                f"SELECT hash, {ARTICLE_COLUMNS} FROM articles a WHERE id = :id AND {LIVE}",
                {"id": known, "n": self.manifest.number},
            ).fetchone()
            article = read_article(row) if row else None
        if article:
            self._soundness.check_article(article, row["hash"])
        return article

    def newest(self, n: int) -> list[Article]:
        """See `ArchiveSnapshot.newest`; of very long articles there may be fewer."""
        keys = np.flatnonzero(self._columns.story)  # story 0 is no passage
        keys = np.setdiff1d(keys, self._columns.hidden(datetime.now(UTC)))
        order = np.argsort(-self._columns.day[keys], kind="stable")
        keys = keys[order[: _PASSAGES_PER_ARTICLE * n]]
        found = {stored.article.id: stored.article for stored in self._passages(keys.tolist())}
        return list(found.values())[:n]

    def browse(self, browse: Browse) -> ArticlePage:
        """See `ArchiveSnapshot.browse`; of a text at most the newest 10,000 passages count."""
        catalog = self._browsed()
        matching = None
        if browse.text.strip():
            found = self._lexical.newest_with(browse.text, _MAX_MATCHING)
            with self._lock:
                matching = article_keys(self._db, found)
        listed = catalog.page(browse, matching)
        with self._lock:
            articles = read_articles(self._db, listed.keys)
        return listed.page(articles)

    def _browsed(self) -> Catalog:
        """Return the list of all articles, read when it is first looked through."""
        with self._lock:
            if self._catalog is None:
                self._catalog = Catalog(article_rows(self._db, self.manifest.number))
            return self._catalog

    def renew(self, folder: IndexFolder) -> None:
        """Look at the rows as they are now, so that SQLite need not keep what was removed before.

        A snapshot that is no longer the published one stays as it is: its rows are going.
        """
        if folder.current() != self.manifest.number:
            return
        db = connect(folder.archive, read_only=True)
        db.execute("BEGIN")
        # A transaction begins with its first read.
        db.execute("SELECT 1 FROM articles LIMIT 1").fetchone()
        with self._lock:
            old, self._db = self._db, db
            old.close()

    def _passages(self, keys: Sequence[int]) -> list[StoredPassage]:
        with self._lock, sound_database(self._soundness.path):
            return read_passages(self._db, keys, self._soundness.check_passage)
