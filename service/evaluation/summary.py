"""What an evaluation found: a row per question, figures over them, and over groups of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from service.evaluation.metrics import auroc, coverage_at_precision, precision_at_coverage

__all__ = ["Report", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One question. `em` and `f1` in [0, 1]; an unanswerable one scores 1 when refused.

    `best` is the best candidate even when it was refused, `best_em` its score against the golds
    (0 when there are none), `confidence` its confidence, and `recall_rank`
    the rank from 0 of the first retrieved passage that holds a gold answer.
    """

    id: str
    question: str
    golds: tuple[str, ...]
    em: float
    f1: float
    answered: bool
    answer: str | None
    best: str | None
    best_em: float
    confidence: float
    citation: dict[str, Any] | None
    latency_ms: float
    recall_rank: int | None
    gold_in_quote: bool
    gold_shown: bool
    n_citations: int
    n_valid_citations: int
    as_of: str | None
    groups: tuple[str, ...]
    error: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of an evaluation."""

    rows: Sequence[Row]

    def figures(self) -> dict[str, float | int | None]:
        """Return the figures over all rows; shares and scores in [0, 1], times in ms."""
        return _figures(self.rows)

    def groups(self) -> dict[str, dict[str, float | int | None]]:
        """Return the figures of each year of `as_of`, each yes-or-no fact, and both together."""
        members: dict[str, list[Row]] = {}
        for row in self.rows:
            years = (row.as_of[:4],) if row.as_of else ()
            both = tuple(f"{group} {year}" for group in row.groups for year in years)
            for name in (*years, *row.groups, *both):
                members.setdefault(name, []).append(row)
        return {name: _figures(rows) for name, rows in sorted(members.items())}

    def as_dict(self) -> dict[str, Any]:
        """Return figures, groups and rows as one JSON object."""
        return self.figures() | {
            "groups": self.groups(),
            "rows": [asdict(row) for row in self.rows],
        }

    def summary(self) -> str:
        """Return the figures as a table: a line each, a column for all and for each group."""
        columns = {"all": self.figures(), **self.groups()}
        width = max(len(name) for name in self.figures())
        head = " ".join(f"{name:>{max(9, len(name))}}" for name in columns)
        lines = [f"{'':{width}} {head}"]
        for figure in self.figures():
            cells = (
                f"{_shown(figures[figure]):>{max(9, len(name))}}"
                for name, figures in columns.items()
            )
            lines.append(f"{figure:{width}} {' '.join(cells)}")
        return "\n".join(lines)


def _figures(rows: Sequence[Row]) -> dict[str, float | int | None]:
    answerable = [row for row in rows if row.golds]
    unanswerable = [row for row in rows if not row.golds]
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
        "n_errors": sum(row.error is not None for row in rows),
        "em": _mean([row.em for row in rows]),
        "f1": _mean([row.f1 for row in rows]),
        "em_answerable": _mean([row.em for row in answerable]),
        "f1_answerable": _mean([row.f1 for row in answerable]),
        "right_or_gold_in_quote": _mean([row.em == 1.0 or row.gold_in_quote for row in answerable]),
        "gold_in_first_5": _mean([row.gold_shown for row in answerable]),
        **recalls,
        "refused_answerable": _mean([not row.answered for row in answerable]),
        "refused_unanswerable": _mean([not row.answered for row in unanswerable]),
        "abstention_auroc": auroc(confidences, [bool(row.golds) for row in rows]),
        "coverage_at_90_precision": coverage_at_precision(confidences, correct, 0.9),
        "precision_at_50_coverage": precision_at_coverage(confidences, correct, 0.5),
        "n_citations": n_citations,
        "valid_citations": sum(row.n_valid_citations for row in rows) / n_citations
        if n_citations
        else None,
        "p50_ms": float(np.percentile(latencies, 50)) if rows else None,
        "p95_ms": float(np.percentile(latencies, 95)) if rows else None,
    }


def _mean(values: Sequence[float | bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _shown(value: float | int | None) -> str:
    if value is None:
        return "-"
    return (
        str(value) if isinstance(value, int) else f"{value:.3f}" if value < 10 else f"{value:.0f}"
    )
