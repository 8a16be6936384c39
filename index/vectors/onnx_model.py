"""The only door to onnxruntime: a model file with its tokenizer, and how such files are made."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from tokenizers import Encoding, Tokenizer

from corpus.errors import ModelError
from index.files import sha256_of

__all__ = ["Batch", "OnnxModel", "fuse_bert", "pad", "quantise_int8"]

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded inputs of a BERT-like model, each (n, width) int64; the mask is 0 on padding."""

    input_ids: Ids
    attention_mask: Ids
    token_type_ids: Ids


def pad(encodings: Sequence[Encoding]) -> Batch:
    """Pad encodings with zeros on the right to the longest of them."""
    width = max((len(encoding.ids) for encoding in encodings), default=0)
    ids, mask, types = (np.zeros((len(encodings), width), np.int64) for _ in range(3))
    for row, encoding in enumerate(encodings):
        length = len(encoding.ids)
        ids[row, :length] = encoding.ids
        mask[row, :length] = 1
        types[row, :length] = encoding.type_ids
    return Batch(ids, mask, types)


class OnnxModel:
    """`model.onnx` and `tokenizer.json` of one folder, run on the CPU.

    `sha256` gives the expected checksum of each file by name; files are hashed before anything
    parses them.

    Raises:
        ModelError: a file is missing, its checksum is not the expected one, or it does not load.
    """

    def __init__(self, folder: Path, sha256: dict[str, str], threads: int) -> None:
        for name in ("model.onnx", "tokenizer.json"):
            path = folder / name
            if not path.is_file():
                raise ModelError(f"{path} is missing: build the index or install Dateline again.")
            if sha256_of(path) != sha256.get(name):
                raise ModelError(
                    f"{path} is damaged: its SHA-256 is not the recorded one. "
                    "Restore the file, or build the index or install Dateline again."
                )
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            self._session = ort.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self.tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise bare exceptions of many kinds
            raise ModelError(f"{folder}: the model does not load: {error}") from error
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self._inputs = {tensor.name for tensor in self._session.get_inputs()}

    def run(self, batch: Batch) -> list[npt.NDArray[np.float32]]:
        """Return the model's outputs for a batch, in the graph's order."""
        feed = {
            "input_ids": batch.input_ids,
            "attention_mask": batch.attention_mask,
            "token_type_ids": batch.token_type_ids,
        }
        outputs = self._session.run(None, {k: v for k, v in feed.items() if k in self._inputs})
        return [np.asarray(output, dtype=np.float32) for output in outputs]


def fuse_bert(source: Path, target: Path, n_heads: int, hidden_size: int) -> None:
    """Write `source` with attention, GELU and layer norm of BERT fused into single operators."""
    from onnxruntime.transformers import optimizer

    model = optimizer.optimize_model(
        str(source), model_type="bert", num_heads=n_heads, hidden_size=hidden_size, opt_level=0
    )
    model.save_model_to_file(str(target))


def quantise_int8(source: Path, target: Path) -> None:
    """Write `source` with int8 weights per channel; activations are quantised as they come.

    Weights use 7 bits: on CPUs without VNNI the 8-bit products overflow their 16-bit sums.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # It advises every caller to pre-process for shapes, which fused operators do not have.
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(
            source,
            target,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            # Fused operators have no shape inference; all activations are float32 (ONNX type 1).
            extra_options={"DefaultTensorType": 1},
        )
    finally:
        logging.disable(logging.NOTSET)
