"""What vectors are called here, and the kinds of index that search them."""

from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Batch", "DenseKind", "Keys", "Precision", "ReadVectors", "Vectors", "kind_for"]

Vectors = npt.NDArray[np.float32]
Keys = npt.NDArray[np.int64]
Batch = tuple[Keys, npt.NDArray[np.float16]]
# Yields the (n, dim) unit vectors of passages, batch by batch, with their (n,) keys.
ReadVectors = Callable[[Keys], Iterable[Batch]]

DenseKind = Literal["exact", "hnsw", "ivf-pq"]
Precision = Literal["fp32", "int8"]

# A scan of this many takes a few milliseconds, and misses nothing.
_MAX_EXACT = 50_000
# With this many, half-precision vectors and their graph take half a gigabyte.
_MAX_HALF_PRECISION = 500_000


def kind_for(n_vectors: int) -> DenseKind:
    """Return the kind of index for so many vectors; measured in `benchmarks/README.md`."""
    if n_vectors <= _MAX_EXACT:
        return "exact"
    return "hnsw" if n_vectors <= _MAX_HALF_PRECISION else "ivf-pq"
