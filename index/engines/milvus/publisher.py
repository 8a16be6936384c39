"""Publishes the generations of an index directory's archive.db in Milvus."""

from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import IndexStateError
from index.building.progress import Progress
from index.engines.engine import IndexSpec
from index.engines.local.folder import IndexFolder
from index.engines.milvus.sync import Changes, compare, push
from index.engines.milvus.tables import ArchiveTables
from index.store.store import Store

__all__ = ["MilvusPublisher"]


@dataclass(frozen=True, slots=True)
class MilvusPublisher:
    """Publishes the archive of the index directory `root` in Milvus; see `Publisher`.

    The directory keeps the texts and vectors of the archive: what changed since the last
    publication is found there, and nothing is embedded twice. One directory writes to one Milvus.
    """

    root: Path
    tables: ArchiveTables
    progress: Progress

    @property
    def words_first(self) -> bool:
        """See `Publisher.words_first`: no, each row would have to be written twice."""
        return False

    def open_store(self) -> Store:
        """See `Publisher.open_store`.

        Raises:
            IndexStateError: Milvus holds another archive than archive.db.
        """
        held = self.tables.manifest()
        store = Store(IndexFolder(self.root).archive, held.number if held else 0)
        if held and store.contents(store.published).fingerprint() != held.fingerprint:
            store.close()
            raise IndexStateError(
                f"{self.tables.milvus} holds an archive ({held.n_articles} articles, snapshot "
                f"{held.number}) other than that of {self.root}: `dateline copy --to local` into "
                "an empty folder takes it over, `dateline copy --to milvus` puts this one there."
            )
        return store

    def is_whole(self, embedder: str, n_missing: int) -> bool:
        """See `Publisher.is_whole`; what earlier versions published lacks the list of articles."""
        held = self.tables.manifest()
        if held is None or held.catalog is None:
            return False
        return held.embedder == embedder and not n_missing

    def begin(self, store: Store) -> "tuple[MilvusPublisher, None]":
        """See `Publisher.begin`."""
        return self, None

    def publish(self, store: Store, spec: IndexSpec, *, rebuild: bool = False) -> int:
        """See `Publisher.publish`; the dense index stays of the kind that it was made with."""
        store.commit()
        held = self.tables.manifest()
        contents = store.contents(store.generation)
        n_passages = store.counts()["n_passages"]
        kind = held.dense_kind if held else spec.kind(n_passages)
        self.tables.create(spec.dim, kind)
        if held and not rebuild:
            self.tables.discard_pending(held.number)
            changes = Changes(*store.changed_keys())
        else:
            changes = compare(contents, self.tables, held)
        if rebuild:
            changes.added, changes.is_rebuild = contents.keys(), True
        # What is written again is to be seen all the time.
        added_in = held.number if held and rebuild else store.generation
        number = store.generation
        push(
            self.tables,
            contents,
            replace(spec, dense_kind=kind),
            changes,
            self.progress,
            number,
            added_in,
        )
        # archive.db goes on without the files that may be there: they would miss its rows.
        IndexFolder(self.root).unpublish()
        store.advance()
        return number
