"""The only door to faiss: nearest vectors, by inner product."""

from collections.abc import Iterable
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.embedder import Vectors

__all__ = ["DenseIndex", "Keys"]

Keys = npt.NDArray[np.int64]


class DenseIndex:
    """Exact search over the vectors of passages, held as float16 and named by passage key."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def empty(cls, dim: int) -> "DenseIndex":
        """Make an index of vectors of `dim` numbers."""
        flat = faiss.IndexScalarQuantizer(
            dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        return cls(faiss.IndexIDMap(flat))

    def add(self, batches: Iterable[tuple[Keys, npt.NDArray[np.float16]]]) -> None:
        """Add (n,) keys with their (n, dim) vectors, batch by batch."""
        for keys, vectors in batches:
            self._index.add_with_ids(vectors.astype(np.float32), keys)

    def keys(self) -> Keys:
        """Return the (n,) keys of the vectors held."""
        keys: Keys = faiss.vector_to_array(self._index.id_map)  # type: ignore[attr-defined]  # IDMap has
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
        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(  # type: ignore[call-arg]  # "sel" is added by the Python wrapper
                sel=faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
            )
        scores, keys = self._index.search(vector[None], k, params=parameters)
        return {
            int(key): float(score)
            for key, score in zip(keys[0], scores[0], strict=True)
            if key >= 0
        }
