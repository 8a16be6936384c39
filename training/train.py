"""Train a reader: `python -m training.train EXAMPLES... --start DIR --out DIR`.

Run again with the same arguments, it resumes. Uses a GPU where there is one.
"""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import rich_click as click

from corpus.errors import DatelineError
from training.example import read_examples
from training.features import Features, featurise
from training.labels import TeacherLabels, fingerprint, label, mixed
from training.loop import Settings, load_model, run
from training.models import hide_progress_bars, load_checkpoint

__all__ = ["features_of", "teach", "train"]

_DEFAULTS = Settings()


@click.command()
@click.argument("examples", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--start", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option(
    "--teacher",
    "teachers",
    type=(click.Path(exists=True, path_type=Path), float),
    multiple=True,
    metavar="DIR SHARE",
    help="A checkpoint to learn from and its share of the logits; give each. Kept in OUT.",
)
@click.option("--epochs", default=1.0, show_default=True)
@click.option("--rate", default=_DEFAULTS.rate, show_default=True, help="Peak learning rate.")
@click.option("--across", default=0.5, show_default=True, help="Loss weight across passages.")
@click.option("--frozen-bias", is_flag=True, help="Leave MPNet's relative position bias as it is.")
@click.option("--max-tokens", default=384, show_default=True, help="Of one window.")
@click.option("--batch-tokens", default=36_000, show_default=True, help="Of a step, with padding.")
@click.option(
    "--precision",
    type=click.Choice(get_args(Settings.model_fields["precision"].annotation)),
    default="bf16",
    show_default=True,
    help="bf16 is fast on GPUs and on CPUs with AVX512-BF16 or AMX.",
)
@click.option("--seed", default=1, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(
    examples: tuple[Path, ...],
    start: Path,
    out: Path,
    teachers: tuple[tuple[Path, float], ...],
    **settings: float | str | bool,
) -> None:
    """Train on EXAMPLES (made by `training.prepare`), into a checkpoint in OUT."""
    hide_progress_bars()
    try:
        train(examples, start, out, Settings.model_validate(settings), dict(teachers))
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def train(
    examples: Sequence[Path],
    start: Path,
    out: Path,
    settings: Settings,
    teachers: Mapping[Path, float] | None = None,
) -> None:
    """Train from the checkpoint `start` and write a checkpoint of the same kind into `out`.

    With `teachers`, their logits, each times its share, are labels beside the right answers.
    Without, examples without labels are left out.

    Raises:
        SourceError: a file does not hold examples.
        ModelError: `start` or a teacher is no checkpoint, or `out` holds a run with other settings.
    """
    out.mkdir(parents=True, exist_ok=True)
    model, tokenizer = load_model(start, settings)
    features = features_of(examples, settings, only_labelled=not teachers)
    labels = teach(teachers, features, out / "labels.safetensors", settings) if teachers else None
    state_path = out / "state.safetensors"
    run(model, features, state_path, settings, labels)
    model.save_pretrained(out)
    # Last: where there is a tokenizer, the checkpoint is whole.
    tokenizer.save_pretrained(out)
    state_path.unlink(missing_ok=True)


def features_of(
    examples: Sequence[Path], settings: Settings, *, only_labelled: bool = False
) -> list[Features]:
    """Return the windows of the examples in some files, the same each time."""
    every = (
        example
        for path in examples
        for example in read_examples(path)
        if example.is_labelled or not only_labelled
    )
    return list(featurise(every, settings.max_tokens, random.Random(settings.seed)))


def teach(
    teachers: Mapping[Path, float], features: Sequence[Features], path: Path, settings: Settings
) -> TeacherLabels:
    """Return what teachers say of the windows, from the file `path` once that is written.

    Each is given with its share of the logits.
    """
    what = f"{fingerprint(features)} {list(teachers.values())}"
    if not path.exists():
        in_bf16 = settings.precision == "bf16"
        batch_tokens = 2 * settings.batch_tokens  # nothing is kept for gradients
        opinions = (
            (label(load_checkpoint(folder), features, batch_tokens, in_bf16=in_bf16), share)
            for folder, share in teachers.items()
        )
        mixed(opinions).save(path, what)
    return TeacherLabels.load(path, what)


if __name__ == "__main__":
    main()
