"""Train a reader: `python -m training.train EXAMPLES... --start DIR --out DIR`.

Run again with the same arguments, it resumes. Uses a GPU where there is one.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import rich_click as click

from corpus.errors import DatelineError
from training.example import read_examples
from training.features import Features, featurise
from training.labels import TeacherLabels, fingerprint, label
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
    type=click.Path(exists=True, path_type=Path),
    help="A checkpoint to learn from; its logits are kept in OUT.",
)
@click.option("--taught", default=0.7, show_default=True, help="Weight of the teacher's labels.")
@click.option("--epochs", default=1.0, show_default=True)
@click.option("--rate", default=_DEFAULTS.rate, show_default=True, help="Peak learning rate.")
@click.option("--across", default=0.5, show_default=True, help="Loss weight across passages.")
@click.option("--dropout", default=0.1, show_default=True)
@click.option("--frozen", default=0, show_default=True, help="Lowest layers left as they are.")
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
    teacher: Path | None,
    **settings: float | str | bool,
) -> None:
    """Train on EXAMPLES (made by `training.prepare`), into a checkpoint in OUT."""
    hide_progress_bars()
    try:
        train(examples, start, out, Settings.model_validate(settings), teacher)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def train(
    examples: Sequence[Path],
    start: Path,
    out: Path,
    settings: Settings,
    teacher: Path | None = None,
) -> None:
    """Train from the checkpoint `start` and write a checkpoint of the same kind into `out`.

    With a `teacher`, its logits are labels beside the right answers.

    Raises:
        SourceError: a file does not hold examples.
        ModelError: `start` or `teacher` is no checkpoint, or `out` holds a run with other settings.
    """
    out.mkdir(parents=True, exist_ok=True)
    model, tokenizer = load_model(start, settings)
    features = features_of(examples, settings)
    labels = teach(teacher, features, out / "labels.safetensors", settings) if teacher else None
    state_path = out / "state.safetensors"
    run(model, features, state_path, settings, labels)
    model.save_pretrained(out)
    # Last: where there is a tokenizer, the checkpoint is whole.
    tokenizer.save_pretrained(out)
    state_path.unlink(missing_ok=True)


def features_of(examples: Sequence[Path], settings: Settings) -> list[Features]:
    """Return the windows of the examples in some files, the same each time."""
    every = (example for path in examples for example in read_examples(path))
    return list(featurise(every, settings.max_tokens, random.Random(settings.seed)))


def teach(
    teacher: Path, features: Sequence[Features], path: Path, settings: Settings
) -> TeacherLabels:
    """Return what a teacher says of the windows, from the file `path` once that is written."""
    what = fingerprint(features)
    if not path.exists():
        in_bf16 = settings.precision == "bf16"
        batch_tokens = 2 * settings.batch_tokens  # nothing is kept for gradients
        labels = label(load_checkpoint(teacher), features, batch_tokens, in_bf16=in_bf16)
        labels.save(path, what)
    return TeacherLabels.load(path, what)


if __name__ == "__main__":
    main()
