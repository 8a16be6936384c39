"""Changes to an archive that is being served."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from corpus.sources import Record
from corpus.splitting import Limit
from index.building.builder import Builder, BuildReport, OnConflict, Progress
from index.engines.engine import ServedArchive
from index.files import write_lock
from index.vectors.embedder import Embedder
from index.vectors.types import Vectors
from service.priority import giving_way
from service.settings import Settings
from service.wiring import open_builder

__all__ = ["ArticleWriter", "IndexWriter", "StoppableEmbedder", "Writer"]

# Texts embedded between two looks at whether to stop.
_STOPPABLE_TEXTS = 32
# Between two looks at whether to stop waiting for another thread.
_LOOK_AGAIN_S = 0.05


class ArticleWriter(Protocol):
    """Adds and removes articles, one run at a time; readers go on with what is published."""

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


class Writer(ArticleWriter, Protocol):
    """Changes an archive in every way."""

    def hold(self, ids: Sequence[str], why: str, by: str, progress: Progress) -> BuildReport:
        """Take articles out of the answers; see `Builder.hold`."""
        ...

    def release(self, ids: Sequence[str], by: str, progress: Progress) -> BuildReport:
        """Put articles back into the answers; see `Builder.release`."""
        ...


@dataclass(frozen=True, slots=True)
class IndexWriter:
    """Changes the index directory that the settings name, and `archive` serves; see `Writer`.

    Threads of one process wait for each other; another process that writes is told as busy.
    """

    settings: Settings
    archive: ServedArchive
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def check_free(self) -> None:
        """See `Writer.check_free`."""
        # What this process does is soon over, and waited for.
        if self._turn.acquire(blocking=False):
            try:
                with write_lock(self.settings.index_dir):
                    pass
            finally:
                self._turn.release()

    def add(
        self, records: Iterable[Record], progress: Progress, on_conflict: OnConflict = "replace"
    ) -> BuildReport:
        """See `Writer.add`."""
        with self._in_turn(progress):
            with giving_way():
                report = replace(self._builder(progress), on_conflict=on_conflict).add(records)
            if report.replaced:
                self.archive.forget_removed(lambda: progress.advance(0))
        return report

    def remove(self, ids: Sequence[str], progress: Progress) -> BuildReport:
        """See `Writer.remove`."""
        with self._in_turn(progress):
            with giving_way():
                report = self._builder(progress).remove(ids)
            self.archive.forget_removed(lambda: progress.advance(0))
        return report

    def hold(self, ids: Sequence[str], why: str, by: str, progress: Progress) -> BuildReport:
        """See `Writer.hold`."""
        with self._in_turn(progress), giving_way():
            return self._builder(progress).hold(ids, why, by)

    def release(self, ids: Sequence[str], by: str, progress: Progress) -> BuildReport:
        """See `Writer.release`."""
        with self._in_turn(progress), giving_way():
            return self._builder(progress).release(ids, by)

    @contextmanager
    def _in_turn(self, progress: Progress) -> Iterator[None]:
        """Wait until no other thread of this process writes; what `progress` raises ends that."""
        while not self._turn.acquire(timeout=_LOOK_AGAIN_S):
            progress.advance(0)
        try:
            yield
        finally:
            self._turn.release()

    def _builder(self, progress: Progress) -> Builder:
        # For each run: between two of them its model takes no memory.
        builder = open_builder(self.settings, self.settings.index_dir, progress)
        return replace(
            builder, embedder=StoppableEmbedder(builder.embedder, lambda: progress.advance(0))
        )


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
