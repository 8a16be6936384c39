"""From pretrained weights to a reader that `ask` uses: `python -m training.recipe --out DIR`.

A teacher learns from the examples, a student from the examples and the teacher. A language model
then asks further questions, and the student reads them again. A second teacher learns from all of
them; the student goes on with them and with what the second teacher and it itself say of them.
Last it learns to tell how much a passage is about a question, as the ranker does that it once was.
With `--examples 100` the whole way takes a few minutes on two cores, for a reader that reads badly.
Run again with the same options, it resumes.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import rich_click as click

from corpus.errors import DatelineError
from index.engines.archive import ArchiveSnapshot
from index.engines.local.archive import LocalArchive
from service.reader.onnx_reader import BUNDLED_READER, Precision
from training import calibrate
from training.ask import ask_questions
from training.bases import save_generator, save_ranker, save_student, save_teacher
from training.datasets import FURTHER_SETS, MAIN_SETS
from training.example import Example
from training.export import HEAD_FILE, export_reader
from training.generator import AskingSettings
from training.groups import group_examples
from training.lookalikes import lookalike_examples
from training.loop import Settings
from training.models import has_bf16, hide_progress_bars
from training.prepare import headed_quizzes, news_examples, write
from training.reading import reading_examples
from training.relevance import add_relevance
from training.train import train

__all__ = ["FULL", "SMALL", "Bases", "Recipe", "make_reader"]

_BASE = "cross-encoder/ms-marco-MiniLM-L-12-v2"
_SEEDS = {"reading": 11, "news": 12, "groups": 21, "quizzes": 22, "lookalikes": 31}
_N_LOOKALIKES = 12_000
_GROUPS_SHARE = 0.25
# The examples of the first two runs and, with the asked ones, of the last two: quizzes twice.
_FIRST = ("reading", "news")
_SECOND = ("reading", "groups", "news", "quizzes", "quizzes", "lookalikes")
# What the ranker is asked about.
_RANKED = ("groups", "quizzes", "news")
# How much the second student believes the second teacher, and how much the first student.
_TEACHER_SHARE, _STUDENT_SHARE = 0.7, 0.3


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of the five runs, the pairs ranked, and the exported reader's precision."""

    first_teacher: Settings
    first_student: Settings
    asking: AskingSettings
    second_teacher: Settings
    student: Settings
    n_ranked: int = 9_000
    precision: Precision = "int8"

    def updated(self, **values: Any) -> "Recipe":  # noqa: ANN401
        """Return the recipe with these values in the settings of each run."""
        names = [one.name for one in fields(self) if one.name not in ("n_ranked", "precision")]
        return replace(
            self, **{name: getattr(self, name).model_copy(update=values) for name in names}
        )


FULL = Recipe(
    first_teacher=Settings(epochs=1.4, rate=5e-5, batch_tokens=36_000),
    first_student=Settings(epochs=1.2, rate=1.5e-4, batch_tokens=48_000),
    asking=AskingSettings(),
    second_teacher=Settings(epochs=0.79, rate=6e-5, batch_tokens=36_000, frozen_bias=True),
    student=Settings(epochs=1.04, rate=1.2e-4, batch_tokens=48_000, seed=2),
)

_SMALL = {"epochs": 1.0, "batch_tokens": 2_000, "max_tokens": 256}
# The last two runs have more examples.
_SECOND_SMALL = _SMALL | {"epochs": 0.5}
# For a small machine. After a hundred questions a reader's logits differ so little from each other
# that rounding to int8 would blur them.
SMALL = Recipe(
    first_teacher=FULL.first_teacher.model_copy(update=_SMALL),
    first_student=FULL.first_student.model_copy(update=_SMALL),
    asking=AskingSettings(
        epochs=1.0, batch_size=4, n_learnt=12, n_marked=6, n_news=2, n_wikipedia=4, n_at_once=4
    ),
    second_teacher=FULL.second_teacher.model_copy(update=_SECOND_SMALL),
    student=FULL.student.model_copy(update=_SECOND_SMALL),
    n_ranked=100,
    precision="fp32",
)


@dataclass(frozen=True, slots=True)
class Bases:
    """The checkpoints that the three models start from, and the ranker that the student was."""

    student: Path
    teacher: Path
    generator: Path
    ranker: Path


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--examples", type=click.IntRange(10), help="Only about so many questions; else all.")
@click.option(
    "--index",
    "index_dir",
    type=click.Path(exists=True, path_type=Path),
    help="An index of the news archive: adds examples of news.",
)
@click.option(
    "--samples",
    type=click.Path(exists=True, path_type=Path),
    help="An index of the sample archive: with --index, fits the confidence.",
)
@click.option(
    "--packages",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the packages with the pretrained weights are kept; OUT/packages if not set.",
)
@click.option(
    "--bf16/--fp32", default=None, help="Of training; bf16 where the processor has it if not set."
)
@click.option("--threads", default=2, show_default=True)
def main(
    out: Path,
    examples: int | None,
    index_dir: Path | None,
    samples: Path | None,
    packages: Path | None,
    bf16: bool | None,
    threads: int,
) -> None:
    """Make a reader in OUT/reader: DATELINE_READER=OUT/reader uses it."""
    in_bf16 = has_bf16() if bf16 is None else bf16
    recipe = FULL if examples is None else SMALL
    recipe = recipe.updated(precision="bf16" if in_bf16 else "fp32", threads=threads)
    hide_progress_bars()
    packages = packages or out / "packages"
    out.mkdir(parents=True, exist_ok=True)
    try:
        snapshot = LocalArchive(index_dir, threads=1).current() if index_dir else None
        files = _prepare(out / "examples", examples, snapshot)
        bases = Bases(
            _once(out / "student-base", lambda folder: save_student(folder, packages)),
            _once(out / "teacher-base", lambda folder: save_teacher(folder, packages)),
            _once(out / "generator-base", lambda folder: save_generator(folder, packages)),
            _once(out / "ranker", lambda folder: save_ranker(folder, packages)),
        )
        make_reader(out, files, bases, recipe, snapshot)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    if index_dir and samples:
        options = ["--index", str(index_dir), "--samples", str(samples)]
        options += ["--reader", str(out / "reader"), "--fold", "0"]
        calibrate.main(options, standalone_mode=False)
    print(f"DATELINE_READER={out / 'reader'} makes `ask` and `serve` use this reader.")


def make_reader(
    out: Path,
    examples: Mapping[str, Path],
    bases: Bases,
    recipe: Recipe,
    snapshot: ArchiveSnapshot | None = None,
) -> None:
    """Train from the checkpoints `bases`, and export the second student to `out`/reader.

    `examples` are files by name, those of `_FIRST` and `_SECOND`; in `snapshot`, an index of the
    news archive, passages are found for the questions that the generator asks.

    Raises:
        SourceError: a file does not hold examples.
        ModelError: a checkpoint cannot be loaded, or `out` holds a run with other settings.
    """

    def trained(
        name: str,
        files: list[Path],
        start: Path,
        settings: Settings,
        teachers: Mapping[Path, float] | None = None,
    ) -> Path:
        def run(folder: Path) -> None:
            print(f"training {folder}")
            train(files, start, folder, settings, teachers)

        return _once(out / name, run)

    first = [examples[name] for name in _FIRST if name in examples]
    teacher = trained("first-teacher", first, bases.teacher, recipe.first_teacher)
    student = trained("first-student", first, bases.student, recipe.first_student, {teacher: 1.0})
    asked = ask_questions(out / "asked", bases.generator, student, snapshot, recipe.asking)
    second = [examples[name] for name in _SECOND if name in examples] + [asked]
    teacher = trained("second-teacher", second, bases.teacher, recipe.second_teacher)
    opinions = {teacher: _TEACHER_SHARE, student: _STUDENT_SHARE}
    student = trained("student", second, student, recipe.student, opinions)
    if not (student / HEAD_FILE).exists():
        ranked = [examples[name] for name in _RANKED if name in examples]
        threads = recipe.student.threads
        add_relevance(student, ranked, bases.ranker, recipe.n_ranked, recipe.precision, threads)
    reader = out / "reader"
    data = (*MAIN_SETS, *FURTHER_SETS, *(["realtimeqa-2022"] if "news" in examples else []))
    export_reader(student, reader, recipe.precision, out.resolve().name, _BASE, data)
    # That of the shipped reader, until `training.calibrate` fits one.
    shutil.copy(BUNDLED_READER / "calibration.json", reader)


def _prepare(folder: Path, limit: int | None, snapshot: ArchiveSnapshot | None) -> dict[str, Path]:
    """Write the examples that are not there yet, and return their files by name."""
    folder.mkdir(parents=True, exist_ok=True)
    makers: dict[str, Callable[[random.Random], Iterator[Example]]] = {
        "reading": lambda rng: reading_examples(rng, limit),
        "groups": lambda rng: group_examples(rng, limit and limit // 2, _GROUPS_SHARE),
        "lookalikes": lambda rng: lookalike_examples(rng, limit // 5 if limit else _N_LOOKALIKES),
    }
    if snapshot:
        makers["news"] = lambda rng: news_examples(snapshot, rng)
        makers["quizzes"] = lambda rng: headed_quizzes(snapshot, rng)
    files = {name: folder / f"{name}.jsonl.gz" for name in makers}
    for name, path in files.items():
        if not path.exists():
            write(path, makers[name](random.Random(_SEEDS[name])))
    return files


def _once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Make a folder's checkpoint, unless it is whole already."""
    if not (folder / "tokenizer.json").exists():
        make(folder)
    return folder


if __name__ == "__main__":
    main()
