"""The only door to faiss: nearest vectors, by inner product."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import isqrt
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from index.vectors.kinds import DenseKind
from index.vectors.types import Batch, Keys, ReadVectors, Vectors

__all__ = ["DenseIndex"]

_LINKS = 16
_EF_CONSTRUCTION = 80
_EF_SEARCH = 128
# Nodes looked at for each neighbour that is wanted: in a larger graph more are nearly as near.
_BREADTH = 2
# Of fewer than this share of the vectors, all that are allowed are looked at: a graph of which most
# nodes are closed leads nowhere.
_MIN_ALLOWED = 0.2

# Numbers of a vector that share one of 16 codes.
_PER_CODE = 2
_CODE_BITS = 4
# Lists looked at: those whose centres are nearest.
_PROBES = 64
# Vectors looked at again, with all their digits, beyond those that are wanted.
_MORE = 200
# Vectors to learn the centre of each list from, and passes over them.
_PER_CENTRE, _PASSES = 64, 10


class DenseIndex:
    """The vectors of passages, named by passage key.

    `exact` looks at every vector, in float16. `hnsw` follows a graph of neighbours over the same
    (Malkov and Yashunin 2016). `ivf-pq` holds them in lists of like ones, as codes of two bits a
    number (Jégou et al. 2011; André et al. 2017); what seems nearest by them is read in full and
    looked at again.
    """

    # Any: faiss's own types leave out much of what there is.
    def __init__(self, index: Any) -> None:  # noqa: ANN401
        self._index = index
        inner: Any = faiss.downcast_index(index.index)
        self._graph: Any = inner if isinstance(inner, faiss.IndexHNSWSQ) else None
        self._lists: Any = inner if isinstance(inner, faiss.IndexIVFPQFastScan) else None

    @classmethod
    def empty(cls, dim: int, kind: DenseKind, n_vectors: int) -> "DenseIndex":
        """Make an index for `n_vectors` of `dim` numbers, or some more."""
        half: Any = faiss.ScalarQuantizer.QT_fp16
        metric = faiss.METRIC_INNER_PRODUCT
        if kind == "exact":
            return cls(faiss.IndexIDMap(faiss.IndexScalarQuantizer(dim, half, metric)))
        if kind == "hnsw":
            graph = faiss.IndexHNSWSQ(dim, half, _LINKS, metric)
            graph.hnsw.efConstruction = _EF_CONSTRUCTION
            return cls(faiss.IndexIDMap(graph))
        n_lists, n_codes = max(1, isqrt(n_vectors)), dim // _PER_CODE
        centres = faiss.IndexFlatIP(dim)
        lists = faiss.IndexIVFPQFastScan(centres, dim, n_lists, n_codes, _CODE_BITS, metric)
        lists.cp.niter = _PASSES
        lists.cp.max_points_per_centroid = _PER_CENTRE
        # The fewest before faiss complains.
        lists.cp.min_points_per_centroid = lists.pq.cp.min_points_per_centroid = 1
        return cls(faiss.IndexIDMap(lists))

    @property
    def kind(self) -> DenseKind:
        """What it is."""
        if self._lists is not None:
            return "ivf-pq"
        return "exact" if self._graph is None else "hnsw"

    def is_outgrown(self, n_vectors: int) -> bool:
        """Whether it was made for so few that `n_vectors` would make its lists too long."""
        return self._lists is not None and isqrt(n_vectors) > 2 * self._lists.nlist

    def add(self, keys: Keys, read: ReadVectors) -> None:
        """Add the vectors of (n,) keys."""
        if not self._index.is_trained and len(keys):
            self._train(keys, read)
        for some, vectors in read(keys):
            self._index.add_with_ids(vectors.astype(np.float32), some)

    def _train(self, keys: Keys, read: ReadVectors) -> None:
        """Learn lists and codes from vectors spread over all: news changes with the years."""
        n = _PER_CENTRE * max(self._lists.nlist, 2**_CODE_BITS)
        sample = keys[np.linspace(0, len(keys) - 1, min(n, len(keys))).astype(int)]
        vectors = np.concatenate([some for _, some in read(sample)]).astype(np.float32)
        # However few or alike they are, faiss needs one of its own for each code.
        rng = np.random.default_rng(0)
        others = rng.standard_normal((2**_CODE_BITS, vectors.shape[1]), np.float32)
        others /= np.linalg.norm(others, axis=1, keepdims=True)
        self._index.train(np.concatenate([vectors, others]))

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
        self, vector: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None, read: ReadVectors
    ) -> dict[int, float]:
        """Return cosines of at most `k` passages by key, best first.

        `vector` is (dim,); `allowed` has one value per key from 0 up, None allows all. `read` gives
        the vectors of passages of which only codes are held here.
        """
        with _one_thread():
            return self._search(vector, k, allowed, read)

    def _search(
        self, vector: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None, read: ReadVectors
    ) -> dict[int, float]:
        if not len(self):
            return {}
        share = 1.0 if allowed is None else min(1.0, np.count_nonzero(allowed) / len(self))
        is_narrow = share < _MIN_ALLOWED
        if self._graph and is_narrow and allowed is not None:
            return self._scan(vector, k, allowed)
        parameters: Any = faiss.SearchParameters()
        # What is not allowed takes places among the nearest that are kept.
        if self._graph:
            breadth = round(max(_EF_SEARCH, _BREADTH * k) / share)
            parameters = faiss.SearchParametersHNSW(efSearch=breadth)  # type: ignore[attr-defined]
        if self._lists:
            n_lists = self._lists.nlist
            probes = n_lists if is_narrow else min(n_lists, round(_PROBES / share))
            parameters = faiss.SearchParametersIVF(nprobe=probes)  # type: ignore[call-arg]
        if allowed is not None:
            selector = _selector(allowed)
            parameters.sel = selector
        if not self._lists:
            scores, keys = self._index.search(vector[None], k, params=parameters)
            return _found(keys[0], scores[0])
        _, keys = self._index.search(vector[None], k + _MORE, params=parameters)
        return _nearest(vector, k, read(keys[0][keys[0] >= 0]))

    def _scan(self, vector: Vectors, k: int, allowed: npt.NDArray[np.bool_]) -> dict[int, float]:
        """Look at all that are allowed, which the vectors under a graph know by place, not key."""
        names = self.keys()
        parameters: Any = faiss.SearchParameters()
        selector = _selector(allowed[names])
        parameters.sel = selector
        scores, places = self._graph.storage.search(vector[None], k, params=parameters)
        is_found = places[0] >= 0
        return _found(names[places[0][is_found]], scores[0][is_found])


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have faiss search in the calling thread alone.

    One query takes a millisecond or two in any of the indexes, and on busy cores more threads wait
    for each other ten times as long (`benchmarks/README.md`).
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _nearest(vector: Vectors, k: int, batches: Iterable[Batch]) -> dict[int, float]:
    scored = [(keys, vectors.astype(np.float32) @ vector) for keys, vectors in batches]
    if not scored:
        return {}
    keys = np.concatenate([some for some, _ in scored])
    scores = np.concatenate([some for _, some in scored])
    order = np.argsort(-scores, kind="stable")[:k]
    return _found(keys[order], scores[order])


def _selector(allowed: npt.NDArray[np.bool_]) -> Any:  # noqa: ANN401 - faiss's types are wrong
    bits = np.packbits(allowed, bitorder="little")
    selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
    selector.bits = bits  # type: ignore[attr-defined]  # they must live as long
    return selector


def _found(keys: Keys, scores: Vectors) -> dict[int, float]:
    return {int(key): float(score) for key, score in zip(keys, scores, strict=True) if key >= 0}
