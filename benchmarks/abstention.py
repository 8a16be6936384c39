"""Does it know when not to answer? `python -m benchmarks.abstention --index DIR --year 2023`.

Asks the news quizzes of a year of an index of the news archive (`$DATELINE_DATA`) twice: as they
are, and with every article of the 60 days before hidden, and every passage with the right answer.
Nothing is fitted here: the confidence is that of the reader's calibration.
"""

from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from corpus.errors import DatelineError
from index.engines.local.archive import LocalArchive
from service.answering.extractive import ExtractiveAnswerer
from service.answering.scoring import Scorer
from service.evaluation.metrics import auroc, calibration_error, precision_at_coverage
from service.reader.onnx_reader import BUNDLED_READER, load_reader
from training.abstention import quiz_cases
from training.calibrate import best_of
from training.quiz import N_FOLDS, news_quizzes


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--year", default=2023, show_default=True)
@click.option("--fold", type=int, multiple=True, help="Only these folds of the weeks.")
@click.option("--reader", type=click.Path(exists=True, path_type=Path), default=BUNDLED_READER)
@click.option("--undated", is_flag=True, help="Do not tell the day that each was asked on.")
@click.option("--threads", default=2, show_default=True)
def main(
    index_dir: Path, year: int, fold: Sequence[int], reader: Path, undated: bool, threads: int
) -> None:
    """Print how well the confidence tells the two apart, and how often it is right."""
    try:
        golds = news_quizzes(year, fold or range(N_FOLDS))
        scorer = Scorer.read(reader / "calibration.json")
        archive = LocalArchive(index_dir, threads)
        answerer = ExtractiveAnswerer(archive, load_reader(reader, threads), scorer)
        cases = list(quiz_cases(golds, answerer, archive.current(), is_dated=not undated))
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    best = [best_of(scorer, one) for one in cases]
    confidences = [probability for probability, _, _ in best]
    answerable = [one.is_answerable for one in cases]
    asked = [one for one, is_asked in zip(best, answerable, strict=True) if is_asked]
    n_hidden = len(best) - len(asked)
    print(f"{year}: {len(asked)} asked, {n_hidden} with the answer hidden")
    print(f"AUROC asked or hidden: {auroc(confidences, answerable):.3f}")
    shown, exact = [one[0] for one in asked], [one[2] for one in asked]
    print(f"refusals ignored: EM {sum(exact) / len(asked):.3f}, ", end="")
    print(f"answer and label contain one another {sum(one[1] for one in asked) / len(asked):.3f}")
    for coverage in (0.25, 0.5, 0.75, 1.0):
        precision = precision_at_coverage(shown, exact, coverage)
        print(f"precision at {coverage:.0%} coverage: {precision:.3f}")
    contain = [float(is_right) for _, is_right, _ in best]
    print(f"calibration error: {calibration_error(confidences, contain):.3f}, ", end="")
    print(f"of exact matches {calibration_error(confidences, [one[2] for one in best]):.3f}")
    for least in (scorer.abstain_below, scorer.likely):
        kept = [(c >= least, is_asked) for c, is_asked in zip(confidences, answerable, strict=True)]
        given = kept.count((True, True)) / len(asked)
        refused = kept.count((False, False)) / n_hidden
        print(
            f"at {least:.2f}: answered of those asked {given:.3f}, refused of hidden {refused:.3f}"
        )


if __name__ == "__main__":
    main()
