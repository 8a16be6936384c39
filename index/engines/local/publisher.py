"""Publishes snapshots: derived from archive.db, written aside and put in place in one step."""

import shutil
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from corpus.errors import IndexStateError
from index.engines.engine import IndexSpec
from index.engines.local.folder import IndexFolder, SnapshotFile, SnapshotManifest
from index.files import replace_text, sha256_of, share_file, sync_tree
from index.lexical.bm25 import LexicalIndex
from index.lexical.draft import Draft, lexical_passage
from index.store.database import SCHEMA_VERSION
from index.store.store import Store
from index.vectors.dense import DenseIndex
from index.vectors.kinds import DenseKind

__all__ = ["LocalPublisher"]


@dataclass(frozen=True, slots=True)
class _Base:
    """A snapshot that the next one takes over."""

    folder: Path
    manifest: SnapshotManifest


@dataclass(frozen=True, slots=True)
class LocalPublisher:
    """Publishes in the files of an index directory; see `Publisher`.

    `draft` is the lexical index of a generation that is being written, where there is one.
    """

    folder: IndexFolder
    draft: Draft | None = None

    @property
    def words_first(self) -> bool:
        """See `Publisher.words_first`."""
        return True

    def open_store(self) -> Store:
        """See `Publisher.open_store`."""
        number = self.folder.current()
        if number:
            # A run that ended just after it published left older ones.
            self._drop_all_but(number)
        return Store(self.folder.archive, number)

    def begin(self, store: Store) -> "tuple[LocalPublisher, Draft | None]":
        """See `Publisher.begin`."""
        # Of an archive that was never published nothing can be taken over.
        if store.published:
            return self, None
        number = store.generation
        draft = Draft(self.folder.root / "snapshots" / f".{number}.words", number)
        return replace(self, draft=draft), draft

    def is_whole(self, embedder: str, n_missing: int) -> bool:
        """See `Publisher.is_whole`."""
        try:
            manifest = self.folder.verified(self.folder.current())
        except IndexStateError:
            return False
        held = manifest.n_passages - manifest.n_embedded
        return manifest.embedder == embedder and held == n_missing

    def publish(self, store: Store, spec: IndexSpec, *, rebuild: bool = False) -> int:
        """Write the store's generation as a snapshot, publish it, and drop the older ones.

        Where it only adds to the published one, that is taken over and the rest added to it,
        unless all is to be rebuilt.
        """
        number = store.generation
        store.commit()
        base = None if rebuild else self._base(store, spec.embedder)
        aside = self.folder.root / "snapshots" / f".{number}.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        counts = store.counts()
        kind = spec.kind(counts["n_embedded"])
        _make_dense(store, spec.dim, kind, counts["n_embedded"], base, aside)
        _make_lexical(store, base, self.draft, aside / "lexical")
        manifest = SnapshotManifest(
            schema_version=SCHEMA_VERSION,
            number=number,
            embedder=spec.embedder,
            dim=spec.dim,
            max_tokens=spec.max_tokens,
            **counts,
            dense_kind=kind,
            files=_files(aside, base),
        )
        (aside / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        sync_tree(aside)
        target = self.folder.snapshot(number)
        # Left by a run that ended between the next two steps.
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
        sync_tree(target.parent)
        replace_text(self.folder.root / "CURRENT", str(number))
        store.advance()
        self._drop_all_but(number)
        return number

    def _base(self, store: Store, embedder: str) -> "_Base | None":
        """Return the published snapshot if the next one only adds to it.

        What was removed must be gone from the bytes of the files: then all are made anew.
        """
        number = store.published
        try:
            if number and number == self.folder.current() and store.only_adds():
                manifest = self.folder.verified(number)
                base = _Base(self.folder.snapshot(number), manifest)
                return base if manifest.embedder == embedder else None
        except IndexStateError:
            pass  # damaged: make it anew
        return None

    def _drop_all_but(self, number: int) -> None:
        for folder in (self.folder.root / "snapshots").glob("*"):
            if folder.name != str(number):
                shutil.rmtree(folder, ignore_errors=True)


def _make_dense(
    store: Store, dim: int, kind: DenseKind, n_vectors: int, base: _Base | None, folder: Path
) -> None:
    """Put the dense index of all vectors into a folder, from that of `base` on."""
    before = base.folder / "dense.faiss" if base and base.manifest.dense_kind == kind else None
    if base and before and base.manifest.n_embedded == n_vectors:
        share_file(before, folder)
        return
    dense = DenseIndex.read(before) if before else None
    if dense is None or dense.is_outgrown(n_vectors):
        dense = DenseIndex.empty(dim, kind, n_vectors)
    dense.add(np.setdiff1d(store.embedded(), dense.keys()), partial(store.vectors, dim=dim))
    dense.write(folder / "dense.faiss")


def _files(folder: Path, base: _Base | None) -> dict[str, SnapshotFile]:
    """Return the facts of each file; those shared with `base` were checked there."""
    files = {}
    for path in sorted(folder.rglob("*")):
        # tantivy's lock files come and go with a writer; they hold nothing.
        if not path.is_file() or path.suffix == ".lock":
            continue
        name = path.relative_to(folder).as_posix()
        known = base.manifest.files.get(name) if base else None
        if base and known and path.samefile(base.folder / name):
            files[name] = known
        else:
            files[name] = SnapshotFile(size=path.stat().st_size, sha256=sha256_of(path))
    return files


def _make_lexical(store: Store, base: _Base | None, draft: Draft | None, folder: Path) -> None:
    """Put the lexical index into a folder: from that of `base` on, or the draft if it fits."""
    if base is None and draft and draft.number == store.generation:
        missing = draft.missing(store.keys())
        if missing is not None:
            draft.finish(store.passages_of(missing), folder)
            return
    passages = map(lexical_passage, store.live_passages(only_new=base is not None))
    LexicalIndex.build(folder, passages, base.folder / "lexical" if base else None)
