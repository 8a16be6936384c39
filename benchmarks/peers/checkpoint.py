"""The shipped reader as a Hugging Face checkpoint, so that every system reads with its weights."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

from corpus.errors import ModelError
from index.vectors.onnx_model import OnnxModel, pad
from service.reader.onnx_reader import ReaderManifest

__all__ = ["save_checkpoint"]

_HEAD_WIDTH = 32  # of each attention head in all MiniLM models
_PROBE = (
    "How many people were rescued?",
    "The ferry Sula sank off Norhavn on Tuesday. Nine people were rescued, officials said.",
)
# Largest root mean square of the logits' differences, as a share of their spread: the shipped
# model also rounds its activations to int8, which a checkpoint does not.
_TOLERANCE = 0.3

Weights = dict[str, np.ndarray[Any, Any]]


def save_checkpoint(reader: Path, out: Path) -> float:
    """Write an int8 reader as a checkpoint into `out`; return how far its logits differ.

    Raises:
        ModelError: it is not a BERT as `index.vectors.onnx_model` fuses and quantises it.
    """
    weights = _weights(onnx.load(str(reader / "model.onnx")))
    embedding = weights["bert.embeddings.word_embeddings.weight"]
    config = BertConfig(
        vocab_size=embedding.shape[0],
        hidden_size=embedding.shape[1],
        num_hidden_layers=sum(name.endswith("intermediate.dense.bias") for name in weights),
        num_attention_heads=embedding.shape[1] // _HEAD_WIDTH,
        intermediate_size=len(weights["bert.encoder.layer.0.intermediate.dense.bias"]),
        max_position_embeddings=len(weights["bert.embeddings.position_embeddings.weight"]),
    )
    model: Any = BertForQuestionAnswering(config)
    model.eval()
    tensors = {name: torch.tensor(np.ascontiguousarray(one)) for name, one in weights.items()}
    report = model.load_state_dict(tensors, strict=False)
    if report.missing_keys or report.unexpected_keys:
        raise ModelError(f"{reader}: no weights for {report.missing_keys}.")
    model.save_pretrained(out)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(reader / "tokenizer.json"),
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        unk_token="[UNK]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        model_max_length=config.max_position_embeddings,
    ).save_pretrained(out)
    return _difference(reader, model)


def _weights(model: onnx.ModelProto) -> Weights:
    """Return the weights by their names in PyTorch.

    Products stand in the order of the layers: attention's output, and two of the feed-forward part.
    """
    tensors = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}

    def restored(name: str) -> np.ndarray[Any, Any]:
        stem = name.removesuffix("_quantized")
        zero = tensors[f"{stem}_zero_point"].astype(np.float32)
        return np.asarray((tensors[name].astype(np.float32) - zero) * tensors[f"{stem}_scale"])

    found: Weights = {}
    for name, tensor in tensors.items():
        if name.startswith("model.") and name.endswith("_quantized"):
            found[name.removeprefix("model.").removesuffix("_quantized")] = restored(name)
        elif name.startswith("model.") and not name.endswith(("_scale", "_zero_point")):
            found[name.removeprefix("model.")] = tensor
    products = [
        node.input[1]
        for node in model.graph.node
        if node.op_type == "MatMulInteger" and node.input[1] in tensors
    ]
    places = ("attention.output.dense", "intermediate.dense", "output.dense")
    for n, name in enumerate(products):
        place = f"bert.encoder.layer.{n // 3}.{places[n % 3]}"
        found["qa_outputs" if n == len(products) - 1 else place] = restored(name).T
    for layer, node in enumerate(one for one in model.graph.node if one.op_type == "QAttention"):
        weight, bias = restored(node.input[1]), tensors[node.input[2]]
        for part, name in enumerate(("query", "key", "value")):
            width = weight.shape[1] // 3
            columns = slice(part * width, (part + 1) * width)
            place = f"bert.encoder.layer.{layer}.attention.self.{name}"
            found[place], found[f"{place}.bias"] = weight[:, columns].T, bias[columns]
    return {
        name if name.endswith((".weight", ".bias")) else f"{name}.weight": one
        for name, one in found.items()
    }


def _difference(reader: Path, model: Any) -> float:  # noqa: ANN401 - transformers is not typed
    shipped = OnnxModel(reader, ReaderManifest.read(reader).sha256, threads=1)
    tokenizer: Tokenizer = shipped.tokenizer
    batch = pad([tokenizer.encode(*_PROBE)])
    ours = np.concatenate([one.ravel() for one in shipped.run(batch)[:2]])
    with torch.no_grad():
        theirs = model(
            torch.tensor(batch.input_ids),
            torch.tensor(batch.attention_mask),
            torch.tensor(batch.token_type_ids),
        )
    logits = torch.cat([theirs.start_logits.ravel(), theirs.end_logits.ravel()]).numpy()
    share = float(np.sqrt(np.mean((ours - logits) ** 2)) / np.std(ours))
    if not share <= _TOLERANCE:
        raise ModelError(
            f"{reader}: the checkpoint's logits differ by {share:.2f} of their spread."
        )
    return share
