"""The distributed engine as readers see it: an archive held by Milvus, searched there."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from corpus.article import Article
from corpus.errors import IndexStateError
from corpus.identity import plain_id
from index.engines.archive import ArchiveStatus
from index.engines.milvus.client import Row
from index.engines.milvus.layout import (
    ARTICLES,
    PASSAGES,
    MilvusManifest,
    filter_of,
    id_name,
    in_list,
    live_in,
    read_articles,
)
from index.engines.milvus.tables import ArchiveTables
from index.lexical.bm25 import query_terms, stems
from index.search.browsing import ArticlePage, ArticleRow, Browse, Catalog
from index.search.history import ArticleHistory
from index.search.hit import Hit
from index.search.query import Query
from index.search.retriever import RetrievalSettings, rank
from index.store.rows import passage_of
from index.vectors.embedder import Embedder
from index.vectors.onnx_embedder import OnnxEmbedder

__all__ = ["MilvusArchive", "MilvusSnapshot"]

_FOUND_FIELDS = ("key", "article", "ordinal", "sentences", "day", "story")
_PART_FIELDS = ("article", "part", "n_parts", "body")


@dataclass(slots=True)
class MilvusSnapshot:
    """One published generation, as far as Milvus still has its rows.

    Rows that it shares with the newest generation stay; those that a later one removed are gone
    soon after that was published. What is found is never of another generation.
    """

    manifest: MilvusManifest
    tables: ArchiveTables
    settings: RetrievalSettings
    _embedder: Embedder
    _catalog: Catalog | None = None
    _reading: threading.Lock = field(default_factory=threading.Lock)

    @property
    def status(self) -> ArchiveStatus:
        """See `ArchiveSnapshot.status`."""
        held = self.manifest
        return ArchiveStatus(
            snapshot=held.number,
            n_articles=held.n_articles,
            n_passages=held.n_passages,
            n_embedded=held.n_passages,
            embedder=held.embedder,
            sources=held.sources,
            first_day=held.first_day,
            last_day=held.last_day,
            published_at=held.published_at,
            max_tokens=held.max_tokens,
        )

    def search(self, query: Query, k: int) -> list[Hit]:
        """See `ArchiveSnapshot.search`.

        Raises:
            ArchiveUnavailableError: Milvus does not answer.
        """
        rows: dict[int, Row] = {}
        query = replace(query, filters=query.filters.spelt_as(self.manifest.sources))
        words = " ".join(query_terms(query.text))
        # Milvus Lite returns what it ranks by, which is the BM25 score negated.
        lexical = {key: abs(score) for key, score in self._nearest("bm25", words, query, rows)}
        vector = self._embedder.embed_query(query.text).tolist()
        dense = dict(self._nearest("vector", vector, query, rows))

        def age_days(key: int) -> float | None:
            day = int(rows[key]["day"])
            # Without a day to look from, no article is new.
            return float(query.as_of.toordinal() - day) if query.as_of and day else None

        ranked = rank(lexical, dense, age_days, lambda key: int(rows[key]["story"]), self.settings)
        best = [rows[key] for key in list(ranked)[:k]]
        articles = self._articles(in_list("article", sorted({row["article"] for row in best})))
        now = datetime.now(UTC)
        # One that was removed between the two calls is not there any more.
        found = [
            row
            for row in best
            if (article := articles.get(row["article"]))
            and not article.is_embargoed(now, query.as_of)
            and not self._is_silenced(article)
        ]
        return [
            Hit(
                article := articles[row["article"]],
                passage_of(article.id, row["ordinal"], row["sentences"]),
                place,
                ranked[row["key"]],
                dense.get(row["key"]),
                lexical.get(row["key"]),
                row["story"],
            )
            for place, row in enumerate(found)
        ]

    def n_passages_with(self, text: str) -> int:
        """See `ArchiveSnapshot.n_passages_with`: here each word alone, of the rarest one.

        At most as many as a search looks at: Milvus counts no words.

        Raises:
            ArchiveUnavailableError: Milvus does not answer.
        """
        milvus, where = self.tables.milvus, live_in(self.manifest.number)
        return min(
            (
                len(milvus.search(PASSAGES, "bm25", word, self.settings.depth, where, ["key"]))
                for word in stems(text)
            ),
            default=0,
        )

    def spelt_like(self, word: str) -> str | None:
        """See `ArchiveSnapshot.spelt_like`: Milvus lists no words, so none is found."""
        return None

    def article(self, article_id: str) -> Article | None:
        """See `ArchiveSnapshot.article`; an article is known by its id only.

        Raises:
            ArchiveUnavailableError: Milvus does not answer.
        """
        names = dict.fromkeys(map(id_name, (article_id, plain_id(article_id))))
        found = self._articles(in_list("id_name", names))
        return next(iter(found.values()), None)

    def newest(self, n: int) -> list[Article]:
        """See `ArchiveSnapshot.newest`; at most the hundred newest are known.

        Raises:
            ArchiveUnavailableError: Milvus does not answer.
        """
        keys = self.manifest.newest[:n]
        found = self._articles(in_list("article", keys))
        now = datetime.now(UTC)
        return [
            found[key]
            for key in keys
            if key in found
            and not found[key].is_embargoed(now)
            and not self._is_silenced(found[key])
        ]

    def history(self, article_id: str) -> ArticleHistory:
        """See `BrowsableSnapshot.history`: Milvus has the articles of one generation only."""
        return ArticleHistory(hold=self.manifest.hold_of(article_id))

    def _is_silenced(self, article: Article) -> bool:
        return article.is_retracted or self.manifest.hold_of(article.id) is not None

    def browse(self, browse: Browse) -> ArticlePage:
        """See `ArchiveSnapshot.browse`; with words, of what a search finds by them.

        Of a generation without a list of its articles only the hundred newest are known.

        Raises:
            ArchiveUnavailableError: Milvus does not answer.
        """
        text = browse.text.strip()
        if not text and (all_of_it := self._browsed()):
            listed = all_of_it.page(browse, None)
            return listed.page(self._articles(in_list("article", listed.keys)))
        keys = set(self.manifest.newest)
        terms = query_terms(text)
        if text:
            rows: dict[int, Row] = {}
            self._nearest("bm25", " ".join(terms), Query(text), rows)
            keys = {row["article"] for row in rows.values()}
        found = self._articles(in_list("article", sorted(keys)))
        articles = {
            key: article
            for key, article in found.items()
            if set(terms).issubset(stems(f"{article.title} {article.text}"))
        }
        catalog = Catalog([ArticleRow.of(key, article) for key, article in articles.items()])
        is_all = not text and len(keys) >= self.manifest.n_articles
        return catalog.page(browse, None).page(articles, is_complete=is_all)

    def _browsed(self) -> Catalog | None:
        """Return the list of all articles, read when it is first looked through."""
        with self._reading:
            if self._catalog is None and (rows := self.tables.catalog(self.manifest)) is not None:
                self._catalog = Catalog(rows)
            return self._catalog

    def _nearest(
        self, field: str, query: object, asked: Query, rows: dict[int, Row]
    ) -> list[tuple[int, float]]:
        """Return keys and scores of the passages nearest to a text or vector; fill in `rows`."""
        if not query:
            return []
        where = filter_of(asked, self.manifest.number)
        depth = self.settings.depth
        found = self.tables.milvus.search(PASSAGES, field, query, depth, where, _FOUND_FIELDS)
        rows.update((one.row["key"], one.row) for one in found)
        return [(one.row["key"], one.score) for one in found]

    def _articles(self, where: str) -> dict[int, Article]:
        live = f"{where} and {live_in(self.manifest.number)}"
        return read_articles(self.tables.milvus.query(ARTICLES, live, _PART_FIELDS))


class MilvusArchive:
    """An archive in Milvus that is being served: each question sees what is published.

    `folder` holds the embedder; `embedder` stands in for it.
    """

    def __init__(
        self,
        tables: ArchiveTables,
        folder: Path,
        threads: int,
        settings: RetrievalSettings | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self._tables = tables
        self._settings = settings or RetrievalSettings()
        self._folder = folder
        self._threads = threads
        self._embedder = embedder
        self._snapshot: MilvusSnapshot | None = None
        self._opening = threading.Lock()

    def forget_removed(self, raise_if_cancelled: Callable[[], None]) -> None:
        """See `ServedArchive.forget_removed`: this process has no files of it."""

    def current(self) -> MilvusSnapshot:
        """See `Archive.current`; asks Milvus each time.

        Raises:
            ArchiveUnavailableError: Milvus does not answer.
            IndexStateError: nothing is published there, or it was made with another embedder.
        """
        number = self._tables.current()
        held = self._snapshot
        if held and held.manifest.number == number:
            return held
        with self._opening:
            # Another thread may have opened it meanwhile.
            held = self._snapshot
            return held if held and held.manifest.number == number else self._open()

    def _open(self) -> MilvusSnapshot:
        manifest = self._tables.manifest()
        if manifest is None:
            raise IndexStateError(
                f"{self._tables.milvus} holds no published archive: run `dateline build SOURCE` or "
                "`dateline copy --to milvus` first."
            )
        if self._embedder is None:
            self._embedder = OnnxEmbedder(self._folder, self._threads)
        if manifest.embedder != self._embedder.id:
            raise IndexStateError(
                f"the archive in {self._tables.milvus} was made with the embedder "
                f"{manifest.embedder}, but {self._folder} holds {self._embedder.id}: put the "
                "folder there that the archive was made with."
            )
        self._snapshot = MilvusSnapshot(manifest, self._tables, self._settings, self._embedder)
        return self._snapshot
