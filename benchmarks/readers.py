"""How long a question takes with each of several readers: `python -m benchmarks.readers DIR DIR`.

Each quiz of 2022 is asked of an index of the news archive (`$DATELINE_DATA`) with every reader in
turn, in one run, with the bundled reader's scorer around all of them. Times are also given as a
ratio to the first reader's.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rich_click as click

from corpus.errors import DatelineError
from index.engines.local.archive import LocalArchive
from service.answering.extractive import ExtractiveAnswerer
from service.answering.scoring import Scorer
from service.reader.onnx_reader import BUNDLED_READER, load_reader
from training.quiz import news_quizzes


@click.command()
@click.argument("readers", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("-n", default=100, show_default=True, help="Questions.")
@click.option("--n-first", default=5, show_default=True, help="Passages read before any other.")
@click.option("--threads", default=2, show_default=True)
def main(readers: Sequence[Path], index_dir: Path, n: int, n_first: int, threads: int) -> None:
    """Print p50 and p95 of a question with each of READERS."""
    try:
        golds = news_quizzes(2022)[:n]
        archive = LocalArchive(index_dir, threads)
        scorer = Scorer.read(BUNDLED_READER / "calibration.json")
        answerers = [
            ExtractiveAnswerer(archive, load_reader(path, threads), scorer, n_first=n_first)
            for path in readers
        ]
        for answerer in answerers:
            answerer.ask(golds[0].question)
        took: list[list[float]] = [[] for _ in readers]
        for gold in golds:
            for answerer, times in zip(answerers, took, strict=True):
                start = time.perf_counter()
                answerer.ask(gold.question)
                times.append(1000 * (time.perf_counter() - start))
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    first = float(np.percentile(took[0], 50))
    for path, times in zip(readers, took, strict=True):
        p50, p95 = np.percentile(times, [50, 95])
        print(f"{path}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, p50 {p50 / first:.2f} of the first")


if __name__ == "__main__":
    main()
