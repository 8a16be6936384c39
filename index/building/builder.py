"""Records become the next snapshot: build, add and remove."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import tee
from pathlib import Path

from corpus.errors import IndexStateError, RequestError
from corpus.sources import Record
from corpus.splitting import Splitter
from index.building.intake import BuildReport, Conflict, Intake, OnConflict
from index.building.progress import Progress, Silent
from index.building.split_pool import Batch, SplitPool, split_batch
from index.engines.engine import IndexSpec, Publisher
from index.engines.local.folder import IndexFolder
from index.engines.local.publisher import LocalPublisher
from index.files import write_lock
from index.lexical.draft import Draft
from index.store.rows import PassageRow, vector_hash
from index.store.store import Store
from index.vectors.embedder import Embedder, EmbeddingPool
from index.vectors.kinds import DenseKind
from index.vectors.types import Vectors

__all__ = ["Builder", "BuildReport", "Conflict", "OnConflict", "Progress", "Silent"]

# A run that is killed embeds at most this many passages again, of each batch under way.
_EMBED_COMMIT = 64
_INGEST_COMMIT = 500


@dataclass(frozen=True, slots=True)
class Builder:
    """Writes the index in `root`. One at a time: a second one is refused.

    `dense_kind` is that of the dense index; without it the number of passages chooses. Passages are
    embedded in the `pool`, and articles split in the `split_pool`, if there is one, and else here.
    What is searched goes to `publisher`; without one, into files of the index directory.
    `on_conflict` says what becomes of an article whose id is taken by one that looks like another.
    Of an article that comes again in other words the `keep_versions` last wordings are kept. The
    `clock` returns the time in UTC.
    """

    root: Path
    embedder: Embedder
    splitter: Splitter
    progress: Progress = field(default_factory=Silent)
    dense_kind: DenseKind | None = None
    pool: EmbeddingPool | None = None
    publisher: Publisher | None = None
    on_conflict: OnConflict = "replace"
    split_pool: SplitPool | None = None
    keep_versions: int = 5
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def build(self, records: Iterable[Record]) -> BuildReport:
        """Make the archive hold exactly the articles of `records`.

        Raises:
            IndexStateError: another process is writing, or the records hold no article at all.
        """
        return self._run(records, keep_others=False)

    def add(self, records: Iterable[Record]) -> BuildReport:
        """Add the articles of `records`, each in place of one with the same id.

        Raises:
            IndexStateError: another process is writing.
        """
        return self._run(records, keep_others=True)

    def remove(self, ids: Sequence[str]) -> BuildReport:
        """Remove articles; after this their text is in no file of the index.

        Raises:
            RequestError: an id is not in the archive; nothing is removed then.
            IndexStateError: another process is writing.
        """
        with write_lock(self.root):
            store = self._open(keep_added=False)
            try:
                found = {article_id: store.find_named(article_id) for article_id in ids}
                if missing := [article_id for article_id, key in found.items() if key is None]:
                    raise RequestError(f"no article has the id {missing[0]!r}: nothing removed.")
                for key in set(found.values()):
                    if key is not None:
                        store.forget(key, self.clock().date())
                return self._publish(store, BuildReport(removed=len(found)))
            finally:
                store.close()

    def hold(self, ids: Sequence[str], why: str, by: str) -> BuildReport:
        """Take articles out of the answers, without deleting them; `why` and `by` are logged.

        Raises:
            RequestError: an id is not in the archive or on hold already; nothing is held then.
            IndexStateError: another process is writing.
        """
        return self._mark(
            ids,
            lambda store, known: store.history.hold(known, why, by, self.clock(), store.generation),
        )

    def release(self, ids: Sequence[str], by: str) -> BuildReport:
        """Put articles that are on hold back into the answers.

        Raises:
            RequestError: an id is not on hold; nothing is released then.
            IndexStateError: another process is writing.
        """
        return self._mark(
            ids,
            lambda store, known: store.history.release(known, by, self.clock(), store.generation),
        )

    def _mark(self, ids: Sequence[str], mark: Callable[[Store, str], None]) -> BuildReport:
        with write_lock(self.root):
            store = self._open(keep_added=False)
            try:
                found = {article_id: store.find_named(article_id) for article_id in ids}
                if missing := [article_id for article_id, key in found.items() if key is None]:
                    raise RequestError(f"no article has the id {missing[0]!r}: nothing changed.")
                for key in set(found.values()):
                    if key is not None:
                        mark(store, store.article(key).id)
                return self._publish(store, BuildReport())
            finally:
                store.close()

    def rebuild(self) -> int:
        """Derive the snapshot again from archive.db, embedding nothing; return its number."""
        with write_lock(self.root):
            store = self._open(keep_added=False)
            try:
                self._group_stories(store)
                return self._write_snapshot(store, rebuild=True)
            finally:
                store.close()

    def _run(self, records: Iterable[Record], *, keep_others: bool) -> BuildReport:
        with write_lock(self.root):
            store = self._open(keep_added=not keep_others)
            try:
                publisher, draft = self._publisher.begin(store)
                with ExitStack() as opened:
                    if draft:
                        opened.callback(draft.drop)
                    run = replace(self, publisher=publisher)
                    return run._take(store, records, keep_others, draft)
            finally:
                store.close()

    def _take(
        self,
        store: Store,
        records: Iterable[Record],
        keep_others: bool,
        draft: Draft | None,
    ) -> BuildReport:
        report = BuildReport()
        seen = self._ingest(store, records, report, draft)
        if not keep_others:
            if not seen:
                raise IndexStateError(_nothing_to_index(report))
            for key in store.keys() - seen:
                store.forget(key, self.clock().date())
                report.removed += 1
        return self._publish(store, report)

    def _open(self, *, keep_added: bool) -> Store:
        store = self._publisher.open_store()
        store.discard_pending(keep_added=keep_added)
        return store

    def _ingest(
        self, store: Store, records: Iterable[Record], report: BuildReport, draft: Draft | None
    ) -> set[int]:
        """Add what is new or changed; return the keys of the articles in `records`."""
        # The 0 is what earlier versions noted of passages that share no sentence.
        splitting = f"{self.splitter.max_tokens}/0/{self.embedder.id}"
        split = self.split_pool.split if self.split_pool else self._split
        intake = Intake(
            store,
            split,
            splitting,
            self.on_conflict,
            report,
            self.progress,
            draft,
            self.keep_versions,
            self.clock().date(),
        )
        return intake.take(records)

    def _split(self, batches: Iterable[Batch]) -> Generator[list[list[PassageRow]]]:
        return (split_batch(self.splitter, self.embedder.id, batch) for batch in batches)

    def _publish(self, store: Store, report: BuildReport) -> BuildReport:
        missing, publisher = store.unembedded(), self._publisher
        is_stale = store.is_changed() or not publisher.is_whole(self.embedder.id, len(missing))
        # Words first: the archive can be asked long before the last vector is there.
        if is_stale and missing and publisher.words_first:
            report.snapshot = self._write_snapshot(store)
        self._group_stories(store)
        if missing:
            report.embedded = self._embed(store, missing)
        if missing or is_stale:
            report.snapshot = self._write_snapshot(store)
        report.snapshot = report.snapshot or store.generation - 1
        return report

    def _group_stories(self, store: Store) -> None:
        self.progress.start("Finding near-duplicates", None)
        for n_done, _ in enumerate(store.group_stories(), start=1):
            self.progress.advance(1)
            if n_done % _INGEST_COMMIT == 0:
                store.commit()

    def _embed(self, store: Store, keys: Sequence[int]) -> int:
        self.progress.start("Embedding passages", len(keys))
        # A pool takes batches ahead; `tee` keeps them until their vectors are there.
        to_embed, embedded = tee(_batches(store, keys, self.embedder.id))
        with closing(self._vectors(list(batch.texts.values()) for batch in to_embed)) as results:
            for vectors, batch in zip(results, embedded, strict=True):
                store.add_vectors(list(batch.texts), vectors)
                store.commit()
                self.progress.advance(batch.n_passages)
        return len(keys)

    def _vectors(self, batches: Iterable[Sequence[str]]) -> Generator[Vectors]:
        if self.pool:
            return self.pool.embed(batches)
        return (self.embedder.embed_passages(texts) for texts in batches)

    @property
    def _publisher(self) -> Publisher:
        return self.publisher or LocalPublisher(IndexFolder(self.root))

    def _write_snapshot(self, store: Store, *, rebuild: bool = False) -> int:
        self.progress.start("Publishing", None)
        spec = IndexSpec(
            self.embedder.id,
            self.embedder.dim,
            self.splitter.max_tokens,
            self.dense_kind,
        )
        return self._publisher.publish(store, spec, rebuild=rebuild)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts to embed, by the hash their vectors are kept under."""

    texts: dict[bytes, str]
    n_passages: int


def _batches(store: Store, keys: Sequence[int], embedder_id: str) -> Iterator[_Batch]:
    for first in range(0, len(keys), _EMBED_COMMIT):
        some = keys[first : first + _EMBED_COMMIT]
        headed = (stored.headed_text for stored in store.passages(some))
        # Keyed by content: a text that stands twice is embedded once.
        yield _Batch({vector_hash(embedder_id, text): text for text in headed}, len(some))


def _nothing_to_index(report: BuildReport) -> str:
    first = f" The first problem: {report.skips[0]}" if report.skips else ""
    return f"the sources hold no article that can be indexed; the archive is unchanged.{first}"
