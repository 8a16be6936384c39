"""Kinds of dense index, and of precision; needs no library, so that settings can name them."""

from typing import Literal

__all__ = ["DenseKind", "Precision", "kind_for"]

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
