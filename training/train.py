"""Train a reader: `python -m training.train EXAMPLES... --out DIR`.

Started again with the same arguments it goes on where it was. Uses a GPU when there is one.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from corpus.errors import DatelineError
from training.example import read_examples
from training.features import featurise
from training.loop import Settings, bundled_base, load_model, run

__all__ = ["train"]


@click.command()
@click.argument("examples", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--start",
    type=click.Path(exists=True, path_type=Path),
    help="A checkpoint to go on from; the bundled all-MiniLM-L6-v2 if not set.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--epochs", default=1, show_default=True)
@click.option("--steps", type=click.IntRange(1), help="End after so many steps.")
@click.option("--rate", default=1e-4, show_default=True, help="Peak learning rate.")
@click.option(
    "--across", default=0.5, show_default=True, help="Weight of the loss across passages."
)
@click.option("--frozen", default=0, show_default=True, help="Lowest layers left as they are.")
@click.option("--max-tokens", default=224, show_default=True, help="Of one window.")
@click.option("--batch-tokens", default=4800, show_default=True, help="Of one step, with padding.")
@click.option("--seed", default=7, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(
    examples: tuple[Path, ...],
    start: Path | None,
    out: Path,
    **settings: float | None,
) -> None:
    """Train on EXAMPLES (made by `training.prepare`), into a checkpoint in OUT."""
    try:
        train(examples, start or bundled_base(), out, Settings.model_validate(settings))
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def train(examples: Sequence[Path], start: Path, out: Path, settings: Settings) -> None:
    """Train from the checkpoint `start` and write a checkpoint of the same kind into `out`.

    Raises:
        SourceError: a file does not hold examples.
        ModelError: `start` is no checkpoint, or `out` holds a run with other settings.
    """
    model, tokenizer = load_model(start, settings)
    rng = random.Random(settings.seed)
    every = (example for path in examples for example in read_examples(path))
    features = list(featurise(tokenizer.backend_tokenizer, every, settings.max_tokens, rng))
    out.mkdir(parents=True, exist_ok=True)
    state_path = out / "state.safetensors"
    run(model, features, state_path, settings)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    state_path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
