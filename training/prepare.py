"""Make training examples: `python -m training.prepare STAGE OUT.jsonl.gz`."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import rich_click as click

from corpus.article import Article
from corpus.errors import DatelineError
from corpus.sources import read_sources
from index.local import LocalArchive
from training.cloze import cloze_examples
from training.datasets import data_path
from training.example import Example, write_examples
from training.quiz import N_FOLDS, news_quizzes, quiz_examples
from training.reading import reading_examples

__all__: list[str] = []

_CLOZES_END = date(2022, 5, 1)


@click.group()
def main() -> None:
    """Make training examples from the public data under DATELINE_DATA."""


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--seed", default=7, show_default=True)
def reading(out: Path, seed: int) -> None:
    """Reading comprehension, with questions that have no answer."""
    _write(out, reading_examples(random.Random(seed)))


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--leave-out", type=int, help="The fold of the quizzes to leave out.")
@click.option("--times", default=3, show_default=True, help="How often each quiz is used.")
@click.option("--seed", default=7, show_default=True)
def quiz(out: Path, index_dir: Path, leave_out: int | None, times: int, seed: int) -> None:
    """News quizzes of 2022, with passages found in an index of the news archive."""
    golds = news_quizzes(2022, [fold for fold in range(N_FOLDS) if fold != leave_out])
    snapshot = LocalArchive(index_dir, threads=1).current()
    _write(out, quiz_examples(golds, snapshot, times, random.Random(seed)))


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("-n", default=6000, show_default=True)
@click.option("--seed", default=7, show_default=True)
def cloze(out: Path, index_dir: Path, n: int, seed: int) -> None:
    """Questions made from the news of 2018 to April 2022, with passages of other articles.

    The quizzes that settings are chosen on begin in June 2022: news of their own weeks would give
    them away.
    """
    records = read_sources([data_path("news/realtimeqa-articles.jsonl.gz")])
    articles = [one for one in records if isinstance(one, Article)]
    articles = [one for one in articles if one.day and date(2018, 1, 1) <= one.day < _CLOZES_END]
    snapshot = LocalArchive(index_dir, threads=1).current()
    _write(out, cloze_examples(articles, snapshot, n, random.Random(seed)))


def _write(out: Path, examples: Iterator[Example]) -> None:
    counts: Counter[str] = Counter()

    def counted() -> Iterator[Example]:
        for example in examples:
            counts[example.source] += 1
            yield example

    try:
        n = write_examples(out, counted())
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    for source, count in sorted(counts.items()):
        print(f"{count:8,} {source}")
    print(f"{n:8,} examples in {out}")


if __name__ == "__main__":
    main()
