import gc
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks.dask_cluster import DaskCluster
from corpus.errors import WorkerError
from index.vectors.dask_pool import DaskPool
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Vectors
from tests.index.tiny_embedder import make_tiny_embedder

# Enough of them to be under way when something is killed.
BATCHES = [[f"the ferry sank {'rain ' * (n % 50)}"] * 200 for n in range(60)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_embedder(tmp_path_factory.mktemp("tiny") / "embedder")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    with DaskCluster(tmp_path) as cluster:
        yield cluster


@pytest.fixture(autouse=True)
def _leaves_no_thread() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    # One of an earlier test may end in between.
    assert set(threading.enumerate()) <= before
    # Killed while a client comes back to it, a scheduler leaves half a connection, which is in
    # Dask's hands: unless it is collected here, it warns in a test that has no part in it.
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


def assert_whole(folder: Path, found: list[Vectors]) -> None:
    here = OnnxEmbedder(folder, threads=1)
    assert len(found) == len(BATCHES)
    for texts, vectors in zip(BATCHES, found, strict=True):
        assert np.array_equal(vectors, here.embed_passages(texts))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense"])
def test_a_scheduler_that_is_not_there_is_told(folder: Path, address: str) -> None:
    with pytest.raises(WorkerError, match="no Dask scheduler can be reached at"):
        DaskPool(folder, address, connect_s=0.2).check()


@pytest.mark.e2e
def test_a_worker_that_dies_costs_nothing(folder: Path, cluster: DaskCluster) -> None:
    cluster.add_worker()
    cluster.add_worker()
    found = []
    for n, vectors in enumerate(DaskPool(folder, cluster.address).embed(BATCHES)):
        found.append(vectors)
        if n == 5:
            cluster.workers[0].kill()
    assert_whole(folder, found)


@pytest.mark.e2e
def test_a_scheduler_that_comes_back_is_waited_for(folder: Path, cluster: DaskCluster) -> None:
    cluster.add_worker()
    found = []
    for n, vectors in enumerate(DaskPool(folder, cluster.address).embed(BATCHES)):
        found.append(vectors)
        if n == 5:
            cluster.kill_scheduler()
            cluster.restart_scheduler()
            cluster.add_worker()
    assert_whole(folder, found)


@pytest.mark.e2e
def test_a_scheduler_that_stays_away_ends_the_run_with_a_sentence(
    folder: Path, cluster: DaskCluster
) -> None:
    cluster.add_worker()
    vectors = DaskPool(folder, cluster.address, connect_s=10.0, max_away_s=1.0).embed(BATCHES)
    next(vectors)
    cluster.kill_scheduler()
    with pytest.raises(WorkerError, match="the same command goes on from there"):
        list(vectors)


@pytest.mark.e2e
def test_a_cluster_without_workers_is_told(folder: Path, cluster: DaskCluster) -> None:
    with pytest.raises(WorkerError, match="has had no workers"):
        list(DaskPool(folder, cluster.address, max_away_s=1.0).embed(BATCHES))


@pytest.mark.e2e
def test_a_worker_without_the_package_is_told(folder: Path, cluster: DaskCluster) -> None:
    pool = DaskPool(folder, cluster.address)
    cluster.add_worker("import sys; sys.modules['index'] = None;")
    with pool.connect(0.0) as client:
        client.wait_for_workers(1)
    with pytest.raises(WorkerError, match="needs this version of Dateline"):
        list(pool.embed(BATCHES))
