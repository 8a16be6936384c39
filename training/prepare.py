"""Make training examples: `python -m training.prepare STAGE OUT.jsonl.gz`."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import rich_click as click

from corpus.errors import DatelineError
from index.engines.archive import ArchiveSnapshot
from index.engines.local.archive import LocalArchive
from training.cloze import cloze_examples
from training.datasets import older_news
from training.example import Example, write_examples
from training.groups import group_examples
from training.lookalikes import lookalike_examples
from training.quiz import N_FOLDS, news_quizzes, quiz_examples
from training.reading import reading_examples

__all__ = ["headed_quizzes", "news_examples", "write"]

_N_CLOZES = 3000
# Settings are chosen on the quizzes of this fold.
_LEFT_OUT = 0
_FOLDS = [fold for fold in range(N_FOLDS) if fold != _LEFT_OUT]


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
@click.option("--share", default=1.0, show_default=True, help="Of the examples made of them.")
@click.option("--seed", default=21, show_default=True)
def groups(out: Path, limit: int | None, share: float, seed: int) -> None:
    """Reading comprehension with each passage among others that were found by words."""
    _run(out, group_examples(random.Random(seed), limit, share))


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
    _run(out, news_examples(_snapshot(index_dir), random.Random(seed), clozes))


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--seed", default=22, show_default=True)
def quizzes(out: Path, index_dir: Path, seed: int) -> None:
    """Quizzes of 2022 but for fold 0, with up to ten passages under their headlines."""
    _run(out, headed_quizzes(_snapshot(index_dir), random.Random(seed)))


def news_examples(
    snapshot: ArchiveSnapshot, rng: random.Random, n_clozes: int = _N_CLOZES
) -> Iterator[Example]:
    """Yield quizzes and clozes with the passages that an index of the news archive finds.

    Raises:
        SourceError: the data is not there.
    """
    yield from quiz_examples(news_quizzes(2022, _FOLDS), snapshot, rng)
    yield from cloze_examples(older_news(), snapshot, n_clozes, rng)


def headed_quizzes(snapshot: ArchiveSnapshot, rng: random.Random) -> Iterator[Example]:
    """Yield quizzes, lasting answers too, with passages under their headlines.

    Raises:
        SourceError: the data is not there.
    """
    golds = news_quizzes(2022, _FOLDS, only_recent=False)
    yield from quiz_examples(golds, snapshot, rng, with_headline=True)


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


def _snapshot(index_dir: Path) -> ArchiveSnapshot:
    try:
        return LocalArchive(index_dir, threads=1).current()
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def _run(out: Path, examples: Iterator[Example]) -> None:
    try:
        write(out, examples)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
