"""The mean of the weights of two readers: `python -m training.average ONE OTHER --out DIR`.

Half way between a reader and what a short run made of it keeps most of what both can
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

import shutil
from pathlib import Path

import rich_click as click
from safetensors.torch import load_file, save_file

from corpus.errors import DatelineError, ModelError

__all__ = ["average"]

_WEIGHTS = "model.safetensors"


@click.command()
@click.argument("one", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("other", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def main(one: Path, other: Path, out: Path) -> None:
    """Write the checkpoint half way between the checkpoints ONE and OTHER into OUT."""
    try:
        average(one, other, out)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def average(one: Path, other: Path, out: Path) -> None:
    """Write the mean of two checkpoints of one shape, with the other files of the first.

    Raises:
        ModelError: they do not have the same weights in the same shapes.
    """
    left, right = load_file(one / _WEIGHTS), load_file(other / _WEIGHTS)
    shapes = [{name: value.shape for name, value in side.items()} for side in (left, right)]
    if shapes[0] != shapes[1]:
        raise ModelError(
            f"{one} and {other} are readers of different shapes: name two of one recipe."
        )
    mean = {name: (value.float() + right[name].float()) / 2 for name, value in left.items()}
    out.mkdir(parents=True, exist_ok=True)
    save_file(mean, out / _WEIGHTS, {"format": "pt"})
    # Last, so that a folder with a tokenizer is whole.
    for path in sorted(one.iterdir(), key=lambda path: path.name == "tokenizer.json"):
        if path.name != _WEIGHTS and path.is_file():
            shutil.copy(path, out / path.name)


if __name__ == "__main__":
    main()
