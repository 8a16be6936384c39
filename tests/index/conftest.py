from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.milvus_server import MilvusServer
from tests.conftest import HashEmbedder
from tests.index.engines.both import LocalEngine, MilvusEngine


@pytest.fixture
def milvus(
    milvus_lite: MilvusServer, tmp_path: Path, embedder: HashEmbedder
) -> Iterator[MilvusEngine]:
    engine = MilvusEngine(tmp_path / "index", embedder, milvus_lite.uri)
    yield engine
    engine.tables().drop()


@pytest.fixture(params=["local", pytest.param("milvus", marks=pytest.mark.e2e)])
def engine(request: pytest.FixtureRequest, tmp_path: Path, embedder: HashEmbedder) -> LocalEngine:
    """Return each engine in turn, with an archive that is empty."""
    if request.param == "local":
        return LocalEngine(tmp_path / "index", embedder)
    found: MilvusEngine = request.getfixturevalue("milvus")
    return found
