"""The whole way, from public data to a reader that answers, with tiny models and tiny data."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from click import ClickException

from service.reader.calibration import Calibration
from service.reader.onnx_reader import ReaderManifest, load_reader
from tests.service.answering.conftest import hit_for
from training.datasets import FURTHER_SETS, MAIN_SETS

SENTENCES = (
    "The ferry Sula sank off Norhavn on Tuesday.",
    "Nine people were rescued from the ferry by a trawler.",
    "The bank of Rovia raised its rate to four percent.",
    "Storm Berta cut power to homes on the coast of Rovia.",
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder with a few questions in each set."""
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))
    (tmp_path / "data/reader/more").mkdir(parents=True)
    for number, name in enumerate((*MAIN_SETS, *FURTHER_SETS)):
        folder = "reader/more" if name in FURTHER_SETS else "reader"
        with gzip.open(tmp_path / f"data/{folder}/train-{name}.jsonl.gz", "wt") as file:
            for text in SENTENCES:
                line = {"source": name, "context": f"{text} It was day {number}."}
                line |= {"question": "What happened?", "impossible": False}
                file.write(json.dumps(line | {"answer": text.split()[1], "start": 4}) + "\n")
    return tmp_path / "data"


def run(*options: str) -> None:
    from training.recipe import main

    main(["--threads", "1", *options], standalone_mode=False)


@pytest.mark.usefixtures("data")
def test_one_command_makes_a_reader(checkpoint: Path, teacher: Path, tmp_path: Path) -> None:
    out = tmp_path / "made"
    shutil.copytree(checkpoint, out / "student-base")
    shutil.copytree(teacher, out / "teacher-base")
    run("--out", str(out), "--examples", "20", "--groups")

    reader = out / "reader"
    manifest = ReaderManifest.read(reader)
    assert manifest.name == "made"
    assert "newsqa" in manifest.data
    Calibration.read(reader / "calibration.json")
    (span, *_) = load_reader(reader, threads=1).read("Who sank?", [hit_for("a", SENTENCES[0], 0)])
    assert 0 <= span.start < span.end <= len(SENTENCES[0])

    # A second call finds all that is there, and exports the same.
    before = {path: path.stat().st_mtime_ns for path in out.glob("*/*.safetensors")}
    run("--out", str(out), "--examples", "20", "--groups")
    assert before == {path: path.stat().st_mtime_ns for path in out.glob("*/*.safetensors")}
    assert ReaderManifest.read(reader) == manifest


def test_without_data_it_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
    with pytest.raises(ClickException, match=r"train-squad\.jsonl\.gz is missing: set DATELINE_D"):
        run("--out", str(tmp_path / "made"), "--examples", "20")
