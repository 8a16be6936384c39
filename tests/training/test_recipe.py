"""The whole way, from public data to a reader that answers, with tiny models and tiny data."""

import shutil
from pathlib import Path

import pytest
from click import ClickException

from service.answering.scoring import Scorer
from service.reader.onnx_reader import ReaderManifest, load_reader
from tests.service.answering.conftest import hit_for
from tests.training.conftest import SENTENCES, save_checkpoint
from tests.training.test_asking import add_squad


def run(*options: str) -> None:
    from training.recipe import main

    main(["--threads", "1", *options], standalone_mode=False)


def test_one_command_makes_a_reader(
    data: Path, teacher: Path, generator: Path, ranker: Path, tmp_path: Path
) -> None:
    out = tmp_path / "made"
    save_checkpoint(out / "student-base", "BertForQuestionAnswering", n_positions=130)
    shutil.copytree(teacher, out / "teacher-base")
    shutil.copytree(generator, out / "generator-base")
    shutil.copytree(ranker, out / "ranker")
    for number in range(8):
        # Long enough to be asked of.
        text = f"In {1900 + number} it rained. " * 12
        add_squad(data, "How many people were rescued there?", text, "", impossible=True)
    run("--out", str(out), "--examples", "20")

    reader = out / "reader"
    manifest = ReaderManifest.read(reader)
    assert manifest.name == "made"
    assert "newsqa" in manifest.data
    Scorer.read(reader / "calibration.json")
    (span, *_) = load_reader(reader, threads=1).read("Who sank?", [hit_for("a", SENTENCES[0], 0)])
    assert 0 <= span.start < span.end <= len(SENTENCES[0])

    # Bytes drawn at random are no questions, but they were asked.
    assert (out / "asked/questions.jsonl.gz").exists()
    assert (out / "asked/asked.jsonl.gz").exists()

    # A second call finds all that is there, and exports the same.
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.safetensors")}
    run("--out", str(out), "--examples", "20")
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*.safetensors")}
    assert ReaderManifest.read(reader) == manifest


def test_without_data_it_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
    with pytest.raises(ClickException, match=r"train-squad\.jsonl\.gz is missing: set DATELINE_D"):
        run("--out", str(tmp_path / "made"), "--examples", "20")
