"""Copies an archive from an index directory into Milvus and back, embedding nothing."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexStateError
from index.building.progress import Progress
from index.engines.engine import IndexSpec
from index.engines.local.folder import IndexFolder, SnapshotManifest
from index.engines.local.publisher import LocalPublisher
from index.engines.milvus.layout import MilvusManifest
from index.engines.milvus.sync import compare, push
from index.engines.milvus.tables import MANY, ArchiveTables, ranges
from index.engines.milvus.verify import ReadBack, read_back
from index.files import write_lock
from index.store.database import connect
from index.store.generation import Contents
from index.store.portable import WholeArticle, put_whole
from index.store.soundness import forget_splittings
from index.store.sqlite import Connection
from index.store.store import Store
from index.vectors.embedder import Embedder

__all__ = ["Copied", "copy_to_local", "copy_to_milvus"]

# In archive.db's table meta: what is being copied there.
_MARK = "copying"


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was compared with what it was made of; `n_moved` articles were sent this time."""

    snapshot: int
    n_articles: int
    n_passages: int
    n_moved: int


def copy_to_milvus(
    root: Path, tables: ArchiveTables, progress: Progress, *, replace: bool = False
) -> Copied:
    """Make Milvus hold what is published in the index directory `root`; readers then see it.

    What is there already is not sent again, so after an interruption it goes on. With `replace`
    whatever Milvus holds is taken away first, and readers have nothing until the copy is there.

    Raises:
        IndexStateError: nothing whole is published in `root`, or Milvus holds another archive.
        ArchiveUnavailableError: Milvus does not answer; a repetition goes on from there.
    """
    with write_lock(root):
        folder = IndexFolder(root)
        source = _published(folder)
        with closing(connect(folder.archive, read_only=True)) as db:
            contents = Contents(db, source.number)
            # What is taken away may be damaged, or of another version.
            held = None if replace else tables.manifest()
            number = max(source.number, tables.current() + 1)
            if replace:
                tables.drop()
            tables.create(source.dim, held.dense_kind if held else source.dense_kind)
            changes = compare(contents, tables, held)
            if changes.is_foreign:
                raise IndexStateError(
                    f"{tables.milvus} holds another archive than {root}: give --replace to take "
                    "that away first, or name another database in DATELINE_MILVUS_URI."
                )
            if changes or held is None or held.catalog is None:
                push(tables, contents, _spec(source), changes, progress, number)
            written = _must(tables)
            _compare(read_back(tables, written, progress), _digest(contents, progress), tables)
    return Copied(written.number, written.n_articles, written.n_passages, len(changes.added))


def copy_to_local(
    tables: ArchiveTables, root: Path, embedder: Embedder, progress: Progress
) -> Copied:
    """Make the index directory `root` hold what is published in Milvus, and publish it there.

    It goes on from where a run was interrupted. `embedder` is that of `root`.

    Raises:
        IndexStateError: nothing is published in Milvus, `root` holds another archive, or has
            another embedder.
        ArchiveUnavailableError: Milvus does not answer; a repetition goes on from there.
    """
    held = _must(tables)
    if held.embedder != embedder.id:
        raise IndexStateError(
            f"the archive in {tables.milvus} was made with the embedder {held.embedder}, but "
            f"{root} has {embedder.id}: copy the folder `embedder` from where it is served."
        )
    with write_lock(root):
        folder = IndexFolder(root)
        with closing(connect(folder.archive, read_only=False)) as db:
            # Milvus does not tell how its articles were split.
            forget_splittings(db)
            db.commit()
            n_moved = _fetch(tables, held, db, root, progress)
            expected = ReadBack(held.fingerprint, _written(tables, held))
            _compare(expected, _digest(Contents(db, held.number), progress), tables)
        publisher = LocalPublisher(folder)
        if folder.current() == 0 or not publisher.is_whole(held.embedder, 0):
            progress.start("Publishing", None)
            with closing(Store(folder.archive, held.number - 1)) as store:
                # How many vectors there are chooses the kind again: the engines differ in it.
                publisher.publish(store, IndexSpec(held.embedder, held.dim, held.max_tokens))
    return Copied(folder.current(), held.n_articles, held.n_passages, n_moved)


def _spec(manifest: SnapshotManifest | MilvusManifest) -> IndexSpec:
    """Return what the published index was made with."""
    return IndexSpec(
        manifest.embedder,
        manifest.dim,
        manifest.max_tokens,
        manifest.dense_kind,
    )


def _published(folder: IndexFolder) -> SnapshotManifest:
    """Return what is published in an index directory, if it is whole."""
    number = folder.current()
    if not number:
        raise IndexStateError(
            f"{folder.root} holds no published index: run `dateline build`, or `dateline verify "
            "--rebuild` where there is an archive.db, with DATELINE_ENGINE=local."
        )
    manifest = folder.verified(number)
    if manifest.n_embedded < manifest.n_passages:
        raise IndexStateError(
            f"{folder.root} lacks {manifest.n_passages - manifest.n_embedded} vectors: let "
            "`dateline build` finish first."
        )
    return manifest


def _must(tables: ArchiveTables) -> MilvusManifest:
    manifest = tables.manifest()
    if manifest is None:
        raise IndexStateError(f"{tables.milvus} holds no published archive: there is none to copy.")
    return manifest


def _fetch(
    tables: ArchiveTables,
    held: MilvusManifest,
    db: Connection,
    root: Path,
    progress: Progress,
) -> int:
    """Put what archive.db lacks into it; return how many articles that were."""
    contents = Contents(db, held.number)
    if contents.fingerprint() == held.fingerprint:
        return 0
    _begin(db, f"{held.number}/{held.checksum}", root)
    last_key = db.execute("SELECT coalesce(max(key), 0) FROM articles").fetchone()[0]
    n_there = len(contents.keys())
    progress.start("Fetching articles", held.n_articles)
    progress.advance(n_there)
    for first, last in ranges(held.last_key, last_key + 1):
        articles = tables.articles(held.number, first, last)
        put_whole(db, articles, held.embedder, held.number)
        db.commit()
        progress.advance(len(articles))
    db.execute("DELETE FROM meta WHERE name = ?", (_MARK,))
    db.commit()
    return len(contents.keys()) - n_there


def _begin(db: Connection, what: str, root: Path) -> None:
    """Note what is being copied; what is there of another copy that broke off goes."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (_MARK,)).fetchone()
    if row and row["value"] == what:
        return
    if not row and db.execute("SELECT 1 FROM articles LIMIT 1").fetchone():
        raise IndexStateError(f"{root} holds another archive: name an empty folder with --index.")
    db.execute("DELETE FROM articles")
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_MARK, what))
    db.commit()


def _digest(contents: Contents, progress: Progress) -> ReadBack:
    """Return what an archive.db holds, every byte of it read."""
    keys = contents.keys()
    progress.start("Checking archive.db", len(keys))

    def read() -> Iterable[WholeArticle]:
        for articles in contents.articles(keys):
            yield from articles
            progress.advance(len(articles))

    digest = sum(one.digest() for one in read()) % 2**64
    return ReadBack(contents.fingerprint(), digest)


def _written(tables: ArchiveTables, held: MilvusManifest) -> int:
    """Return the sum of what was noted of each article when it was written to Milvus."""
    return (
        sum(
            sum(tables.digests(held.number, first, last).values())
            for first, last in ranges(held.last_key, size=MANY)
        )
        % 2**64
    )


def _compare(one: ReadBack, other: ReadBack, tables: ArchiveTables) -> None:
    if one != other:
        raise IndexStateError(
            f"the copy and what it was made of differ ({one.fingerprint.n_articles} and "
            f"{other.fingerprint.n_articles} articles): {tables.milvus} may have been changed "
            "meanwhile. Copy again."
        )
