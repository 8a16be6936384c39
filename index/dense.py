"""The only door to faiss: nearest vectors, by inner product."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import faiss
import numpy as np
import numpy.typing as npt

from index.embedder import Vectors

__all__ = ["DenseIndex", "DenseKind", "Keys", "by_cosine", "kind_for"]

Keys = npt.NDArray[np.int64]
Batch = tuple[Keys, npt.NDArray[np.float16]]

DenseKind = Literal["exact", "hnsw", "hnsw-sq8"]

# A scan of this many takes a few milliseconds, and misses nothing.
_MAX_EXACT = 50_000
# With this many, half-precision vectors and their graph take half a gigabyte; 8-bit codes need half
# of that and miss one more in two hundred.
_MAX_HALF_PRECISION = 500_000

_LINKS = 16
_EF_CONSTRUCTION = 80
_EF_SEARCH = 128
# Nodes looked at for each neighbour that is wanted: in a larger graph more are nearly as near.
_BREADTH, _COARSE_BREADTH = 2, 4
# Of fewer than this share of the vectors, all that are allowed are looked at: a graph of which most
# nodes are closed leads nowhere.
_LEAST_ALLOWED = 0.2
_TRAINING_VECTORS = 50_000


def kind_for(n_vectors: int) -> DenseKind:
    """Return the kind of index for so many vectors; measured in `benchmarks/README.md`."""
    if n_vectors <= _MAX_EXACT:
        return "exact"
    return "hnsw" if n_vectors <= _MAX_HALF_PRECISION else "hnsw-sq8"


class DenseIndex:
    """The vectors of passages, named by passage key.

    `exact` looks at every vector, in float16. `hnsw` follows a graph of neighbours over the same
    (Malkov and Yashunin 2016), `hnsw-sq8` over vectors of 8 bits a number.
    """

    # Any: faiss's own types leave out much of what there is.
    def __init__(self, index: Any) -> None:  # noqa: ANN401
        self._index = index
        inner: Any = faiss.downcast_index(index.index)
        self._graph: Any = inner if isinstance(inner, faiss.IndexHNSWSQ) else None

    @classmethod
    def empty(cls, dim: int, kind: DenseKind = "exact") -> "DenseIndex":
        """Make an index of vectors of `dim` numbers."""
        half, bytes_ = faiss.ScalarQuantizer.QT_fp16, faiss.ScalarQuantizer.QT_8bit
        metric = faiss.METRIC_INNER_PRODUCT
        if kind == "exact":
            return cls(faiss.IndexIDMap(faiss.IndexScalarQuantizer(dim, half, metric)))
        codes: Any = half if kind == "hnsw" else bytes_
        graph = faiss.IndexHNSWSQ(dim, codes, _LINKS, metric)
        graph.hnsw.efConstruction = _EF_CONSTRUCTION
        return cls(faiss.IndexIDMap(graph))

    @property
    def kind(self) -> DenseKind:
        """What it is."""
        if self._graph is None:
            return "exact"
        storage: Any = faiss.downcast_index(self._graph.storage)
        return "hnsw" if storage.sq.qtype == faiss.ScalarQuantizer.QT_fp16 else "hnsw-sq8"

    @property
    def is_coarse(self) -> bool:
        """Whether its cosines are so rough that `by_cosine` should order what it finds."""
        return self.kind == "hnsw-sq8"

    def add(self, batches: Iterable[Batch]) -> None:
        """Add (n,) keys with their (n, dim) vectors, batch by batch."""
        if not self._index.is_trained:
            batches = self._train(iter(batches))
        for keys, vectors in batches:
            self._index.add_with_ids(vectors.astype(np.float32), keys)

    def _train(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Fit the range of each number to the first vectors; return all of them."""
        first: list[Batch] = []
        while sum(len(keys) for keys, _ in first) < _TRAINING_VECTORS and (
            batch := next(batches, None)
        ):
            first.append(batch)
        if first:
            self._index.train(np.concatenate([some for _, some in first]).astype(np.float32))
        return chain(first, batches)

    def keys(self) -> Keys:
        """Return the (n,) keys of the vectors held."""
        keys: Keys = faiss.vector_to_array(self._index.id_map)
        return keys

    @classmethod
    def read(cls, path: Path) -> "DenseIndex":
        """Read an index; the caller has checked the file's checksum, faiss checks nothing."""
        return cls(faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None
    ) -> dict[int, float]:
        """Return cosines of at most `k` passages by key, best first.

        `vector` is (dim,); `allowed` has one value per key from 0 up, None allows all.
        """
        if not len(self):
            return {}
        if self._graph and allowed is not None:
            share = float(np.count_nonzero(allowed)) / len(self)
            if share < _LEAST_ALLOWED:
                return self._scan(vector, k, allowed)
        else:
            share = 1.0
        parameters: Any = faiss.SearchParameters()
        if self._graph:
            # What is not allowed takes places among the nearest that are kept.
            breadth = k * (_COARSE_BREADTH if self.is_coarse else _BREADTH)
            breadth = round(max(_EF_SEARCH, breadth) / min(share, 1.0))
            parameters = faiss.SearchParametersHNSW(efSearch=breadth)  # type: ignore[attr-defined]
        if allowed is not None:
            selector = _selector(allowed)
            parameters.sel = selector
        scores, keys = self._index.search(vector[None], k, params=parameters)
        return _found(keys[0], scores[0])

    def _scan(self, vector: Vectors, k: int, allowed: npt.NDArray[np.bool_]) -> dict[int, float]:
        """Look at all that are allowed, which the vectors under a graph know by place, not key."""
        names = self.keys()
        parameters: Any = faiss.SearchParameters()
        selector = _selector(allowed[names])
        parameters.sel = selector
        scores, places = self._graph.storage.search(vector[None], k, params=parameters)
        is_found = places[0] >= 0
        return _found(names[places[0][is_found]], scores[0][is_found])


def by_cosine(vector: Vectors, keys: Keys, vectors: npt.NDArray[np.float16]) -> dict[int, float]:
    """Return the cosines of (n, dim) unit vectors with one of (dim,) by key, best first."""
    scores = vectors.astype(np.float32) @ vector
    order = np.argsort(-scores, kind="stable")
    return _found(keys[order], scores[order])


def _selector(allowed: npt.NDArray[np.bool_]) -> Any:  # noqa: ANN401 - faiss's types are wrong
    bits = np.packbits(allowed, bitorder="little")
    selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
    selector.bits = bits  # type: ignore[attr-defined]  # they must live as long
    return selector


def _found(keys: Keys, scores: Vectors) -> dict[int, float]:
    return {int(key): float(score) for key, score in zip(keys, scores, strict=True) if key >= 0}
