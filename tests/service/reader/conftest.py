"""A span model whose logits can be read off the words, as files and as an object."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import NFKC, BertNormalizer, Sequence
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

from index.files import sha256_of
from index.vectors.onnx_model import Batch
from service.reader.onnx_reader import ReaderManifest

# Every word has the same start and end logits wherever it stands.
LOGITS = {
    "[PAD]": (9.0, 9.0),
    "[UNK]": (-9.0, -9.0),
    "[CLS]": (0.5, 0.5),
    "[SEP]": (9.0, 9.0),
    "Nine": (4.0, 3.0),
    "people": (-1.0, 2.0),
    "Ølsen": (5.0, 5.0),
    "東": (6.0, 0.0),
    "京": (0.0, 6.0),
    "Who": (8.0, 8.0),
}
WINDOW, STRIDE = 24, 4


class WordModel:
    """Looks up the logits of each token; remembers the shapes that it was run with."""

    def __init__(self) -> None:
        self.tokenizer = word_tokenizer()
        self.shapes: list[tuple[int, ...]] = []

    def run(self, batch: Batch) -> list[NDArray[np.float32]]:
        self.shapes.append(batch.input_ids.shape)
        table = np.array(list(LOGITS.values()), np.float32)
        return [table[batch.input_ids, 0], table[batch.input_ids, 1]]


def word_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(LOGITS)}, unk_token="[UNK]"))
    # Both change the length of a text, as real ones do.
    tokenizer.normalizer = Sequence([NFKC(), BertNormalizer(lowercase=False, strip_accents=False)])
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return tokenizer


@pytest.fixture
def word_model() -> WordModel:
    return WordModel()


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """Return a folder as `training.export` makes it, with the same model as `word_model`."""
    folder = tmp_path / "reader"
    folder.mkdir()
    word_tokenizer().save(str(folder / "tokenizer.json"))
    onnx.save(_graph(), folder / "model.onnx")
    manifest = ReaderManifest(
        name="words",
        precision="fp32",
        window=WINDOW,
        stride=STRIDE,
        sha256={file: sha256_of(folder / file) for file in ("model.onnx", "tokenizer.json")},
    )
    (folder / "reader.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return folder


def _graph() -> onnx.ModelProto:
    table = np.array(list(LOGITS.values()), np.float32)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "width"])
    names = ("start_logits", "end_logits")
    graph = helper.make_graph(
        [helper.make_node("Gather", [f"{name}_table", "input_ids"], [name]) for name in names],
        "words",
        [ids],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "width"])
            for name in names
        ],
        [
            numpy_helper.from_array(table[:, column], f"{name}_table")
            for column, name in enumerate(names)
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
