"""Fit the scorer: `python -m training.calibrate --index DIR --samples DIR --fold 0`.

A conditional logit model over the groups of mentions of a question and "none is right", fitted on
quizzes of 2022 that the reader was not trained on, on the same with everything hidden that could
answer them, on both again without the day that they were asked on, and on every other case of the
hand-written sets. `--ablate` fits on one half of all of these and judges by the other.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rich_click as click
import torch

from corpus.errors import DatelineError
from index.engines.local.archive import LocalArchive
from service.answering.extractive import ExtractiveAnswerer
from service.answering.scoring import FEATURES, Scorer
from service.evaluation.metrics import auroc, calibration_error
from service.reader.onnx_reader import BUNDLED_READER, load_reader
from training.abstention import Judged, gold_cases, quiz_cases
from training.quiz import N_FOLDS, news_quizzes

__all__ = ["best_of", "fit", "report"]

_RIDGE = 0.001
_ROUNDS = 100
# A wrong answer that is shown as a possibility costs a reporter, who looks at its proof, a quarter
# of what a right one gives; shown as likely, as much.
_COST_OF_WRONG = 0.25


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--samples", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--reader", type=click.Path(exists=True, path_type=Path), default=BUNDLED_READER)
@click.option("--fold", type=int, multiple=True, help="Only these folds: those not trained on.")
@click.option("--threads", default=2, show_default=True)
@click.option("--ablate", is_flag=True, help="Also fit without each feature in turn.")
def main(
    index_dir: Path,
    samples: Path,
    reader: Path,
    fold: tuple[int, ...],
    threads: int,
    ablate: bool,
) -> None:
    """Write calibration.json into the folder of the reader."""
    try:
        judged = _read(index_dir, samples, reader, fold, threads)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    halves = [[one for half, one in judged if half == number] for number in (0, 1)]
    if ablate:
        for name in (None, *FEATURES):
            title = f"without {name}" if name else "all features"
            print(report(title, fit(halves[0], without=name), halves[1]))
    scorer = fit([one for half, one in judged if half == 0 or one.is_quiz])
    print(report("fitted", scorer, [one for _, one in judged]))
    print(report("left out", scorer, [one for one in halves[1] if not one.is_quiz]))
    (reader / "calibration.json").write_text(
        scorer.model_dump_json(indent=1) + "\n", encoding="utf-8"
    )
    print(scorer)


def _read(
    index_dir: Path, samples: Path, reader: Path, fold: Sequence[int], threads: int
) -> list[tuple[int, Judged]]:
    """Return the cases, each with its half: 0 to fit on, 1 to judge by."""
    unfitted = Scorer(weights=dict.fromkeys(FEATURES, 0.0), none=0.0, abstain_below=0.0)
    model = load_reader(reader, threads)
    news = ExtractiveAnswerer(LocalArchive(index_dir, threads), model, unfitted)
    golds = news_quizzes(2022, fold or range(N_FOLDS))
    quizzes = [
        one
        for is_dated in (True, False)
        for one in quiz_cases(golds, news, news.archive.current(), is_dated)
    ]
    halves = {gold.id: number % 2 for number, gold in enumerate(golds)}
    small = ExtractiveAnswerer(LocalArchive(samples, threads), model, unfitted)
    return [(halves[one.id], one) for one in quizzes] + [
        (half, one) for half in (0, 1) for one in gold_cases(small, half)
    ]


def fit(judged: Sequence[Judged], without: str | None = None) -> Scorer:
    """Fit the scorer by maximum likelihood with a little ridge on standardised features.

    `without` leaves a feature out: its weight is 0.
    """
    names = [name for name in FEATURES if name != without]
    width = max(len(one.rows) for one in judged)
    # (question, group, feature), and which of its groups there are and which are right
    inputs = torch.zeros(len(judged), width, len(names), dtype=torch.float64)
    there, right = (torch.zeros(len(judged), width, dtype=torch.bool) for _ in range(2))
    for number, one in enumerate(judged):
        for place, row in enumerate(one.rows):
            inputs[number, place] = torch.tensor([row[name] for name in names])
            there[number, place], right[number, place] = True, one.right[place]
    mean, spread = inputs[there].mean(0), inputs[there].std(0) + 1e-6
    inputs = (inputs - mean) / spread
    weights = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    none = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, none], max_iter=_ROUNDS, line_search_fn="strong_wolfe")
    is_none = ~right.any(1)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        scores = (inputs @ weights).masked_fill(~there, -torch.inf)
        logs = torch.cat([scores, none.expand(len(judged), 1)], 1).log_softmax(1)
        of_right = logs[:, :-1].masked_fill(~right, -torch.inf)
        likelihood = torch.where(is_none, logs[:, -1], of_right.logsumexp(1))
        value = -likelihood.mean() + _RIDGE * weights.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimiser.step(loss)  # type: ignore[no-untyped-call]
    own = (weights.detach() / spread).tolist()
    offset = float(none.detach() + (weights.detach() / spread * mean).sum())
    found = dict(zip(names, own, strict=True))
    return Scorer(
        weights={name: round(found.get(name, 0.0), 4) for name in FEATURES},
        none=round(offset, 4),
        # Answering is worth it where p > cost * (1 - p).
        abstain_below=round(_COST_OF_WRONG / (1 + _COST_OF_WRONG), 2),
    )


def best_of(scorer: Scorer, judged: Judged) -> tuple[float, bool, float]:
    """Return the probability of the likeliest group, whether it is right, and exactly."""
    found = scorer.probabilities(judged.rows)
    if not found:
        return 0.0, False, 0.0
    best = max(range(len(found)), key=found.__getitem__)
    return found[best], judged.right[best], judged.exact[best]


def report(title: str, scorer: Scorer, judged: Sequence[Judged]) -> str:
    """Return a line of figures for quizzes and for the hand-written sets."""
    lines = []
    for name, some in (
        ("quizzes", [one for one in judged if one.is_quiz]),
        ("gold", [one for one in judged if not one.is_quiz]),
    ):
        if not some:
            continue
        best = [best_of(scorer, one) for one in some]
        asked = [b for b, one in zip(best, some, strict=True) if one.is_answerable]
        silent = [b for b, one in zip(best, some, strict=True) if not one.is_answerable]
        loss = np.mean([-math.log(max(_of_right(scorer, one), 1e-9)) for one in some])
        area = auroc([b[0] for b in best], [one.is_answerable for one in some])
        error = calibration_error([b[0] for b in best], [float(b[1]) for b in best])
        at = scorer.abstain_below
        lines.append(
            f"{title:22} {name:8} n {len(asked)} + {len(silent)}: loss {loss:.3f}, "
            f"EM {np.mean([b[2] for b in asked]):.3f}, right {np.mean([b[1] for b in asked]):.3f}, "
            f"AUROC {area or 0:.3f}, calibration error {error:.3f}, "
            f"refused {np.mean([b[0] < at for b in asked]):.3f} of those asked, "
            f"{np.mean([b[0] < at for b in silent]):.3f} of the others"
        )
    return "\n".join(lines)


def _of_right(scorer: Scorer, judged: Judged) -> float:
    """Return the probability that the model gives to what is the case."""
    found = scorer.probabilities(judged.rows)
    if not any(judged.right):
        return 1.0 - sum(found)
    return sum(p for p, is_right in zip(found, judged.right, strict=True) if is_right)


if __name__ == "__main__":
    main()
