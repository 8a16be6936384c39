"""From what was measured on one archive to archives of other sizes: the rules, and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

import numpy as np

from index.vectors.kinds import DenseKind, kind_for

__all__ = ["Curve", "Dense", "Growth", "Measured", "Step", "extrapolate", "fit"]

_YEARS = 20
# What a person who waits does not notice beside the reading of passages.
_SEARCH_S = 0.2
# One builder keeps as many busy that embed; more builders have an archive each, of other months.
_CORES_A_BUILDER = 16
# A node of 64 GB, with room for what comes in and for the rest of its work.
_NODE_BYTES = 64e9 * 0.7
# A vector of one bit a number keeps its length, the error of its code and its key beside the bits
# (RaBitQ: Gao and Long 2024).
_ONE_BIT_EXTRA_BYTES = 16
# Per passage: its day, source and story, which filters and fusion look at.
_COLUMN_BYTES = 16

Growth = Literal["linear", "logarithmic", "root"]
_SCALES: dict[Growth, Callable[[Any], Any]] = {
    "linear": np.positive,
    "logarithmic": np.log2,
    "root": np.sqrt,
}


@dataclass(frozen=True, slots=True)
class Curve:
    """Milliseconds at n passages: `base + slope * x`, where x is n, its logarithm or its root."""

    base: float
    slope: float
    kind: Growth

    def at(self, n: float) -> float:
        """Return the milliseconds, never less than none."""
        return max(0.0, self.base + self.slope * float(_SCALES[self.kind](n)))


def fit(points: Sequence[tuple[int, float]], kind: Growth) -> Curve:
    """Return the curve with the least squares through (n, milliseconds); it never falls with n."""
    sizes = np.array([n for n, _ in points], np.float64)
    times = np.array([ms for _, ms in points], np.float64)
    slope, base = np.polyfit(_SCALES[kind](sizes), times, 1)
    if slope <= 0:  # noise is larger than what there is to see
        return Curve(float(times.max()), 0.0, kind)
    return Curve(float(base), float(slope), kind)


@dataclass(frozen=True, slots=True)
class Dense:
    """One kind of dense index; `n_bytes` a vector on disk and in memory, `rate` added a second."""

    n_bytes: float
    ms: Curve
    rate: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One archive of `n_passages`, on one core. Rates are a second."""

    n_passages: int
    n_articles: int
    dim: int
    archive_bytes: float
    lexical_bytes: float
    resident_bytes: float
    """Memory of a server, without the vectors."""
    dense: dict[DenseKind, Dense]
    lexical_ms: Curve
    lexical_rate: float
    embed_rate: float
    write_rate: float
    other_search_s: float
    read_s: float


@dataclass(frozen=True, slots=True)
class Step:
    """What an archive of `n_passages` takes. Bytes, seconds and hours of one core."""

    n_passages: int
    n_articles: int
    kind: DenseKind
    archive_bytes: float
    lexical_bytes: float
    dense_bytes: float
    cluster_bytes: float
    one_bit_bytes: float
    memory_bytes: float
    embed_core_h: float
    write_core_h: float
    anew_core_h: float
    dense_s: float
    lexical_s: float
    search_s: float
    answers_per_core_s: float
    n_parts: int
    n_nodes: int
    passages_a_month: float

    def build_h(self, n_cores: int) -> float:
        """Return the hours of a first build: what embeds is divided, and so are its builders."""
        n_builders = ceil(n_cores / _CORES_A_BUILDER)
        return self.embed_core_h / n_cores + self.write_core_h / n_builders


def extrapolate(measured: Measured, n: int) -> Step:
    """Return what an archive of `n` passages takes, if everything goes on as it was measured."""
    kind = kind_for(n)
    dense = measured.dense[kind]
    dense_bytes = dense.n_bytes * n
    # The graph that was measured, over a byte a number instead of two.
    cluster_bytes = (measured.dense["hnsw"].n_bytes - measured.dim) * n
    dense_s, lexical_s = dense.ms.at(n) / 1000, measured.lexical_ms.at(n) / 1000
    search_s = measured.other_search_s + dense_s + lexical_s
    return Step(
        n_passages=n,
        n_articles=round(n * measured.n_articles / measured.n_passages),
        kind=kind,
        archive_bytes=measured.archive_bytes / measured.n_passages * n,
        lexical_bytes=measured.lexical_bytes / measured.n_passages * n,
        dense_bytes=dense_bytes,
        cluster_bytes=cluster_bytes,
        one_bit_bytes=(measured.dim / 8 + _ONE_BIT_EXTRA_BYTES) * n,
        memory_bytes=measured.resident_bytes + dense_bytes + _COLUMN_BYTES * n,
        embed_core_h=n / measured.embed_rate / 3600,
        write_core_h=n / measured.write_rate / 3600,
        anew_core_h=(n / dense.rate + n / measured.lexical_rate) / 3600,
        dense_s=dense_s,
        lexical_s=lexical_s,
        search_s=search_s,
        answers_per_core_s=1 / (search_s + measured.read_s),
        n_parts=ceil((dense_s + lexical_s) / _SEARCH_S) or 1,
        n_nodes=ceil(cluster_bytes / _NODE_BYTES),
        passages_a_month=n / (_YEARS * 12),
    )
