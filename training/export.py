"""Export a reader checkpoint to ONNX: `python -m training.export CHECKPOINT --out DIR`.

Takes any Hugging Face extractive QA checkpoint (`AutoModelForQuestionAnswering`), compares the
export with the original, and writes what `service.reader.onnx_reader` loads.
"""

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import rich_click as click
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from corpus.errors import ModelError
from index.onnx_model import OnnxModel, fuse_bert, pad, quantise_int8, sha256_of
from service.reader.onnx_reader import ReaderManifest

__all__ = ["export_reader"]

_WINDOW = 384
_STRIDE = 64
_PROBE = (
    "How many people were rescued?",
    "The ferry Sula sank off Norhavn on Tuesday. Nine people were rescued, the coast guard said.",
)
# Largest difference of a logit between export and original; int8 is also judged by its scores.
_TOLERANCE = {"fp32": 1e-3, "int8": 3.0}


@click.command()
@click.argument("checkpoint", type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--precision", type=click.Choice(["fp32", "int8"]), default="int8")
@click.option("--name", required=True, help="What the model is called from now on.")
def main(checkpoint: Path, out: Path, precision: str, name: str) -> None:
    """Export CHECKPOINT into the folder OUT."""
    export_reader(checkpoint, out, precision, name)
    size = (out / "model.onnx").stat().st_size / 1e6
    print(f"{out / 'model.onnx'}: {size:.1f} MB, {precision}")


def export_reader(checkpoint: Path, out: Path, precision: str, name: str) -> None:
    """Write model.onnx, tokenizer.json and reader.json of a checkpoint into `out`.

    Raises:
        ModelError: the export's logits differ from the original's.
    """
    model: Any = AutoModelForQuestionAnswering.from_pretrained(
        checkpoint, local_files_only=True, attn_implementation="eager"
    )
    model = model.float().eval()
    tokenizer: Any = AutoTokenizer.from_pretrained(checkpoint, local_files_only=True)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        work = Path(folder)
        example = dict(tokenizer(*_PROBE, return_tensors="pt"))
        _export_graph(model, example, work / "exported.onnx")
        _optimise(model, work, precision)
        tokenizer.backend_tokenizer.no_padding()
        tokenizer.backend_tokenizer.no_truncation()
        tokenizer.backend_tokenizer.save(str(work / "tokenizer.json"))
        manifest = ReaderManifest(
            name=name,
            precision="int8" if precision == "int8" else "fp32",
            window=_WINDOW,
            stride=_STRIDE,
            sha256={file: sha256_of(work / file) for file in ("model.onnx", "tokenizer.json")},
        )
        _compare(model, example, work, manifest)
        (work / "reader.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        for file in ("model.onnx", "tokenizer.json", "reader.json"):
            shutil.move(work / file, out / file)


def _export_graph(model: Any, example: dict[str, torch.Tensor], target: Path) -> None:  # noqa: ANN401
    # In evaluation mode itself: the exporter gives each part the mode of the whole back.
    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            output = self.model(**dict(zip(example, inputs, strict=True)))
            return output.start_logits, output.end_logits

    free = {0: "batch", 1: "width"}
    with warnings.catch_warnings():
        # The exporter warns of its successor, which cannot yet keep both axes free here.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Graph().eval(),
            tuple(example.values()),
            str(target),
            dynamo=False,
            opset_version=17,
            input_names=list(example),
            output_names=["start_logits", "end_logits"],
            dynamic_axes=dict.fromkeys([*example, "start_logits", "end_logits"], free),
        )


def _optimise(model: Any, work: Path, precision: str) -> None:  # noqa: ANN401
    source = work / "exported.onnx"
    if model.config.model_type == "bert":
        config = model.config
        fuse_bert(source, work / "fused.onnx", config.num_attention_heads, config.hidden_size)
        source = work / "fused.onnx"
    if precision == "int8":
        quantise_int8(source, work / "model.onnx")
    else:
        source.rename(work / "model.onnx")


def _compare(
    model: Any,  # noqa: ANN401
    example: dict[str, torch.Tensor],
    work: Path,
    manifest: ReaderManifest,
) -> None:
    with torch.inference_mode():
        output = model(**example)
    exported = OnnxModel(work, manifest.sha256, threads=1)
    found = exported.run(pad([exported.tokenizer.encode(*_PROBE)]))
    expected = (output.start_logits.numpy(), output.end_logits.numpy())
    worst = max(float(np.abs(a - b).max()) for a, b in zip(found, expected, strict=True))
    if not worst <= _TOLERANCE[manifest.precision]:
        raise ModelError(f"the export's logits differ from the original's by up to {worst:.3f}.")


if __name__ == "__main__":
    main()
