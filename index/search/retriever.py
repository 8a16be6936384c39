"""Hybrid search: BM25 and vectors, each weighted by recency, fused by rank."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

__all__ = ["Ranking", "RetrievalSettings", "fuse", "rank", "limit_per_story", "with_recency"]

Ranking = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """What ranks the hits; the defaults were chosen on the 2022 questions.

    `depth` passages are taken from each retriever. A passage `age` days old counts
    `1 + recency * exp(-age / recency_days)` times. `rrf_k` and `dense_weight` are those of
    weighted reciprocal rank fusion (Cormack et al. 2009): a passage at rank r (from 0) gets
    `weight / (rrf_k + r + 1)`. Of the passages of one story (`index.store.stories`) the best
    `max_per_story` are kept.
    """

    depth: int = 200
    recency: float = 0.6
    recency_days: float = 20.0
    rrf_k: float = 10.0
    dense_weight: float = 0.5
    max_per_story: int = 3


def rank(
    lexical: Ranking,
    dense: Ranking,
    age_days: Callable[[int], float | None],
    story: Callable[[int], int],
    settings: RetrievalSettings,
) -> dict[int, float]:
    """Return the passages that either retriever found with what they are ranked by, best first.

    The scores of the two are compared with nothing but those of the same retriever.
    """
    fused = fuse(
        with_recency(lexical, age_days, settings), with_recency(dense, age_days, settings), settings
    )
    return limit_per_story(fused, story, settings.max_per_story)


def with_recency(
    scores: Ranking, age_days: Callable[[int], float | None], settings: RetrievalSettings
) -> dict[int, float]:
    """Return `scores` weighted by recency, best first; an unknown age adds nothing."""
    weighted = {}
    for key, score in scores.items():
        age = age_days(key)
        boost = 0.0 if age is None else math.exp(-max(age, 0.0) / settings.recency_days)
        weighted[key] = score * (1.0 + settings.recency * boost)
    return dict(sorted(weighted.items(), key=lambda item: -item[1]))


def fuse(lexical: Ranking, dense: Ranking, settings: RetrievalSettings) -> dict[int, float]:
    """Fuse two rankings, each best first, by weighted reciprocal rank; best first."""
    fused: dict[int, float] = {}
    for ranking, weight in ((lexical, 1.0), (dense, settings.dense_weight)):
        for rank, key in enumerate(ranking):
            fused[key] = fused.get(key, 0.0) + weight / (settings.rrf_k + rank + 1)
    return dict(sorted(fused.items(), key=lambda item: (-item[1], item[0])))


def limit_per_story(ranking: Ranking, story: Callable[[int], int], most: int) -> dict[int, float]:
    """Return a ranking, best first, with the best `most` passages of each story."""
    counts: Counter[int] = Counter()
    kept = {}
    for key, score in ranking.items():
        counts[story(key)] += 1
        if counts[story(key)] <= most:
            kept[key] = score
    return kept
