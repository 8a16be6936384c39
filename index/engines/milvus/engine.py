"""The distributed engine: an archive held and searched by a Milvus server or cluster."""

from dataclasses import dataclass
from pathlib import Path

from index.building.progress import Progress
from index.engines.local.folder import IndexFolder
from index.engines.milvus.archive import MilvusArchive
from index.engines.milvus.publisher import MilvusPublisher
from index.engines.milvus.tables import ArchiveTables
from index.engines.milvus.verify import verify_milvus

__all__ = ["MilvusEngine"]


@dataclass(frozen=True, slots=True)
class MilvusEngine:
    """Publishes in, and searches, `tables`; texts and embedder are in `root`. See `Engine`."""

    root: Path
    tables: ArchiveTables

    def open(self, threads: int) -> MilvusArchive:
        """See `Engine.open`."""
        return MilvusArchive(self.tables, IndexFolder(self.root).embedder, threads)

    def publisher(self, progress: Progress) -> MilvusPublisher:
        """See `Engine.publisher`."""
        return MilvusPublisher(self.root, self.tables, progress)

    def verify(self, progress: Progress) -> str:
        """See `Engine.verify`.

        Raises:
            ArchiveUnavailableError: Milvus does not answer.
        """
        return verify_milvus(self.tables, IndexFolder(self.root).embedder, progress)
