"""The only door to datasketch: which texts are nearly the same, by MinHash (Broder 1997)."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from datasketch import MinHash

__all__ = ["LEAST_LIKENESS", "Signature", "bucket_keys", "likeness", "signature"]

Signature = npt.NDArray[np.uint32]

# Copies of a wire story differ in headline, byline and cuts; two reports of one event share less.
LEAST_LIKENESS = 0.5

_SHINGLE_WORDS = 3
_LEAST_SHINGLES = 20
_N_BANDS, _N_ROWS = 32, 4
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1)
def _empty() -> "MinHash":
    """Return a sketch of nothing, made once: its permutations take longer than an article."""
    # Here, not at the top: it brings scipy, which whoever only serves an index need not wait for.
    from datasketch import MinHash

    return MinHash(_N_BANDS * _N_ROWS, scheme="affine32")


def signature(text: str) -> Signature | None:
    """Return the (128,) MinHash of a text's runs of three words; None for one of a few words."""
    words = _WORD.findall(text.casefold())
    shingles = {
        " ".join(words[i : i + _SHINGLE_WORDS]) for i in range(len(words) - _SHINGLE_WORDS + 1)
    }
    if len(shingles) < _LEAST_SHINGLES:
        return None
    sketch = _empty().copy()
    sketch.update_batch(shingle.encode() for shingle in shingles)
    hashes: Signature = np.asarray(sketch.hashvalues, np.uint32)
    return hashes


def likeness(one: Signature, other: Signature) -> float:
    """Return the estimated Jaccard likeness in [0, 1] of two texts by their signatures."""
    return float(np.mean(one == other))


def bucket_keys(hashes: Signature) -> list[int]:
    """Return 32 signed 64-bit numbers; texts that share one are candidates.

    Of two texts of likeness s at least one is shared with the probability 1 - (1 - s^4)^32:
    0.87 at 0.5, 0.988 at 0.6, 0.99995 at 0.7.
    """
    keys = []
    for band in range(_N_BANDS):
        rows = hashes[band * _N_ROWS : (band + 1) * _N_ROWS].tolist()
        mixed = band
        for value in rows:
            # Any fixed mixing that spreads; 64-bit FNV-1a over whole hashes.
            mixed = ((mixed ^ value) * 0x100000001B3 + 0x9E3779B97F4A7C15) % 2**64
        keys.append(mixed - 2**63)
    return keys
