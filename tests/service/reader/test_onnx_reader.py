import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import ModelError
from service.reader.onnx_reader import BUNDLED_READER, OnnxReader, load_reader
from tests.service.answering.conftest import hit_for

STORY = (
    "🙂 NORHAVN, March 5 — The ferry Sula sank on Tuesday. Nine people were rescued by fishermen. "
    "Captain Marta Ølsen, 43, said the hull had cracked."
)


@pytest.mark.e2e
def test_the_bundled_reader_finds_answers_in_article_offsets() -> None:
    reader = load_reader(None, threads=1)
    hits = [
        hit_for("other", "The bank raised its rate to 4.25 percent.", 0),
        hit_for("a", STORY, 1),
    ]
    for question, answer in [
        ("How many people were rescued?", "Nine"),
        ("Who is the captain of the ferry?", "Marta Ølsen"),
        ("How old is Captain Ølsen?", "43"),
    ]:
        best = reader.read(question, hits)[0]
        assert answer in hits[best.hit].article.text[best.start : best.end], question


@pytest.mark.e2e
def test_a_passage_longer_than_a_window_is_read_to_its_end() -> None:
    long = "It rained all day in the valley. " * 150 + "Nine people were rescued by fishermen."
    best = load_reader(None, threads=1).read(
        "How many people were rescued?", [hit_for("a", long, 0)]
    )
    assert "Nine" in long[best[0].start : best[0].end]


@pytest.mark.e2e
def test_reading_never_imports_torch() -> None:
    code = (
        "import sys; from service.reader.onnx_reader import load_reader; "
        "from tests.service.answering.conftest import hit_for; "
        "load_reader(None, 1).read('Who?', [hit_for('a', 'Ana Ruiz won.', 0)]); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_hits_no_spans(tmp_path: Path) -> None:
    assert OnnxReader(BUNDLED_READER, threads=1).read("Who?", []) == []


def test_a_damaged_model_is_named_and_never_parsed(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(BUNDLED_READER, folder)
    with (folder / "model.onnx").open("r+b") as file:
        file.write(b"damaged")
    with pytest.raises(ModelError, match=r"model\.onnx is damaged"):
        OnnxReader(folder, threads=1)


def test_a_folder_that_is_no_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"reader\.json"):
        load_reader(tmp_path, threads=1)
