"""Compare ways of weighing evidence: `python -m benchmarks.tuning --index DIR`.

Asks quizzes of 2022 of an index of the news archive (`$DATELINE_DATA`) once, and scores each
setting on what was read.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import rich_click as click

from corpus.errors import DatelineError
from index.local import LocalArchive
from service.answering.evidence import EvidenceSettings
from service.evaluation.metrics import auroc, exact_match, f1_score
from service.reader.onnx_reader import load_reader
from training.abstention import Asked, ask_twice, judge
from training.quiz import N_FOLDS, news_quizzes

WEIGHTS: Sequence[EvidenceSettings] = (
    EvidenceSettings(),
    EvidenceSettings(temperature=1.0),
    EvidenceSettings(temperature=2.0),
    EvidenceSettings(temperature=3.0),
    EvidenceSettings(temperature=4.0),
    EvidenceSettings(null_share=0.0),
    EvidenceSettings(null_share=0.25),
    EvidenceSettings(null_share=0.5),
    EvidenceSettings(rank_decay=0.0),
    EvidenceSettings(rank_decay=0.25),
    EvidenceSettings(rank_decay=0.5),
    EvidenceSettings(rank_decay=1.0),
    EvidenceSettings(containing=0.0),
    EvidenceSettings(containing=0.25),
    EvidenceSettings(containing=0.5),
    EvidenceSettings(containing=0.75),
    EvidenceSettings(recency=0.0),
    EvidenceSettings(recency=1.0, recency_days=20.0),
    EvidenceSettings(recency=3.0, recency_days=20.0),
    EvidenceSettings(misfit=1.0),
    EvidenceSettings(misfit=0.1),
    EvidenceSettings(recency=0.0, misfit=1.0),
)


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--reader", type=click.Path(exists=True, path_type=Path))
@click.option("--fold", type=int, multiple=True, help="Only these folds: those not trained on.")
@click.option("--threads", default=2, show_default=True)
def main(index_dir: Path, reader: Path | None, fold: tuple[int, ...], threads: int) -> None:
    """Print one line for each setting."""
    try:
        golds = news_quizzes(2022, fold or range(N_FOLDS))
        snapshot = LocalArchive(index_dir, threads).current()
        asked = list(ask_twice(golds, snapshot, load_reader(reader, threads), n_read=10))
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    print(f"{len(golds)} questions")
    for weights in WEIGHTS:
        print(weights, *_scores(asked, weights))


def _scores(asked: Sequence[Asked], weights: EvidenceSettings) -> Iterator[str]:
    """Yield EM and F1 of the first answer, and the share with a right one among the first five.

    And how well the share of the evidence alone tells questions from those with their answer
    hidden.
    """
    answered = [(one.gold.answers, _texts(one, weights)) for one in asked if one.is_answerable]
    measures: dict[str, Callable[[Sequence[str], Sequence[str]], float]] = {
        "EM": lambda texts, golds: exact_match(texts[0], golds),
        "F1": lambda texts, golds: f1_score(texts[0], golds),
        "first five": lambda texts, golds: max(exact_match(text, golds) for text in texts),
    }
    for name, measure in measures.items():
        total = sum(measure(texts, golds) for golds, texts in answered if texts)
        yield f"{name} {total / len(answered):.3f}"
    judged = [best for one in asked if (best := judge(one, weights))]
    area = auroc([best.share for best in judged], [best.is_answerable for best in judged])
    yield f"AUROC of the share {area:.3f}"


def _texts(one: Asked, weights: EvidenceSettings) -> list[str]:
    return [one.text(candidate) for candidate in one.candidates(weights)[:5]]


if __name__ == "__main__":
    main()
