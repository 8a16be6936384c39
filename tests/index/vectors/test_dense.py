"""Each kind of dense index finds what a scan by numpy finds."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
import pytest

from index.vectors.dense import DenseIndex
from index.vectors.kinds import DenseKind, kind_for
from index.vectors.types import Batch, Keys, ReadVectors

DIM, N = 32, 3000
KINDS = get_args(DenseKind)

Floats = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def vectors() -> Floats:
    rng = np.random.default_rng(5)
    around = rng.normal(size=(60, DIM))
    rows = around[rng.integers(60, size=N)] + 0.5 * rng.normal(size=(N, DIM))
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def reader(vectors: Floats) -> ReadVectors:
    def read(keys: Keys) -> Iterator[Batch]:
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            yield some, vectors[some // 2].astype(np.float16)

    return read


def filled(kind: DenseKind, vectors: Floats, n: int = N) -> DenseIndex:
    index = DenseIndex.empty(DIM, kind, n)
    # Keys need not be in a row.
    index.add(2 * np.arange(n), reader(vectors))
    return index


@pytest.fixture(scope="module", params=KINDS)
def index(request: pytest.FixtureRequest, vectors: Floats) -> DenseIndex:
    kind: DenseKind = request.param
    return filled(kind, vectors)


def share_found(index: DenseIndex, vectors: Floats, allowed: npt.NDArray[np.bool_] | None) -> float:
    found = wanted = 0
    for query in vectors[::100]:
        scores = vectors @ query
        if allowed is not None:
            scores = np.where(allowed[::2], scores, -9.0)
        best = {2 * int(i) for i in np.argsort(-scores)[:10] if scores[i] > -9}
        hits = index.search(query, 10, allowed, reader(vectors))
        assert list(hits.values()) == sorted(hits.values(), reverse=True)
        assert all(allowed is None or allowed[key] for key in hits)
        found += len(best & hits.keys())
        wanted += len(best)
    return found / wanted


@pytest.mark.parametrize("one_in", [None, 1, 2, 20, 700])
def test_the_nearest_of_those_allowed_are_found(
    index: DenseIndex, one_in: int | None, vectors: Floats
) -> None:
    allowed = None if one_in is None else np.arange(2 * N) % (2 * one_in) == 0
    assert share_found(index, vectors, allowed) > 0.97


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_can_be_written_read_and_added_to(
    kind: DenseKind, vectors: Floats, tmp_path: Path
) -> None:
    filled(kind, vectors, 2000).write(tmp_path / "dense.faiss")
    index = DenseIndex.read(tmp_path / "dense.faiss")
    assert (index.kind, len(index)) == (kind, 2000)
    index.add(2 * np.arange(2000, N), reader(vectors))
    assert index.keys().tolist() == list(range(0, 2 * N, 2))
    assert share_found(index, vectors, None) > 0.97


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_index_finds_nothing(kind: DenseKind, vectors: Floats) -> None:
    index = DenseIndex.empty(DIM, kind, 0)
    index.add(np.zeros(0, np.int64), reader(vectors))
    assert index.search(vectors[0], 10, None, reader(vectors)) == {}
    assert index.search(vectors[0], 10, np.zeros(9, bool), reader(vectors)) == {}


def test_codes_only_choose_what_is_looked_at_again(vectors: Floats) -> None:
    index = filled("ivf-pq", vectors, 1000)
    found = index.search(vectors[0], 10, None, reader(vectors))
    assert next(iter(found)) == 0
    for key, cosine in found.items():
        assert cosine == pytest.approx(float(vectors[key // 2] @ vectors[0]), abs=2e-3)


@pytest.mark.parametrize("n", [1, 2, 15, 17])
def test_fewer_vectors_than_codes_are_all_found(n: int, vectors: Floats) -> None:
    index = filled("ivf-pq", vectors, n)
    assert index.search(vectors[0], 20, None, reader(vectors)).keys() == set(range(0, 2 * n, 2))


def test_lists_are_made_anew_when_they_have_grown_long(vectors: Floats) -> None:
    index = filled("ivf-pq", vectors, 100)
    assert [index.is_outgrown(n) for n in (100, 400, 441)] == [False, False, True]
    assert not filled("hnsw", vectors, 100).is_outgrown(10**9)


def test_the_kind_follows_from_the_number_of_vectors() -> None:
    kinds = [kind_for(n) for n in (0, 50_000, 50_001, 500_000, 500_001)]
    assert kinds == ["exact", "exact", "hnsw", "hnsw", "ivf-pq"]
