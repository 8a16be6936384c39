"""The way from a checkpoint to a reader, with a tiny BERT of random weights."""

import shutil
from pathlib import Path

import pytest

from corpus.errors import ModelError
from service.reader.onnx_reader import Precision, ReaderManifest, load_reader
from tests.service.answering.conftest import hit_for
from tests.training.conftest import save_checkpoint

pytestmark = pytest.mark.e2e

TEXT = "🙂 The ferry Sula sank on Tuesday. Nine people were rescued. " * 3


@pytest.mark.parametrize("precision", ["fp32", "int8-weights"])
def test_the_export_reads_as_the_checkpoint_does(
    checkpoint: Path, tmp_path: Path, precision: Precision
) -> None:
    from training.export import export_reader

    export_reader(checkpoint, tmp_path, precision, "tiny", base="none", data=("nothing",))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "model.onnx",
        "reader.json",
        "tokenizer.json",
    ]
    assert ReaderManifest.read(tmp_path).window == 64
    hits = [hit_for("a", TEXT, 0), hit_for("b", "The bank raised its rate.", 1)]
    exported = load_reader(tmp_path, threads=1).read("Who sank?", hits)
    original = load_reader(checkpoint, threads=1).read("Who sank?", hits)
    tolerance = 1e-3 if precision == "fp32" else 0.5
    assert len(exported) == len(original)
    assert exported[0].score == pytest.approx(original[0].score, abs=tolerance)
    assert exported[0].null_score == pytest.approx(original[0].null_score, abs=tolerance)


def test_a_checkpoint_without_an_answer_head_is_refused(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, "BertModel")
    with pytest.raises(ModelError, match="holds no weights for qa_outputs"):
        load_reader(tmp_path, threads=1)


def test_weights_that_are_not_safetensors_are_never_unpickled(
    checkpoint: Path, tmp_path: Path
) -> None:
    shutil.copytree(checkpoint, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_reader(tmp_path, threads=1)


def test_a_checkpoint_that_reads_the_passage_first_is_refused(
    checkpoint: Path, tmp_path: Path
) -> None:
    shutil.copytree(checkpoint, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "tokenizer.json"
    pair = path.read_text(encoding="utf-8")
    swapped = pair.replace('"id": "B"', '"id": "?"').replace('"id": "A"', '"id": "B"')
    path.write_text(swapped.replace('"id": "?"', '"id": "A"'), encoding="utf-8")
    with pytest.raises(ModelError, match="class token first"):
        load_reader(tmp_path, threads=1)
