"""Fit the confidence and the refusal threshold: `python -m training.calibrate --index DIR`.

Each 2022 question of `$DATELINE_DATA/news/realtimeqa-questions.jsonl` is asked twice of an index
of the news archive: as it is, and with everything hidden that could answer it (articles of the 60
days before it was asked, and passages that hold the right answer). The logistic model of
`service.reader.calibration` is fitted on whether the best answer was right; the threshold is the
highest one that gives up at most a given share of the right answers.
"""

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import rich_click as click

from index.archive import ArchiveSnapshot
from index.hit import Hit
from index.local import LocalArchive
from index.query import Filters, Query
from service.answering.evidence import EvidenceSettings, weigh
from service.evaluation.metrics import auroc, contains_answer, exact_match
from service.evaluation.questions import GoldQuestion, read_questions
from service.reader.calibration import Calibration
from service.reader.onnx_reader import BUNDLED_READER, load_reader
from service.reader.reader import Reader

__all__ = ["Example", "fit", "is_recent_of_2022", "threshold_keeping"]

_HIDDEN_DAYS = 60
_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Example:
    """One best answer: its share of the evidence, its margin, and whether it was right."""

    share: float
    margin: float
    is_right: bool
    is_answerable: bool


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--reader", type=click.Path(exists=True, path_type=Path), default=BUNDLED_READER)
@click.option("--n-read", default=10, show_default=True)
@click.option("--give-up", default=0.02, show_default=True, help="Share of right answers lost.")
@click.option("--threads", default=2, show_default=True)
def main(index_dir: Path, reader: Path, n_read: int, give_up: float, threads: int) -> None:
    """Write calibration.json into the folder of the reader."""
    path = Path(os.environ.get("DATELINE_DATA", "../shared/data"))
    path = path / "news/realtimeqa-questions.jsonl"
    if not path.exists():
        raise click.ClickException(f"{path} is missing: set DATELINE_DATA to the data folder.")
    questions = [q for q in read_questions(path) if is_recent_of_2022(q)]
    snapshot = LocalArchive(index_dir, threads).current()
    examples = list(_examples(questions, snapshot, load_reader(reader, threads), n_read))
    calibration = fit(examples)
    confidences = [calibration.confidence(one.share, one.margin) for one in examples]
    calibration = calibration.model_copy(
        update={"abstain_below": threshold_keeping(confidences, examples, 1 - give_up)}
    )
    (reader / "calibration.json").write_text(
        calibration.model_dump_json(indent=1) + "\n", encoding="utf-8"
    )
    print(calibration)
    area = auroc(confidences, [one.is_answerable for one in examples])
    print(f"{len(questions)} questions, AUROC asked or hidden {area:.3f}")


def is_recent_of_2022(gold: GoldQuestion) -> bool:
    """Whether a question is one of those that settings are chosen on."""
    as_of = gold.question.as_of
    return as_of is not None and as_of.year == 2022 and gold.extra.get("recent") is True


def _examples(
    questions: Sequence[GoldQuestion], snapshot: ArchiveSnapshot, reader: Reader, n_read: int
) -> Iterator[Example]:
    for gold in questions:
        query = Query(gold.question.text, as_of=gold.question.as_of)
        hits = snapshot.search(query, n_read)
        yield from _example(gold, hits, reader, is_answerable=True)
        if query.as_of:
            before = Filters(published_to=query.as_of - timedelta(days=_HIDDEN_DAYS))
            hidden = snapshot.search(replace(query, filters=before), 2 * n_read)
            silent = [hit for hit in hidden if not contains_answer(hit.text, gold.answers)]
            ranked = [replace(hit, rank=rank) for rank, hit in enumerate(silent[:n_read])]
            yield from _example(gold, ranked, reader, is_answerable=False)


def _example(
    gold: GoldQuestion, hits: Sequence[Hit], reader: Reader, *, is_answerable: bool
) -> Iterator[Example]:
    candidates = weigh(reader.read(gold.question.text, hits), hits, EvidenceSettings())
    if candidates:
        best = candidates[0]
        span = best.spans[0]
        text = hits[span.hit].article.text[span.start : span.end]
        is_right = is_answerable and exact_match(text, gold.answers) == 1.0
        yield Example(best.share, best.margin, is_right, is_answerable)


def fit(examples: Sequence[Example]) -> Calibration:
    """Fit the logistic model by Newton's method, with a little ridge for separable data."""
    # (n, 3): bias, log share, margin
    inputs = np.array([[1.0, math.log(max(one.share, 1e-6)), one.margin] for one in examples])
    targets = np.array([float(one.is_right) for one in examples])
    weights = np.zeros(3)
    ridge = 1e-3 * np.eye(3)
    for _ in range(_ROUNDS):
        predicted = 1.0 / (1.0 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (targets - predicted) - ridge @ weights
        curvature = (inputs * (predicted * (1 - predicted))[:, None]).T @ inputs + ridge
        weights += np.linalg.solve(curvature, gradient)
    bias, log_share, margin = (round(float(weight), 4) for weight in weights)
    return Calibration(
        bias=bias, log_share_weight=log_share, margin_weight=margin, abstain_below=0.0
    )


def threshold_keeping(
    confidences: Sequence[float], examples: Sequence[Example], share: float
) -> float:
    """Return the highest threshold (to two decimals) that keeps this share of right answers."""
    right = sorted(c for c, one in zip(confidences, examples, strict=True) if one.is_right)
    if not right:
        return 0.0
    return math.floor(100 * right[int((1 - share) * len(right))]) / 100


if __name__ == "__main__":
    main()
