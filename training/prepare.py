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
from index.archive import ArchiveSnapshot
from index.local import LocalArchive
from training.cloze import cloze_examples
from training.datasets import data_path
from training.example import Example, write_examples
from training.groups import group_examples
from training.lookalikes import lookalike_examples
from training.quiz import N_FOLDS, news_quizzes, quiz_examples
from training.reading import reading_examples

__all__ = ["news_examples", "write"]

_CLOZES_FROM, _CLOZES_END = date(2017, 1, 1), date(2022, 5, 1)
_N_CLOZES = 3000
_QUIZ_TIMES = 3
# Settings are chosen on the quizzes of this fold.
_LEFT_OUT = 0


@click.group()
def main() -> None:
    """Make training examples from the public data under DATELINE_DATA."""


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--limit", type=int, help="Only so many questions, drawn at random.")
@click.option("--seed", default=11, show_default=True)
def reading(out: Path, limit: int | None, seed: int) -> None:
    """Reading comprehension, with questions that have no answer."""
    _run(out, reading_examples(random.Random(seed), limit))


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--limit", type=int, help="Only so many questions, drawn at random.")
@click.option("--seed", default=21, show_default=True)
def groups(out: Path, limit: int | None, seed: int) -> None:
    """Reading comprehension with each passage among others that were found by words."""
    _run(out, group_examples(random.Random(seed), limit))


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--limit", type=int, help="Only so many questions, drawn at random.")
@click.option("--seed", default=31, show_default=True)
def lookalikes(out: Path, limit: int | None, seed: int) -> None:
    """Questions beside passages that tell the same of another name, place, year or number."""
    _run(out, lookalike_examples(random.Random(seed), limit))


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--clozes", default=_N_CLOZES, show_default=True)
@click.option("--seed", default=12, show_default=True)
def news(out: Path, index_dir: Path, clozes: int, seed: int) -> None:
    """Quizzes of 2022 but for fold 0, and questions made from older news.

    The passages are those found in an index of the news archive.
    """
    try:
        snapshot = LocalArchive(index_dir, threads=1).current()
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    _run(out, news_examples(snapshot, random.Random(seed), clozes))


def news_examples(
    snapshot: ArchiveSnapshot, rng: random.Random, n_clozes: int = _N_CLOZES
) -> Iterator[Example]:
    """Yield quizzes and clozes with the passages that an index of the news archive finds.

    Clozes come from 2017 to April 2022. The quizzes that settings are chosen on begin in June
    2022: news of their own weeks would give them away.

    Raises:
        SourceError: the data is not there.
    """
    golds = news_quizzes(2022, [fold for fold in range(N_FOLDS) if fold != _LEFT_OUT])
    yield from quiz_examples(golds, snapshot, _QUIZ_TIMES, rng)
    records = read_sources([data_path("news/realtimeqa-articles.jsonl.gz")])
    articles = [one for one in records if isinstance(one, Article)]
    articles = [one for one in articles if one.day and _CLOZES_FROM <= one.day < _CLOZES_END]
    yield from cloze_examples(articles, snapshot, n_clozes, rng)


def write(out: Path, examples: Iterator[Example]) -> None:
    """Write examples into a file and print how many there are of each source."""
    counts: Counter[str] = Counter()

    def counted() -> Iterator[Example]:
        for example in examples:
            counts[example.source] += 1
            yield example

    n = write_examples(out, counted())
    for source, count in sorted(counts.items()):
        print(f"{count:8,} {source}")
    print(f"{n:8,} examples in {out}")


def _run(out: Path, examples: Iterator[Example]) -> None:
    try:
        write(out, examples)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
