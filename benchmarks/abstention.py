"""Does it know when not to answer? `python -m benchmarks.abstention --index DIR --year 2023`.

Asks the news quizzes of a year of an index of the news archive (`$DATELINE_DATA`) twice: as they
are, and with every article of the 60 days before hidden, and every passage with the right answer.
Nothing is fitted here: the confidence is that of the reader's calibration.
"""

from pathlib import Path

import rich_click as click

from corpus.errors import DatelineError
from index.local import LocalArchive
from service.answering.evidence import EvidenceSettings
from service.evaluation.metrics import auroc, precision_at_coverage
from service.reader.calibration import Calibration
from service.reader.onnx_reader import BUNDLED_READER, load_reader
from training.abstention import ask_twice, judge
from training.quiz import news_quizzes


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--year", default=2023, show_default=True)
@click.option("--reader", type=click.Path(exists=True, path_type=Path), default=BUNDLED_READER)
@click.option("--threads", default=2, show_default=True)
def main(index_dir: Path, year: int, reader: Path, threads: int) -> None:
    """Print how well the confidence tells the two apart, and how often it is right."""
    try:
        golds = news_quizzes(year)
        calibration = Calibration.read(reader / "calibration.json")
        snapshot = LocalArchive(index_dir, threads).current()
        asked = ask_twice(golds, snapshot, load_reader(reader, threads), n_read=10)
        judged = [judge(one, EvidenceSettings()) for one in asked]
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    found = [one for one in judged if one]
    confidences = [calibration.confidence(one.share, one.margin, one.coverage) for one in found]
    answerable = [one.is_answerable for one in found]
    n_asked = sum(answerable)
    print(f"{year}: {n_asked} asked, {len(found) - n_asked} with the answer hidden")
    print(f"AUROC asked or hidden: {auroc(confidences, answerable):.3f}")
    shown = [(c, one) for c, one in zip(confidences, found, strict=True) if one.is_answerable]
    for coverage in (0.25, 0.5, 0.75, 1.0):
        precision = precision_at_coverage(
            [c for c, _ in shown], [one.em for _, one in shown], coverage
        )
        print(f"precision at {coverage:.0%} coverage: {precision:.3f}")
    kept = [c >= calibration.abstain_below for c in confidences]
    pairs = list(zip(kept, answerable, strict=True))
    print(f"answered of those asked: {pairs.count((True, True)) / n_asked:.3f}")
    print(f"refused of those hidden: {pairs.count((False, False)) / (len(found) - n_asked):.3f}")


if __name__ == "__main__":
    main()
