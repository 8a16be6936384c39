"""An exported embedder of a few kilobytes: the mean of its words' random directions."""

import hashlib
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save_model
from tokenizers import Tokenizer, models, pre_tokenizers

from index.vectors.embedder import EmbedderManifest

__all__ = ["make_tiny_embedder"]

_DIM = 8
_WORDS = "the a ferry sank bank rates rise news of rain river".split()


def make_tiny_embedder(folder: Path) -> Path:
    """Write it into a new folder, which is returned."""
    folder.mkdir(parents=True)
    tokenizer = Tokenizer(
        models.WordLevel({word: n for n, word in enumerate(["[UNK]", *_WORDS])}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    table = np.random.default_rng(1).standard_normal((1 + len(_WORDS), _DIM)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["words"]),
            helper.make_node("ReduceMean", ["words"], ["mean"], axes=[1], keepdims=0),
            helper.make_node("LpNormalization", ["mean"], ["embedding"], axis=1, p=2),
        ],
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "width"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", _DIM])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    save_model(model, folder / "model.onnx")
    files = ("model.onnx", "tokenizer.json")
    manifest = EmbedderManifest(
        id="tiny/fp32",
        name="tiny",
        precision="fp32",
        dim=_DIM,
        max_pieces=64,
        sha256={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
    )
    (folder / "embedder.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return folder
