"""The files of an index directory, and whether they are as they were published.

INDEX_DIR/
  archive.db        articles, passages, vectors
  embedder/         the exported embedder
  CURRENT           number of the published snapshot
  snapshots/7/      dense.faiss, lexical/, manifest.json
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import IndexStateError
from index.files import sha256_of
from index.store.database import SCHEMA_VERSION
from index.vectors.kinds import DenseKind

__all__ = ["IndexFolder", "SnapshotFile", "SnapshotManifest"]

_REBUILD = "Run `dateline verify --rebuild`: it makes the snapshot again without embedding."


class SnapshotFile(BaseModel):
    """Size in bytes and SHA-256 of one file of a snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class SnapshotManifest(BaseModel):
    """`manifest.json`: what a snapshot holds and was made with."""

    # Other versions noted more.
    model_config = ConfigDict(frozen=True, extra="ignore")

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
class IndexFolder:
    """The paths of an index directory, and what is published in it."""

    root: Path

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

    def unpublish(self) -> None:
        """Have no snapshot any more: archive.db goes on where these files do not follow."""
        (self.root / "CURRENT").unlink(missing_ok=True)
        shutil.rmtree(self.root / "snapshots", ignore_errors=True)

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
