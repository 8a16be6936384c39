"""Whether an index is sound: its files, its database, and every bound of every passage."""

from pathlib import Path

from corpus.errors import IndexStateError
from index.engines.local.folder import IndexFolder, SnapshotManifest
from index.files import sha256_of
from index.store.database import connect
from index.store.rows import JOINED_PASSAGES, LIVE, StoredPassage, read_passage
from index.store.soundness import Soundness, sound_database
from index.store.sqlite import Connection
from index.store.versions import check_versions
from index.vectors.embedder import EmbedderManifest

__all__ = ["verify_embedder", "verify_index", "verify_passage"]


def verify_index(root: Path) -> str:
    """Check all that an index holds; return one line that says what was checked.

    Raises:
        IndexStateError: something is missing, damaged, or does not fit the rest.
        ModelError: the embedder's manifest is missing or damaged.
    """
    folder = IndexFolder(root)
    number = folder.current()
    if not number:
        raise IndexStateError(f"{root} holds no published index: run `dateline build` first.")
    manifest = folder.verified(number)
    verify_embedder(folder.embedder)
    db = connect(folder.archive, read_only=True)
    try:
        n_passages = _verify_database(db, folder.archive, manifest)
    finally:
        db.close()
    return (
        f"Snapshot {number} is sound: {manifest.n_articles} articles, {n_passages} passages, "
        f"{manifest.n_embedded} embedded, {len(manifest.files)} files."
    )


def verify_embedder(folder: Path) -> None:
    """Check the files of an embedder.

    Raises:
        IndexStateError: one is missing or damaged.
        ModelError: the manifest is.
    """
    for name, expected in EmbedderManifest.read(folder).sha256.items():
        path = folder / name
        if not path.is_file() or sha256_of(path) != expected:
            raise IndexStateError(
                f"{path} is missing or damaged: delete {folder} "
                "and build again; nothing is embedded twice."
            )


def verify_passage(stored: StoredPassage) -> None:
    """Check that a passage lies in its article.

    Raises:
        IndexStateError: it does not.
    """
    bounds = [edge for sentence in stored.passage.sentences for edge in sentence]
    if bounds != sorted(bounds) or bounds[-1] > len(stored.article.text):
        raise IndexStateError(
            f"article {stored.article.id}: passage {stored.passage.id} lies outside its text."
        )


def _verify_database(db: Connection, path: Path, manifest: SnapshotManifest) -> int:
    with sound_database(path):
        finding = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if finding != "ok":
            raise IndexStateError(f"{path} is damaged: {finding}. Restore it from a backup.")
        soundness = Soundness.of(db, path, manifest.embedder)
        count = 0
        rows = db.execute(f"{JOINED_PASSAGES} WHERE {LIVE}", {"n": manifest.number})
        for count, row in enumerate(rows, start=1):  # noqa: B007 - read after the loop
            stored = read_passage(row)
            verify_passage(stored)
            soundness.check_passage(stored, row["vector"], row["hash"])
        check_versions(db, manifest.number)
    if count != manifest.n_passages:
        raise IndexStateError(
            f"{path} has {count} passages, the snapshot {manifest.n_passages}. "
            "Run `dateline verify --rebuild`."
        )
    return count
