"""The engines, each on an archive of its own, as the contract tests use them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.splitting import Splitter
from index.building.builder import Builder
from index.engines.archive import BrowsableArchive
from index.engines.local.archive import LocalArchive
from index.vectors.embedder import Embedder
from tests.conftest import HashEmbedder

if TYPE_CHECKING:
    from index.engines.milvus.tables import ArchiveTables

__all__ = ["LocalEngine", "MilvusEngine"]


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Files in the index directory `root`."""

    root: Path
    embedder: HashEmbedder

    def builder(self) -> Builder:
        return Builder(self.root, self.embedder, Splitter(40, self.embedder.limit))

    def archive(self, embedder: Embedder | None = None) -> BrowsableArchive:
        return LocalArchive(self.root, threads=1, embedder=embedder or self.embedder)


@dataclass(frozen=True, slots=True)
class MilvusEngine(LocalEngine):
    """A Milvus server at `uri`, written from the index directory `root`."""

    uri: str

    def builder(self) -> Builder:
        from index.building.progress import Silent
        from index.engines.milvus.publisher import MilvusPublisher

        local = LocalEngine.builder(self)
        return replace(local, publisher=MilvusPublisher(self.root, self.tables(), Silent()))

    def archive(self, embedder: Embedder | None = None) -> BrowsableArchive:
        from index.engines.milvus.archive import MilvusArchive

        return MilvusArchive(self.tables(), self.root, 1, embedder=embedder or self.embedder)

    def tables(self) -> "ArchiveTables":
        from index.engines.milvus.client import Milvus, MilvusAddress
        from index.engines.milvus.tables import ArchiveTables

        return ArchiveTables(Milvus(MilvusAddress(self.uri)))
