"""The embedded engine: an index directory of this machine, searched in this process."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexStateError
from index.engines.local.folder import IndexFolder
from index.engines.local.snapshot import LocalSnapshot
from index.search.retriever import RetrievalSettings
from index.store.database import empty_log
from index.vectors.embedder import Embedder
from index.vectors.onnx_embedder import OnnxEmbedder

__all__ = ["LocalArchive"]

# Between two attempts at a snapshot that cannot be read: each hashes all of its files.
_TRY_AGAIN_S = 30.0
# As long as most questions take; a run is not held up for ever by one that never ends.
_MAX_WAIT_S = 5.0
_LOOK_AGAIN_S = 0.05
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Failure:
    """An attempt to open the snapshot `number`, at a time in seconds; None: no number was told."""

    number: int | None
    at_s: float


class LocalArchive:
    """An index directory that is being served: moves to each new snapshot as it is published.

    One that cannot be read is tried again from time to time; meanwhile the one before is served,
    whose files and rows are held open. `embedder` stands in for the one that the index carries,
    which is loaded when first needed. `clock` returns seconds.
    """

    def __init__(
        self,
        root: Path,
        threads: int,
        settings: RetrievalSettings | None = None,
        embedder: Embedder | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = IndexFolder(root)
        self._threads = threads
        self._settings = settings or RetrievalSettings()
        self._snapshot: LocalSnapshot | None = None
        self._embedder = embedder
        self._clock = clock
        self._failure: _Failure | None = None
        self._opening = threading.Lock()

    def current(self) -> LocalSnapshot:
        """See `Archive.current`. Callers of the old snapshot go on with it while one opens."""
        held = self._snapshot
        if held is None:
            return self._first()
        number = self._published()
        if number == held.manifest.number:
            held.trouble = None
            return held
        # While another thread opens the new snapshot the old one still answers.
        if not self._opening.acquire(blocking=False):
            return held
        try:
            return self._newer_than(held, number)
        finally:
            self._opening.release()

    def renew(self) -> None:
        """See `LocalSnapshot.renew`, for the newest snapshot.

        Raises:
            IndexStateError: see `current`.
        """
        self.current().renew(self._folder)

    def forget_removed(self, raise_if_cancelled: Callable[[], None]) -> None:
        """Have what was removed leave the files of the index that this process serves.

        SQLite keeps it for as long as a snapshot that is held may read it. Questions that are being
        answered hold theirs, so this waits for them, within limits: what remains goes with the next
        publication. What `raise_if_cancelled` raises ends the wait.
        """
        end_s = self._clock() + _MAX_WAIT_S
        while self._clock() < end_s:
            raise_if_cancelled()
            self.renew()
            # Twice at least: what is served must first be out of the log, and then be read from
            # there.
            if empty_log(self._folder.archive):
                return
            time.sleep(_LOOK_AGAIN_S)

    def _published(self) -> int | None:
        """Return the number of the published snapshot, None when none can be told."""
        try:
            return self._folder.current()
        except (IndexStateError, OSError):
            return None

    def _first(self) -> LocalSnapshot:
        with self._opening:
            if self._snapshot is None:
                self._snapshot = self._open()
            return self._snapshot

    def _newer_than(self, held: LocalSnapshot, number: int | None) -> LocalSnapshot:
        """Return the published snapshot, or `held` where that cannot be read."""
        failure, now_s = self._failure, self._clock()
        if failure and failure.number == number and now_s < failure.at_s + _TRY_AGAIN_S:
            return held
        try:
            self._snapshot = newer = self._open()
        except Exception as error:  # whatever is wrong with the new one, the old one is sound
            self._failure = _Failure(number, now_s)
            held.trouble = str(error)
            _log.warning(
                "The newest snapshot cannot be read, so %d is still served: %s",
                held.manifest.number,
                error,
            )
            return held
        self._failure = None
        return newer

    def _open(self) -> LocalSnapshot:
        while True:
            number = self._folder.current()
            try:
                snapshot = LocalSnapshot.open(self._folder, self._load_embedder, self._settings)
            except IndexStateError:
                # A newer snapshot may have taken this one's place while it was being read.
                if self._folder.current() == number:
                    raise
                continue
            if self._folder.current() == snapshot.manifest.number:
                return snapshot

    def _load_embedder(self) -> Embedder:
        if self._embedder is None:
            self._embedder = OnnxEmbedder(self._folder.embedder, self._threads)
        return self._embedder
