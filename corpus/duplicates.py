"""The only door to datasketch: which texts are nearly the same, by MinHash (Broder 1997)."""

import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from datasketch import MinHash

__all__ = ["MIN_SIMILARITY", "SCHEME", "Signature", "bucket_keys", "similarity", "signature"]

Signature = npt.NDArray[np.uint32]

# Copies of a wire story differ in headline, byline and cuts; two reports of one event share less.
MIN_SIMILARITY = 0.5

# Signatures compare only with those of the same scheme: it names all that makes them what they are.
SCHEME = "3 words, crc32, affine32, 128"

# Odd numbers without pattern (the fractions of the golden ratio, of pi and of e), one for each word
# of a run.
_FACTORS = np.array([0x9E3779B97F4A7C15, 0x243F6A8885A308D3, 0xB7E151628AED2A6B], np.uint64)
_MIN_SHINGLES = 20
_N_BANDS, _N_ROWS = 32, 4
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1)
def _empty() -> "MinHash":
    """Return a sketch of nothing, made once: its permutations take longer than an article."""
    # Here, not at the top: it brings scipy, which whoever only serves an index need not wait for.
    from datasketch import MinHash

    return MinHash(_N_BANDS * _N_ROWS, hashfunc=int, scheme="affine32")


def signature(text: str) -> Signature | None:
    """Return the (128,) MinHash of a text's runs of three words; None for one of a few words."""
    words = _WORD.findall(text.casefold())
    hashes = np.array([zlib.crc32(word.encode()) for word in words], np.uint64)
    # A run is hashed by its words' hashes: some ten times as fast as hashing its letters. The upper
    # half of the sum depends on all bits of all three; datasketch mixes it once more.
    n_runs = len(words) - len(_FACTORS) + 1
    if n_runs < _MIN_SHINGLES:
        return None
    sums = np.sum([factor * hashes[i : i + n_runs] for i, factor in enumerate(_FACTORS)], axis=0)
    shingles = np.sort(sums >> np.uint64(32))
    if np.count_nonzero(np.diff(shingles)) + 1 < _MIN_SHINGLES:
        return None
    sketch = _empty().copy()
    sketch.update_batch(shingles.tolist())
    minima: Signature = np.asarray(sketch.hashvalues, np.uint32)
    return minima


def similarity(one: Signature, other: Signature) -> float:
    """Return the estimated Jaccard similarity in [0, 1] of two texts by their signatures."""
    return float(np.mean(one == other))


def bucket_keys(hashes: Signature) -> list[int]:
    """Return 32 signed 64-bit numbers; texts that share one are candidates.

    Of two texts of similarity s at least one is shared with the probability 1 - (1 - s^4)^32:
    0.87 at 0.5, 0.988 at 0.6, 0.99995 at 0.7.
    """
    rows = hashes.reshape(_N_BANDS, _N_ROWS).astype(np.uint64)
    mixed = np.arange(_N_BANDS, dtype=np.uint64)
    for row in rows.T:
        # Any fixed mixing that spreads; 64-bit FNV-1a over whole hashes, wrapping around.
        mixed = (mixed ^ row) * np.uint64(0x100000001B3) + np.uint64(0x9E3779B97F4A7C15)
    signed: list[int] = (mixed ^ np.uint64(2**63)).view(np.int64).tolist()
    return signed
