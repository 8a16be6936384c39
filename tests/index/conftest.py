from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.milvus_server import MilvusServer, milvus_server
from tests.conftest import HashEmbedder
from tests.index.engines import LocalEngine, MilvusEngine


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """Run one Milvus server for all tests: its start takes a second."""
    with milvus_server(tmp_path_factory.mktemp("milvus")) as running:
        yield running


@pytest.fixture
def milvus(server: MilvusServer, tmp_path: Path, embedder: HashEmbedder) -> Iterator[MilvusEngine]:
    engine = MilvusEngine(tmp_path / "index", embedder, server.uri)
    yield engine
    engine.tables().drop()


@pytest.fixture(params=["local", pytest.param("milvus", marks=pytest.mark.e2e)])
def engine(request: pytest.FixtureRequest, tmp_path: Path, embedder: HashEmbedder) -> LocalEngine:
    """Return each engine in turn, with an archive that is empty."""
    if request.param == "local":
        return LocalEngine(tmp_path / "index", embedder)
    found: MilvusEngine = request.getfixturevalue("milvus")
    return found
