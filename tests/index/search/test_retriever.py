import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.retriever import RetrievalSettings, fuse, with_recency

SETTINGS = RetrievalSettings(recency=0.6, recency_days=20, rrf_k=10, dense_weight=0.5)
rankings = st.dictionaries(st.integers(0, 30), st.floats(0.1, 50), max_size=12)


def test_ranks_are_fused_by_weight() -> None:
    fused = fuse({1: 9.0, 2: 8.0}, {2: 0.9, 3: 0.8}, SETTINGS)
    assert fused == pytest.approx({2: 1 / 12 + 0.5 / 11, 1: 1 / 11, 3: 0.5 / 12})
    assert list(fused) == [2, 1, 3]


def test_a_new_passage_counts_more_than_an_old_one() -> None:
    ages = {1: 400.0, 2: 0.0, 3: None}
    weighted = with_recency({1: 2.0, 2: 1.5, 3: 1.0}, ages.__getitem__, SETTINGS)
    assert list(weighted) == [2, 1, 3]
    assert weighted[2] == pytest.approx(1.5 * 1.6)
    assert weighted[1] == pytest.approx(2.0 * (1 + 0.6 * math.exp(-20)))
    assert weighted[3] == 1.0


@given(rankings, rankings)
def test_fusion_loses_nothing_and_sorts(lexical: dict[int, float], dense: dict[int, float]) -> None:
    fused = fuse(lexical, dense, SETTINGS)
    assert fused.keys() == lexical.keys() | dense.keys()
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
