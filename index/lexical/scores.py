"""BM25 as tantivy scores it, for texts that are in no index yet.

A test compares it with tantivy's own scores. It tells where a new passage would come in a ranking
that is already known, without searching the archive again.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["WordStatistics", "inverse_frequency", "word_weights"]

# tantivy's parameters (`tantivy::query::bm25`).
_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class WordStatistics:
    """What BM25 takes from an archive: `idf` by stem, and the mean length of passages in stems."""

    idf: Mapping[str, float]
    mean_length: float


def _lengths() -> tuple[int, ...]:
    """Return the 256 lengths that tantivy tells apart: 4 binary digits of each, from 24 on."""
    lengths = list(range(24))
    for code in range(256 - 24):
        digits, shift = code & 7, (code >> 3) - 1
        lengths.append(24 + (digits if shift < 0 else (digits | 8) << shift))
    return tuple(lengths)


_LENGTHS = _lengths()


def word_weights(words: Iterable[str], mean_length: float) -> dict[str, float]:
    """Return how much each stem of a passage counts for it; times the idf it is its BM25 score."""
    counts = Counter(words)
    length = _LENGTHS[bisect_right(_LENGTHS, counts.total()) - 1]
    norm = _K1 * (1 - _B + _B * length / mean_length)
    return {word: (_K1 + 1) * n / (n + norm) for word, n in counts.items()}


def inverse_frequency(n_passages: int, n_with: int) -> float:
    """Return the argument of BM25's idf, whose logarithm it is (Robertson and Zaragoza 2009)."""
    return 1 + (n_passages - n_with + 0.5) / (n_with + 0.5)
