"""Records become the next snapshot: build, add and remove."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import tee
from pathlib import Path
from typing import Literal

from corpus.article import Article
from corpus.errors import IndexStateError, RequestError
from corpus.identity import looks_like_another
from corpus.sources import Record, Skip
from corpus.splitting import Splitter
from index.dense import DenseKind
from index.embedder import Embedder, EmbeddingPool, Vectors
from index.files import write_lock
from index.progress import Progress, Silent
from index.publishing import Publisher
from index.rows import article_hash, vector_hash
from index.snapshot import IndexFolder
from index.store import Store

__all__ = ["Builder", "BuildReport", "Conflict", "OnConflict", "Progress", "Silent"]

# A run that is killed embeds at most this many passages again, of each batch under way.
_EMBED_COMMIT = 64
_INGEST_COMMIT = 500
_MAX_CONFLICTS = 1000
_MAX_SHOWN_CHARS = 80


OnConflict = Literal["keep", "replace", "fail"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two articles that look like two and have one id, in words; `kept`: the old one stayed."""

    id: str
    old: str
    new: str
    kept: bool

    def __str__(self) -> str:
        verb = "is kept, and not replaced by" if self.kept else "is replaced by"
        return f"{self.id!r}: {self.old} {verb} {self.new}"


@dataclass(slots=True)
class BuildReport:
    """What a run did. `snapshot` is the published number, `kept` counts what was not replaced.

    `conflicts` are the first of `n_conflicts` articles that came under another's id.
    """

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    embedded: int = 0
    kept: int = 0
    n_conflicts: int = 0
    snapshot: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Builder:
    """Writes the index in `root`. One at a time: a second one is refused.

    `dense_kind` is that of the dense index; without it the number of passages chooses. Passages are
    embedded in the `pool`, if there is one, and else here. What is searched goes to `publisher`;
    without one, into files of the index directory. `on_conflict` says what becomes of an article
    whose id is taken by one that looks like another.
    """

    root: Path
    embedder: Embedder
    splitter: Splitter
    progress: Progress = field(default_factory=Silent)
    dense_kind: DenseKind | None = None
    pool: EmbeddingPool | None = None
    publisher: Publisher | None = None
    on_conflict: OnConflict = "replace"

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
                        store.remove(key)
                return self._publish(store, BuildReport(removed=len(found)))
            finally:
                store.close()

    def rebuild(self) -> int:
        """Derive the snapshot again from archive.db, embedding nothing; return its number."""
        with write_lock(self.root):
            store = self._open(keep_added=False)
            try:
                self._group_stories(store)
                return self._write_snapshot(store, anew=True)
            finally:
                store.close()

    def _run(self, records: Iterable[Record], *, keep_others: bool) -> BuildReport:
        with write_lock(self.root):
            store = self._open(keep_added=not keep_others)
            try:
                report = BuildReport()
                seen = self._ingest(store, records, report)
                if not keep_others:
                    if not seen:
                        raise IndexStateError(_nothing_to_index(report))
                    for key in store.keys() - seen:
                        store.remove(key)
                        report.removed += 1
                return self._publish(store, report)
            finally:
                store.close()

    def _open(self, *, keep_added: bool) -> Store:
        store = self._publisher.open_store()
        store.discard_pending(keep_added=keep_added)
        return store

    def _ingest(self, store: Store, records: Iterable[Record], report: BuildReport) -> set[int]:
        """Add what is new or changed; return the keys of the articles in `records`."""
        self.progress.start("Reading articles", None)
        splitting = f"{self.splitter.max_tokens}/{self.splitter.overlap_sentences}/" + str(
            self.embedder.id
        )
        seen: dict[str, int] = {}
        for n_done, record in enumerate(records, start=1):
            if isinstance(record, Skip):
                report.skips.append(record)
            else:
                seen[record.id] = self._upsert(store, record, splitting, report)
            self.progress.advance(1)
            if n_done % _INGEST_COMMIT == 0:
                store.commit()
        return set(seen.values())

    def _upsert(self, store: Store, article: Article, splitting: str, report: BuildReport) -> int:
        content = article_hash(article, splitting)
        found = store.find(article)
        if found and found[1] == content:
            report.unchanged += 1
            return found[0]
        if found:
            old = store.article(found[0])
            if looks_like_another(old, article) and self._is_kept(old, article, report):
                return found[0]
            store.remove(found[0])
            report.replaced += 1
        else:
            report.added += 1
        return store.add(article, content, self.splitter.split(article), self.embedder.id)

    def _is_kept(self, old: Article, new: Article, report: BuildReport) -> bool:
        """Note that two articles have one id, and return whether the old one stays.

        Raises:
            RequestError: it is not to happen.
        """
        conflict = Conflict(new.id, _in_words(old), _in_words(new), self.on_conflict == "keep")
        if self.on_conflict == "fail":
            raise RequestError(
                f"{new.id!r} is the id of two articles: {conflict.old} and {conflict.new}. Nothing "
                "was changed; --on-conflict keep or replace says which one is wanted."
            )
        report.n_conflicts += 1
        report.kept += conflict.kept
        if len(report.conflicts) < _MAX_CONFLICTS:
            report.conflicts.append(conflict)
        return conflict.kept

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
        return self.publisher or IndexFolder(self.root)

    def _write_snapshot(self, store: Store, *, anew: bool = False) -> int:
        self.progress.start("Publishing", None)
        return self._publisher.publish(
            store,
            self.embedder.id,
            self.embedder.dim,
            self.splitter.max_tokens,
            self.splitter.overlap_sentences,
            dense_kind=self.dense_kind,
            anew=anew,
        )


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


def _in_words(article: Article) -> str:
    facts = (article.source, article.published and article.published[:10])
    where = ", ".join(filter(None, facts))
    title = article.title[:_MAX_SHOWN_CHARS] or article.text[:_MAX_SHOWN_CHARS]
    return f"{title!r} ({where})" if where else repr(title)


def _nothing_to_index(report: BuildReport) -> str:
    first = f" The first problem: {report.skips[0]}" if report.skips else ""
    return f"the sources hold no article that can be indexed; the archive is unchanged.{first}"
