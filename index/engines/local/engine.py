"""The embedded engine: files of an index directory, searched in this process."""

from dataclasses import dataclass
from pathlib import Path

from index.building.progress import Progress
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.engines.local.publisher import LocalPublisher

__all__ = ["LocalEngine"]


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Publishes in, and searches, the index directory `root`; see `Engine`."""

    root: Path

    def open(self, threads: int) -> LocalArchive:
        """See `Engine.open`."""
        return LocalArchive(self.root, threads)

    def publisher(self, progress: Progress) -> LocalPublisher:
        """See `Engine.publisher`."""
        return LocalPublisher(IndexFolder(self.root))

    def verify(self, progress: Progress) -> str:
        """See `Engine.verify`."""
        # Here, not at the top: a server need not have it.
        from index.engines.local.verify import verify_index

        return verify_index(self.root)
