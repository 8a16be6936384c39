"""Export a reader checkpoint to ONNX: `python -m training.export CHECKPOINT --out DIR`.

Takes any Hugging Face extractive QA checkpoint (`AutoModelForQuestionAnswering`), compares the
export with the original, and writes what `service.reader.onnx_reader` loads.
"""

import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import numpy as np
import numpy.typing as npt
import rich_click as click
import torch
from safetensors.torch import load_file, save_file

from corpus.errors import ModelError
from index.files import sha256_of
from index.vectors.onnx_model import Batch, OnnxModel, fuse_bert, pad, quantise_int8
from service.reader.decoding import Logits
from service.reader.onnx_reader import Precision, ReaderManifest
from service.reader.transformers_reader import Checkpoint, load_checkpoint
from training.quantise import store_int8

__all__ = ["HEAD_FILE", "export_reader", "save_head"]

# Of the layers below the state that tells relevance. Above, states turn to where the answer stands:
# after the last layer the same is told by differences that rounding to int8 drowns.
_HEAD_AT = 0.75
HEAD_FILE = "relevance.safetensors"
_FILES = ("model.onnx", "tokenizer.json", "reader.json")
# Of unlike length, so that padding is compared too.
_PROBES = (
    (
        "How many people were rescued?",
        "The ferry Sula sank off Norhavn on Tuesday. Nine people were rescued, officials said.",
    ),
    ("Qui a gagné ?", "Élodie Marchand a gagné la course dimanche, en 2 h 14 min. 🏃"),
    ("What did the bank raise?", "Rates rose again. " * 8 + "The bank raised its key rate."),
)
# Largest root mean square of the logits' differences from the original's, as a share of the
# spread of the original's.
_TOLERANCE = {"fp32": 1e-3, "int8-weights": 0.05, "int8": 0.25}


@click.command()
@click.argument("checkpoint", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option(
    "--precision", type=click.Choice(get_args(Precision)), default="int8", show_default=True
)
@click.option("--name", help="What the model is called from now on; its folder's name if not set.")
@click.option("--base", default="", help="The model that training started from.")
@click.option("--data", multiple=True, help="A data set it was trained on; give each.")
def main(
    checkpoint: Path,
    out: Path,
    precision: Precision,
    name: str | None,
    base: str,
    data: tuple[str, ...],
) -> None:
    """Export CHECKPOINT into the folder OUT."""
    try:
        export_reader(checkpoint, out, precision, name or checkpoint.resolve().name, base, data)
    except ModelError as error:
        raise click.ClickException(str(error)) from error
    size = (out / "model.onnx").stat().st_size / 1e6
    print(f"{out / 'model.onnx'}: {size:.1f} MB, {precision}")


def export_reader(
    checkpoint: Path,
    out: Path,
    precision: Precision,
    name: str,
    base: str = "",
    data: tuple[str, ...] = (),
    head: torch.nn.Module | None = None,
) -> None:
    """Write model.onnx, tokenizer.json and reader.json of a checkpoint into `out`.

    The third output is what `head` says of the first token's state, (n, width), three quarters of
    the layers up; if not given, the function that `save_head` left there, or none.

    Raises:
        ModelError: the checkpoint cannot be loaded or exported, or the export's logits differ
            from the original's; `out` is then as it was.
    """
    loaded = load_checkpoint(checkpoint)
    loaded.tokenizer.no_padding()
    loaded.tokenizer.no_truncation()
    probe = pad(loaded.tokenizer.encode_batch(list(_PROBES)))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        work = Path(folder)
        # In evaluation mode: the exporter gives each part the mode of the whole back.
        graph = _Graph(loaded, head or _load_head(checkpoint)).eval()
        inputs = {name: torch.from_numpy(getattr(probe, name)) for name in loaded.inputs}
        _export_graph(graph, inputs, work / "exported.onnx")
        _optimise(loaded, work, precision)
        loaded.tokenizer.save(str(work / "tokenizer.json"))
        manifest = ReaderManifest(
            name=name,
            precision=precision,
            window=loaded.window,
            stride=loaded.stride,
            base=base,
            data=data,
            sha256={file: sha256_of(work / file) for file in ("model.onnx", "tokenizer.json")},
        )
        _compare(loaded, probe, work, manifest)
        (work / "reader.json").write_text(
            manifest.model_dump_json(indent=1) + "\n", encoding="utf-8"
        )
        for file in _FILES:
            shutil.move(work / file, out / file)


class _Relevance(torch.nn.Module):
    """A linear function of states, (n, width), to (n,)."""

    weight: torch.Tensor
    bias: torch.Tensor

    def __init__(self, weights: Mapping[str, torch.Tensor]) -> None:
        super().__init__()
        self.register_buffer("weight", weights["weight"])
        self.register_buffer("bias", weights["bias"])

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        # Not as a matrix product, which would be rounded to int8 with all others.
        return (states * self.weight).sum(dim=1) + self.bias


def save_head(checkpoint: Path, weights: npt.NDArray[np.float64], constant: float) -> None:
    """Keep beside a checkpoint the linear function that tells relevance, `weights` (width,)."""
    numbers = {"weight": weights, "bias": np.array([constant])}
    tensors = {name: torch.tensor(one, dtype=torch.float32) for name, one in numbers.items()}
    fresh = checkpoint / f"{HEAD_FILE}.new"
    save_file(tensors, fresh)
    # A file that is there is whole.
    fresh.replace(checkpoint / HEAD_FILE)


def _load_head(checkpoint: Path) -> torch.nn.Module | None:
    path = checkpoint / HEAD_FILE
    if not path.exists():
        return None
    try:
        return _Relevance(load_file(path))
    except Exception as error:  # safetensors raises its own kind
        raise ModelError(f"{path} cannot be read: {error}. Make it again.") from error


class _Graph(torch.nn.Module):
    """The checkpoint as a function of its inputs in order, to its logits and what a head says."""

    def __init__(self, checkpoint: Checkpoint, head: torch.nn.Module | None) -> None:
        super().__init__()
        self.model, self.head = checkpoint.model, head
        self._inputs = checkpoint.inputs

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
        named = dict(zip(self._inputs, inputs, strict=True))
        output = self.model(**named, output_hidden_states=self.head is not None)
        logits = (output.start_logits, output.end_logits)
        if self.head is None:
            return logits
        states = output.hidden_states
        return *logits, self.head(states[round(_HEAD_AT * (len(states) - 1))][:, 0])


def _export_graph(graph: _Graph, inputs: Mapping[str, torch.Tensor], target: Path) -> None:
    outputs = ["start_logits", "end_logits"]
    free = {name: {0: "batch", 1: "width"} for name in [*inputs, *outputs]}
    if graph.head:
        outputs.append("relevance")
        free["relevance"] = {0: "batch"}
    with warnings.catch_warnings():
        # The exporter warns of its successor, which cannot yet keep both axes free here.
        warnings.simplefilter("ignore", DeprecationWarning)
        # The comparison with the original would show what these two warn of: a shape or a sign
        # that holds for the probe only.
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # type: ignore[attr-defined]
        warnings.filterwarnings("ignore", "Exporting aten::index", UserWarning)
        try:
            torch.onnx.export(
                graph,
                tuple(inputs.values()),
                str(target),
                dynamo=False,
                opset_version=17,
                input_names=list(inputs),
                output_names=outputs,
                dynamic_axes=free,
            )
        except Exception as error:  # whatever tracing an unknown architecture may raise
            raise ModelError(f"the checkpoint cannot be exported to ONNX: {error}") from error


def _optimise(checkpoint: Checkpoint, work: Path, precision: Precision) -> None:
    source, target = work / "exported.onnx", work / "model.onnx"
    config = checkpoint.model.config
    if config.model_type == "bert":
        fuse_bert(source, work / "fused.onnx", config.num_attention_heads, config.hidden_size)
        source = work / "fused.onnx"
    if precision == "int8":
        quantise_int8(source, target)
    elif precision == "int8-weights":
        store_int8(source, target)
    else:
        source.rename(target)


def _compare(checkpoint: Checkpoint, probe: Batch, work: Path, manifest: ReaderManifest) -> None:
    expected = _of_tokens(checkpoint.run(probe), probe)
    # The relevance was fitted to the export.
    found = _of_tokens(OnnxModel(work, manifest.sha256, threads=1).run(probe)[:2], probe)
    difference = float(np.sqrt(np.mean((found - expected) ** 2)) / expected.std())
    if not difference <= _TOLERANCE[manifest.precision]:
        raise ModelError(
            f"the {manifest.precision} export's logits differ from the original's by "
            f"{difference:.1%} of their spread: use a higher --precision."
        )


def _of_tokens(logits: list[Logits], probe: Batch) -> Logits:
    """Return the logits of both kinds at tokens that are no padding, (2 * n_tokens,)."""
    return np.concatenate([kind[probe.attention_mask == 1] for kind in logits])


if __name__ == "__main__":
    main()
