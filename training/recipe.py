"""From pretrained weights to a reader that `ask` uses: `python -m training.recipe --out DIR`.

A teacher learns from the examples, a student from the examples and the teacher. It then learns from
look-alikes not to answer what a passage tells of another; what is half way back to the student is
exported. With `--examples 100` the whole way takes a few minutes on two cores, for a reader that
reads badly. Run again with the same options, it resumes.
"""

import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import rich_click as click

from corpus.errors import DatelineError
from index.local import LocalArchive
from service.reader.onnx_reader import BUNDLED_READER, Precision
from training import calibrate
from training.average import average
from training.bases import save_student, save_teacher
from training.datasets import FURTHER_SETS, MAIN_SETS
from training.example import Example
from training.export import export_reader
from training.groups import group_examples
from training.lookalikes import lookalike_examples
from training.loop import Settings
from training.models import has_bf16, hide_progress_bars
from training.prepare import news_examples, write
from training.reading import reading_examples
from training.train import train

__all__ = ["FULL", "SMALL", "Recipe", "make_reader"]

_BASE = "cross-encoder/ms-marco-MiniLM-L-12-v2"
_SEEDS = {"reading": 11, "news": 12, "lookalikes": 31, "replay": 5, "groups": 21, "quizzes": 22}
# The examples of the first two runs, and of the last.
_FIRST = ("reading", "news")
_LAST = ("lookalikes", "replay", "groups", "quizzes")
# Questions of the third run: look-alikes, and others so that it forgets nothing.
_N_LOOKALIKES, _N_REPLAY, _N_GROUPS, _N_QUIZZES = 4_500, 900, 600, 400


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of the three runs, and the precision of the exported reader."""

    teacher: Settings
    student: Settings
    lookalikes: Settings
    precision: Precision = "int8"


FULL = Recipe(
    teacher=Settings(epochs=1.4, rate=5e-5, batch_tokens=36_000),
    student=Settings(epochs=1.2, rate=1.5e-4, batch_tokens=48_000, taught=0.7),
    lookalikes=Settings(rate=5e-5, batch_tokens=4_000, taught=0.5, dropout=0.0, frozen=6),
)

_SMALL = {"epochs": 1.0, "batch_tokens": 2_000, "max_tokens": 256}
# For a small machine. After a hundred questions a reader's logits differ so little from each other
# that rounding to int8 would blur them.
SMALL = Recipe(
    teacher=FULL.teacher.model_copy(update=_SMALL),
    student=FULL.student.model_copy(update=_SMALL),
    lookalikes=FULL.lookalikes.model_copy(update=_SMALL),
    precision="fp32",
)


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--examples", type=click.IntRange(10), help="Only about so many questions; else all.")
@click.option(
    "--index",
    "index_dir",
    type=click.Path(exists=True, path_type=Path),
    help="An index of the news archive: adds news examples.",
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
    update = {"precision": "bf16" if in_bf16 else "fp32", "threads": threads}
    recipe = FULL if examples is None else SMALL
    recipe = Recipe(
        recipe.teacher.model_copy(update=update),
        recipe.student.model_copy(update=update),
        recipe.lookalikes.model_copy(update=update),
        recipe.precision,
    )
    hide_progress_bars()
    packages = packages or out / "packages"
    out.mkdir(parents=True, exist_ok=True)
    try:
        files = _prepare(out / "examples", examples, index_dir)
        student = _once(out / "student-base", lambda folder: save_student(folder, packages))
        teacher = _once(out / "teacher-base", lambda folder: save_teacher(folder, packages))
        make_reader(out, files, student, teacher, recipe)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    if index_dir and samples:
        options = ["--index", str(index_dir), "--samples", str(samples)]
        options += ["--reader", str(out / "reader"), "--fold", "0"]
        calibrate.main(options, standalone_mode=False)
    print(f"DATELINE_READER={out / 'reader'} makes `ask` and `serve` use this reader.")


def make_reader(
    out: Path, examples: Mapping[str, Path], student: Path, teacher: Path, recipe: Recipe
) -> None:
    """Train from the checkpoints `teacher` and `student`, and export the student to `out`/reader.

    `examples` are files by name, those of `_FIRST` and of `_LAST`.

    Raises:
        SourceError: a file does not hold examples.
        ModelError: a checkpoint cannot be loaded, or `out` holds a run with other settings.
    """
    first = [examples[name] for name in _FIRST if name in examples]
    last = [examples[name] for name in _LAST if name in examples]
    taught = _trained(out / "teacher", first, teacher, recipe.teacher, None)
    trained = _trained(out / "student", first, student, recipe.student, taught)
    # Its own teacher, and half way back to it, so that it forgets nothing.
    ended = _trained(out / "last", last, trained, recipe.lookalikes, trained)
    mean = _once(out / "mean", lambda folder: average(trained, ended, folder))
    reader = out / "reader"
    data = (*MAIN_SETS, *FURTHER_SETS, *(["realtimeqa-2022"] if "news" in examples else []))
    export_reader(mean, reader, recipe.precision, out.resolve().name, _BASE, data)
    # That of the shipped reader, until `training.calibrate` fits one.
    shutil.copy(BUNDLED_READER / "calibration.json", reader)


def _trained(
    out: Path, examples: Sequence[Path], start: Path, settings: Settings, teacher: Path | None
) -> Path:
    def run(folder: Path) -> None:
        print(f"training {folder}")
        train(examples, start, folder, settings, teacher)

    return _once(out, run)


def _prepare(folder: Path, limit: int | None, index_dir: Path | None) -> dict[str, Path]:
    """Write the examples that are not there yet, and return their files by name."""
    folder.mkdir(parents=True, exist_ok=True)
    makers: dict[str, Callable[[random.Random], Iterator[Example]]] = {
        "reading": lambda rng: reading_examples(rng, limit),
        "lookalikes": lambda rng: lookalike_examples(rng, limit // 2 if limit else _N_LOOKALIKES),
        "replay": lambda rng: reading_examples(rng, limit // 5 if limit else _N_REPLAY),
        "groups": lambda rng: group_examples(rng, limit // 10 if limit else _N_GROUPS),
    }
    if index_dir:
        snapshot = LocalArchive(index_dir, threads=1).current()
        makers["news"] = lambda rng: news_examples(snapshot, rng)
        makers["quizzes"] = lambda rng: islice(news_examples(snapshot, rng), _N_QUIZZES)
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
