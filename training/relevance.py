"""How much a passage is about a question: a ranker's opinion, read off the reader's own states.

The student starts from a ranker, and while it learns to read it forgets little of it: a linear
function of the state of its first token, most of the way up, tells what the ranker says. So it is
told at no cost. `python -m training.relevance CHECKPOINT EXAMPLES...` writes the function beside a
checkpoint, and `training.export` makes it the model's third output.
"""

import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import rich_click as click
import torch
from numpy.typing import NDArray

from corpus.errors import DatelineError, ModelError, SourceError
from index.files import sha256_of
from index.vectors.onnx_model import OnnxModel, pad
from service.reader.onnx_reader import Precision, ReaderManifest
from training.example import read_examples
from training.export import export_reader, save_head
from training.models import hide_progress_bars

__all__ = ["add_relevance"]

_BATCH = 8
# Passages of one question that are used, and the share of them that go to another question: what
# a search finds for a question is seldom about nothing of it.
_N_EACH, _STRANGERS = 4, 0.1
_RIDGE = 1.0
_LEFT_OUT = 10  # every tenth pair tells how well the function does

Pair = tuple[str, str]


@click.command()
@click.argument("checkpoint", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("examples", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--ranker",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="OUT/ranker of `training.recipe`.",
)
@click.option("--limit", default=9_000, show_default=True, help="Pairs of question and passage.")
@click.option(
    "--precision",
    type=click.Choice(get_args(Precision)),
    default="int8",
    show_default=True,
    help="That of the export that is to come.",
)
@click.option("--threads", default=2, show_default=True)
def main(
    checkpoint: Path,
    examples: tuple[Path, ...],
    ranker: Path,
    limit: int,
    precision: Precision,
    threads: int,
) -> None:
    """Let the reader in CHECKPOINT tell relevance, by the questions and passages of EXAMPLES."""
    hide_progress_bars()
    try:
        add_relevance(checkpoint, examples, ranker, limit, precision, threads)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def add_relevance(
    checkpoint: Path,
    examples: Sequence[Path],
    ranker: Path,
    limit: int,
    precision: Precision,
    threads: int,
) -> None:
    """Fit the function on at most `limit` pairs and write it into the folder `checkpoint`.

    To what the model in the folder `ranker` says, and on states as an export in `precision` has
    them: what is told may not be finer than their rounding.

    Raises:
        SourceError: a file does not hold examples, or all together too few.
        ModelError: a folder does not hold what it should.
    """
    pairs = list(_pairs(examples, limit, random.Random(1)))
    if len(pairs) < 2:
        names = ", ".join(map(str, examples))
        raise SourceError(f"{names}: too few examples to learn from. Give files with more.")
    judge = _load_ranker(ranker, threads)
    with tempfile.TemporaryDirectory(dir=checkpoint) as folder:
        work = Path(folder)
        export_reader(checkpoint, work, precision, "states", head=torch.nn.Identity())
        manifest = ReaderManifest.read(work)
        reader = OnnxModel(work, manifest.sha256, threads)
        # (n, width), (n,)
        states = _outputs(reader, pairs, manifest.window)
        opinions = _outputs(judge, pairs, manifest.window)[:, 0]
    fitted = np.arange(len(pairs)) % _LEFT_OUT != 0
    weights, constant = _fit(states[fitted], opinions[fitted])
    missed = np.std(states[~fitted] @ weights + constant - opinions[~fitted])
    spread = np.std(opinions[~fitted])
    print(
        f"{len(pairs)} pairs; on those left out it errs by {missed:.2f} where {spread:.2f} is usual"
    )
    save_head(checkpoint, weights, constant)


def _load_ranker(folder: Path, threads: int) -> OnnxModel:
    names = ("model.onnx", "tokenizer.json")
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise ModelError(
            f"{folder} holds no ranker: {' and '.join(missing)} missing. Name the folder `ranker` "
            "that `python -m training.recipe` wrote."
        )
    # Written by us, out of a package that was checked.
    sums = {name: sha256_of(folder / name) for name in names}
    return OnnxModel(folder, sums, threads)


def _pairs(files: Sequence[Path], limit: int, rng: random.Random) -> Iterator[Pair]:
    """Yield questions and passages in no order, about as many of each file.

    Now and then a question has another's passage.
    """
    found = []
    for path in files:
        examples = list(read_examples(path))
        rng.shuffle(examples)
        own = [
            (one.question, context.text)
            for one in examples[: limit // len(files)]
            for context in rng.sample(one.contexts, min(_N_EACH, len(one.contexts)))
        ]
        found += own[: limit // len(files)]
    rng.shuffle(found)
    for question, text in found:
        yield rng.choice(found)[0] if rng.random() < _STRANGERS else question, text


def _outputs(model: OnnxModel, pairs: Sequence[Pair], max_tokens: int) -> NDArray[np.float32]:
    """Return (n, width): the model's last output for each pair, cut to `max_tokens`."""
    model.tokenizer.enable_truncation(max_tokens, strategy="only_second")
    encodings = model.tokenizer.encode_batch(list(pairs))
    order = sorted(range(len(pairs)), key=lambda number: len(encodings[number].ids))
    found: dict[int, NDArray[np.float32]] = {}
    for first in range(0, len(order), _BATCH):
        numbers = order[first : first + _BATCH]
        outputs = model.run(pad([encodings[number] for number in numbers]))[-1]
        found.update(zip(numbers, outputs, strict=True))
    return np.stack([found[number] for number in range(len(pairs))])


def _fit(
    states: NDArray[np.float32], opinions: NDArray[np.float32]
) -> tuple[NDArray[np.float64], float]:
    """Return the weights of `states`, (n, width), and the constant, by ridge regression."""
    mean = states.mean(axis=0, dtype=np.float64)
    inputs = states - mean
    square = inputs.T @ inputs + _RIDGE * np.eye(inputs.shape[1])
    weights = np.linalg.solve(square, inputs.T @ (opinions - opinions.mean()))
    return weights, float(opinions.mean() - weights @ mean)


if __name__ == "__main__":
    main()
