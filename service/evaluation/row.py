"""What an evaluation keeps of one question."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One question. `em` and `f1` in [0, 1]; an unanswerable one scores 1 when refused.

    `best` is the best candidate even when it was refused, `best_em` its score against the golds
    (0 when there are none), `best_right` whether the two contain one another
    (`metrics.is_right`), `confidence` its confidence, and `recall_rank`
    the rank from 0 of the first retrieved passage that holds a gold answer. `gold_in_quote` is
    about the quote of the answer given, `hit_at_5` about the first five answers found, trusted or
    not. `groups` are the yes-or-no facts of the question, as `name=true`.
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
    best_right: bool
    confidence: float
    citation: dict[str, Any] | None
    latency_ms: float
    recall_rank: int | None
    gold_in_quote: bool
    hit_at_5: bool
    n_citations: int
    n_valid_citations: int
    as_of: str | None
    groups: tuple[str, ...]
    error: str | None
