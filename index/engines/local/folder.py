"""Snapshots: what is derived from archive.db, written aside and published in one step.

INDEX_DIR/
  archive.db        articles, passages, vectors
  embedder/         the exported embedder
  CURRENT           number of the published snapshot
  snapshots/7/      dense.faiss, lexical/, manifest.json
"""

import shutil
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import IndexStateError
from index.engines.engine import IndexSpec
from index.files import replace_text, share_file, sync_tree
from index.lexical.bm25 import LexicalIndex
from index.lexical.draft import Draft, lexical_passage
from index.store.database import SCHEMA_VERSION
from index.store.store import Store
from index.vectors.dense import DenseIndex, DenseKind, kind_for
from index.vectors.onnx_model import sha256_of

__all__ = ["IndexFolder", "SnapshotFile", "SnapshotManifest"]

_REBUILD = "Run `dateline verify --rebuild`: it makes the snapshot again without embedding."


class SnapshotFile(BaseModel):
    """Size in bytes and SHA-256 of one file of a snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class SnapshotManifest(BaseModel):
    """`manifest.json`: what a snapshot holds and was made with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: str
    number: int
    embedder: str
    dim: int
    max_tokens: int
    n_articles: int
    n_passages: int
    n_embedded: int
    dense_kind: DenseKind = "exact"
    files: dict[str, SnapshotFile]


@dataclass(frozen=True, slots=True)
class _Base:
    """A snapshot that the next one takes over."""

    folder: Path
    manifest: SnapshotManifest


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """The paths of an index directory, and the steps of publishing in it; a `Publisher`.

    `draft` is the lexical index of a generation that is being written, where there is one.
    """

    root: Path
    draft: Draft | None = None

    @property
    def words_first(self) -> bool:
        """See `Publisher.words_first`."""
        return True

    @property
    def archive(self) -> Path:
        """The database."""
        return self.root / "archive.db"

    @property
    def embedder(self) -> Path:
        """The exported embedder."""
        return self.root / "embedder"

    def snapshot(self, number: int) -> Path:
        """The folder of a snapshot."""
        return self.root / "snapshots" / str(number)

    def begin(self, store: Store) -> "tuple[IndexFolder, Draft | None]":
        """See `Publisher.begin`."""
        # Of an archive that was never published nothing can be taken over.
        if store.published:
            return self, None
        number = store.generation
        draft = Draft(self.root / "snapshots" / f".{number}.words", number)
        return replace(self, draft=draft), draft

    def current(self) -> int:
        """Return the number of the published snapshot, 0 when there is none yet.

        Raises:
            IndexStateError: `CURRENT` holds no number.
        """
        path = self.root / "CURRENT"
        try:
            return int(path.read_text(encoding="ascii"))
        except FileNotFoundError:
            return 0
        except ValueError as error:
            raise IndexStateError(f"{path} is damaged: it holds no number. {_REBUILD}") from error

    def open_store(self) -> Store:
        """See `Publisher.open_store`."""
        return Store(self.archive, self.current())

    def is_whole(self, embedder: str, n_missing: int) -> bool:
        """See `Publisher.is_whole`."""
        try:
            manifest = self.verified(self.current())
        except IndexStateError:
            return False
        held = manifest.n_passages - manifest.n_embedded
        return manifest.embedder == embedder and held == n_missing

    def unpublish(self) -> None:
        """Have no snapshot any more: archive.db goes on where these files do not follow."""
        (self.root / "CURRENT").unlink(missing_ok=True)
        shutil.rmtree(self.root / "snapshots", ignore_errors=True)

    def publish(self, store: Store, spec: IndexSpec, *, rebuild: bool = False) -> int:
        """Write the store's generation as a snapshot, publish it, and drop the older ones.

        Where it only adds to the published one, that is taken over and the rest added to it,
        unless all is to be rebuilt.
        """
        number = store.generation
        store.commit()
        base = None if rebuild else self._base(store, spec.embedder)
        aside = self.root / "snapshots" / f".{number}.new"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        counts = store.counts()
        kind = spec.dense_kind or kind_for(counts["n_embedded"])
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
        target = self.snapshot(number)
        # Left by a run that ended between the next two steps.
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
        sync_tree(target.parent)
        replace_text(self.root / "CURRENT", str(number))
        store.advance()
        self._drop_all_but(number)
        return number

    def _base(self, store: Store, embedder: str) -> "_Base | None":
        """Return the published snapshot if the next one only adds to it.

        What was removed must be gone from the bytes of the files: then all are made anew.
        """
        number = store.published
        try:
            if number and number == self.current() and store.only_adds():
                manifest = self.verified(number)
                base = _Base(self.snapshot(number), manifest)
                return base if manifest.embedder == embedder else None
        except IndexStateError:
            pass  # damaged: make it anew
        return None

    def verified(self, number: int) -> SnapshotManifest:
        """Return the manifest of a snapshot whose files are all as they were published.

        Raises:
            IndexStateError: a file is missing, of other size or content, or of another version.
        """
        folder = self.snapshot(number)
        try:
            manifest = SnapshotManifest.model_validate_json((folder / "manifest.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise IndexStateError(
                f"{folder / 'manifest.json'} is missing or damaged. {_REBUILD}"
            ) from error
        if manifest.schema_version != SCHEMA_VERSION:
            raise IndexStateError(
                f"{folder} has schema version {manifest.schema_version}, this Dateline reads "
                f"{SCHEMA_VERSION}. {_REBUILD}"
            )
        for name, expected in manifest.files.items():
            path = folder / name
            # Size first: it is free, and a truncated file is the most likely damage.
            if not path.is_file() or path.stat().st_size != expected.size:
                raise IndexStateError(f"{path} is missing or of another size. {_REBUILD}")
            if sha256_of(path) != expected.sha256:
                raise IndexStateError(f"{path} is damaged (its SHA-256 differs). {_REBUILD}")
        return manifest

    def _drop_all_but(self, number: int) -> None:
        for folder in (self.root / "snapshots").iterdir():
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
