"""How what was measured on one archive is carried over to larger ones."""

import pytest

from benchmarks.extrapolation import Curve, Dense, Measured, extrapolate, fit

FLAT = Curve(1.0, 0.0, "logarithmic")
MEASURED = Measured(
    n_passages=100_000,
    n_articles=10_000,
    dim=4,
    archive_bytes=300e6,
    lexical_bytes=100e6,
    resident_bytes=500e6,
    dense={kind: Dense(100.0, FLAT, 1000.0) for kind in ("exact", "hnsw", "ivf-pq")},
    lexical_ms=Curve(1.0, 1e-5, "linear"),
    lexical_rate=10_000.0,
    embed_rate=20.0,
    write_rate=400.0,
    other_search_s=0.01,
    read_s=0.5,
)


def test_points_on_a_curve_give_that_curve() -> None:
    curves = Curve(2.0, 0.001, "linear"), Curve(0.5, 0.25, "logarithmic"), Curve(1.0, 0.01, "root")
    for curve in curves:
        found = fit([(n, curve.at(n)) for n in (1000, 4000, 16_000)], curve.kind)
        assert found.at(1_000_000) == pytest.approx(curve.at(1_000_000))


def test_a_search_is_never_said_to_get_faster() -> None:
    assert fit([(1000, 3.0), (2000, 2.0)], "linear").at(1_000_000) == 3.0


def test_what_is_held_grows_with_the_passages() -> None:
    here, there = extrapolate(MEASURED, 100_000), extrapolate(MEASURED, 1_000_000)
    assert here.archive_bytes == 300e6 and there.archive_bytes == pytest.approx(3e9)
    assert there.n_articles == 10 * here.n_articles == 100_000
    assert there.dense_bytes == 10 * here.dense_bytes
    assert here.memory_bytes > 500e6 + here.dense_bytes
    assert there.embed_core_h == pytest.approx(1_000_000 / 20 / 3600)


def test_more_cores_build_faster_but_each_builder_writes_alone() -> None:
    step = extrapolate(MEASURED, 1_440_000)
    # 20 hours of embedding and one of writing.
    assert [step.build_h(n) for n in (1, 2, 16, 32)] == pytest.approx([21, 11, 2.25, 1.125])


def test_the_kind_of_index_is_that_which_such_an_archive_gets() -> None:
    kinds = [extrapolate(MEASURED, n).kind for n in (50_000, 500_000, 500_001)]
    assert kinds == ["exact", "hnsw", "ivf-pq"]


def test_a_search_that_takes_too_long_is_divided() -> None:
    near, far = extrapolate(MEASURED, 1_000_000), extrapolate(MEASURED, 100_000_000)
    assert near.n_parts == 1 and near.lexical_s == pytest.approx(0.011)
    # A second for the words, in parts of a fifth of a second.
    assert far.n_parts == 6
    assert near.answers_per_core_s > far.answers_per_core_s == pytest.approx(1 / 1.512)
