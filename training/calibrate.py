"""Fit the confidence and the refusal threshold: `python -m training.calibrate --index DIR`.

Quizzes of 2022 are asked of an index of the news archive as they are, and with everything hidden
that could answer them. The logistic model of `service.reader.calibration` is fitted on whether the
best answer was right; the threshold is the highest one that gives up at most a given share of the
right answers.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rich_click as click

from corpus.errors import DatelineError
from index.local import LocalArchive
from service.answering.evidence import EvidenceSettings
from service.evaluation.metrics import auroc
from service.reader.calibration import Calibration
from service.reader.onnx_reader import BUNDLED_READER, load_reader
from training.abstention import Judged, ask_twice, judge
from training.quiz import N_FOLDS, news_quizzes

__all__ = ["fit", "threshold_keeping"]

_ROUNDS = 50


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--reader", type=click.Path(exists=True, path_type=Path), default=BUNDLED_READER)
@click.option("--fold", type=int, multiple=True, help="Only these folds: those not trained on.")
@click.option("--n-read", default=10, show_default=True)
@click.option("--give-up", default=0.02, show_default=True, help="Share of right answers lost.")
@click.option("--threads", default=2, show_default=True)
def main(
    index_dir: Path, reader: Path, fold: tuple[int, ...], n_read: int, give_up: float, threads: int
) -> None:
    """Write calibration.json into the folder of the reader."""
    try:
        golds = news_quizzes(2022, fold or range(N_FOLDS))
        snapshot = LocalArchive(index_dir, threads).current()
        asked = ask_twice(golds, snapshot, load_reader(reader, threads), n_read)
        judged = [one for one in (judge(a, EvidenceSettings()) for a in asked) if one]
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    calibration = fit(judged)
    confidences = [calibration.confidence(one.share, one.margin, one.coverage) for one in judged]
    calibration = calibration.model_copy(
        update={"abstain_below": threshold_keeping(confidences, judged, 1 - give_up)}
    )
    (reader / "calibration.json").write_text(
        calibration.model_dump_json(indent=1) + "\n", encoding="utf-8"
    )
    print(calibration)
    area = auroc(confidences, [one.is_answerable for one in judged])
    print(f"{len(golds)} questions, AUROC asked or hidden {area:.3f}")


def fit(judged: Sequence[Judged]) -> Calibration:
    """Fit the logistic model by Newton's method, with a little ridge for separable data."""
    # (n, 4): bias, log share, margin, coverage
    inputs = np.array(
        [[1.0, math.log(max(one.share, 1e-6)), one.margin, one.coverage] for one in judged]
    )
    targets = np.array([one.em for one in judged])
    weights = np.zeros(4)
    ridge = 1e-3 * np.eye(4)
    for _ in range(_ROUNDS):
        predicted = 1.0 / (1.0 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (targets - predicted) - ridge @ weights
        curvature = (inputs * (predicted * (1 - predicted))[:, None]).T @ inputs + ridge
        weights += np.linalg.solve(curvature, gradient)
    bias, log_share, margin, coverage = (round(float(weight), 4) for weight in weights)
    return Calibration(
        bias=bias,
        log_share_weight=log_share,
        margin_weight=margin,
        coverage_weight=coverage,
        abstain_below=0.0,
    )


def threshold_keeping(
    confidences: Sequence[float], judged: Sequence[Judged], share: float
) -> float:
    """Return the highest threshold (to two decimals) that keeps this share of right answers."""
    right = sorted(c for c, one in zip(confidences, judged, strict=True) if one.em)
    if not right:
        return 0.0
    return math.floor(100 * right[int((1 - share) * len(right))]) / 100


if __name__ == "__main__":
    main()
