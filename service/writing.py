"""Changes to an archive that is being served."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from corpus.sources import Record
from corpus.splitting import Limit
from index.building.builder import Builder, BuildReport, OnConflict, Progress
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.files import write_lock
from index.store.database import empty_log
from index.vectors.embedder import Embedder, Vectors
from service.priority import giving_way
from service.settings import Settings
from service.wiring import OpenArchive, open_builder

__all__ = ["IndexWriter", "StoppableEmbedder", "Writer", "forget_removed"]

# Texts embedded between two looks at whether to stop.
_STOPPABLE_TEXTS = 32
# As long as most questions take; a job is not held up for ever by one that never ends.
_MAX_WAIT_S = 5.0
_LOOK_AGAIN_S = 0.05


class Writer(Protocol):
    """Changes an archive, one run at a time; readers go on with what is published."""

    def check_free(self) -> None:
        """Tell whether a run could begin now.

        Raises:
            IndexBusyError: another process is writing.
        """
        ...

    def add(
        self, records: Iterable[Record], progress: Progress, on_conflict: OnConflict = "replace"
    ) -> BuildReport:
        """Add articles, each in place of one with the same id; see `Builder.on_conflict`.

        What `progress` raises ends the run, and leaves the archive as it was last published.

        Raises:
            IndexBusyError: another process is writing.
        """
        ...

    def remove(self, ids: Sequence[str], progress: Progress) -> BuildReport:
        """Remove articles.

        Raises:
            RequestError: an id is not in the archive; nothing is removed then.
            IndexBusyError: another process is writing.
        """
        ...


@dataclass(frozen=True, slots=True)
class IndexWriter:
    """Changes the index directory that the settings name, and `archive` serves; see `Writer`."""

    settings: Settings
    archive: OpenArchive

    def check_free(self) -> None:
        """See `Writer.check_free`."""
        with write_lock(self.settings.index_dir):
            pass

    def add(
        self, records: Iterable[Record], progress: Progress, on_conflict: OnConflict = "replace"
    ) -> BuildReport:
        """See `Writer.add`."""
        with giving_way():
            report = replace(self._builder(progress), on_conflict=on_conflict).add(records)
        if report.replaced:
            self._forget_removed(progress)
        return report

    def remove(self, ids: Sequence[str], progress: Progress) -> BuildReport:
        """See `Writer.remove`."""
        with giving_way():
            report = self._builder(progress).remove(ids)
        self._forget_removed(progress)
        return report

    def _forget_removed(self, progress: Progress) -> None:
        # Only what is served from the files of the index directory keeps rows of it.
        if isinstance(self.archive, LocalArchive):
            forget_removed(self.archive, self.settings.index_dir, lambda: progress.advance(0))

    def _builder(self, progress: Progress) -> Builder:
        # For each run: between two of them its model takes no memory.
        builder = open_builder(self.settings, self.settings.index_dir, progress)
        return replace(
            builder, embedder=StoppableEmbedder(builder.embedder, lambda: progress.advance(0))
        )


def forget_removed(archive: LocalArchive, root: Path, check: Callable[[], None]) -> None:
    """Have what was removed leave the files of an index that this process serves.

    SQLite keeps it for as long as a snapshot that is held may read it. Questions that are being
    answered hold theirs, so this waits for them, within limits: what remains goes with the next
    publication. What `check` raises ends the wait.
    """
    path, end_s = IndexFolder(root).archive, time.monotonic() + _MAX_WAIT_S
    while time.monotonic() < end_s:
        check()
        archive.renew()
        # Twice at least: what is served must first be out of the log, and then be read from there.
        if empty_log(path):
            return
        time.sleep(_LOOK_AGAIN_S)


@dataclass(frozen=True, slots=True)
class StoppableEmbedder:
    """An embedder that calls `check` every few texts; see `index.vectors.embedder.Embedder`."""

    inner: Embedder
    check: Callable[[], None]

    @property
    def id(self) -> str:
        """See `Embedder.id`."""
        return self.inner.id

    @property
    def dim(self) -> int:
        """See `Embedder.dim`."""
        return self.inner.dim

    @property
    def limit(self) -> Limit:
        """See `Embedder.limit`."""
        return self.inner.limit

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`."""
        parts = [np.empty((0, self.dim), np.float32)]
        for first in range(0, len(texts), _STOPPABLE_TEXTS):
            self.check()
            parts.append(self.inner.embed_passages(texts[first : first + _STOPPABLE_TEXTS]))
        vectors: Vectors = np.concatenate(parts)
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """See `Embedder.embed_query`."""
        return self.inner.embed_query(text)
