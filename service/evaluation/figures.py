"""Figures over the rows of an evaluation."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from service.evaluation.metrics import (
    auroc,
    calibration_error,
    coverage_at_precision,
    precision_at_coverage,
)
from service.evaluation.row import Row

__all__ = ["Figures", "figures_of"]

# By name: counts, shares and scores in [0, 1], times in ms; None where nothing was measured.
Figures: TypeAlias = dict[str, float | int | None]


def figures_of(rows: Sequence[Row]) -> Figures:
    """Return the figures of some rows; best candidates count even where they were refused."""
    answerable = [row for row in rows if row.golds]
    unanswerable = [row for row in rows if not row.golds]
    # An error tells nothing about when to refuse.
    judged = [row for row in rows if row.error is None]
    confidences = [row.confidence for row in rows]
    correct = [row.best_em for row in rows]
    latencies = [row.latency_ms for row in rows]
    n_citations = sum(row.n_citations for row in rows)
    recalls = {
        f"recall@{k}": _mean(
            [row.recall_rank is not None and row.recall_rank < k for row in answerable]
        )
        for k in (1, 5, 10)
    }
    return {
        "n": len(rows),
        "n_answerable": len(answerable),
        "n_unanswerable": len(unanswerable),
        "n_errors": sum(row.error is not None for row in rows),
        "em": _mean([row.em for row in rows]),
        "f1": _mean([row.f1 for row in rows]),
        "em_answerable": _mean([row.em for row in answerable]),
        "f1_answerable": _mean([row.f1 for row in answerable]),
        "right_or_gold_in_quote": _mean([row.em == 1.0 or row.gold_in_quote for row in answerable]),
        "best_em": _mean([row.best_em for row in answerable]),
        "best_right": _mean([row.best_right for row in answerable]),
        "hit_at_5": _mean([row.hit_at_5 for row in answerable]),
        **recalls,
        "refused_answerable": _mean([_refused(row) for row in answerable]),
        "refused_unanswerable": _mean([_refused(row) for row in unanswerable]),
        "abstention_auroc": auroc(
            [row.confidence for row in judged], [bool(row.golds) for row in judged]
        ),
        "coverage_at_90_precision": coverage_at_precision(confidences, correct, 0.9),
        "precision_at_50_coverage": precision_at_coverage(confidences, correct, 0.5),
        "calibration_error": calibration_error(
            confidences, [float(row.best_right) for row in rows]
        ),
        "n_citations": n_citations,
        "valid_citations": sum(row.n_valid_citations for row in rows) / n_citations
        if n_citations
        else None,
        "p50_ms": float(np.percentile(latencies, 50)) if rows else None,
        "p95_ms": float(np.percentile(latencies, 95)) if rows else None,
    }


def _refused(row: Row) -> bool:
    return not row.answered and row.error is None


def _mean(values: Sequence[float | bool]) -> float | None:
    return sum(values) / len(values) if values else None
