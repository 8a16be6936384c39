import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import ModelError
from service.reader.onnx_reader import BUNDLED_READER, OnnxReader, ReaderManifest, load_reader
from tests.service.answering.conftest import hit_for

STORY = (
    "🙂 NORHAVN, March 5 — The ferry Sula sank on Tuesday. Nine people were rescued by fishermen. "
    "Captain Marta Ølsen, 43, said the hull had cracked."
)


def test_the_files_of_a_folder_are_read(model_folder: Path) -> None:
    spans = OnnxReader(model_folder, threads=1).read("Who?", [hit_for("a", STORY, 0)])
    assert STORY[spans[0].start : spans[0].end] == "Ølsen"
    assert (spans[0].score, spans[0].null_score) == (10.0, 1.0)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_file_is_named_and_never_parsed(model_folder: Path, name: str) -> None:
    with (model_folder / name).open("r+b") as file:
        file.write(b"damaged")
    with pytest.raises(ModelError, match=f"{name} is damaged"):
        OnnxReader(model_folder, threads=1)


def test_a_missing_file_is_named(model_folder: Path) -> None:
    (model_folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json is missing"):
        load_reader(model_folder, threads=1)


@pytest.mark.parametrize("content", ["", "{}", '{"name": 5}', "\x00"])
def test_a_manifest_that_is_none_is_refused(model_folder: Path, content: str) -> None:
    (model_folder / "reader.json").write_text(content)
    with pytest.raises(ModelError, match=r"reader\.json"):
        load_reader(model_folder, threads=1)


def test_a_folder_that_is_no_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"reader\.json"):
        load_reader(tmp_path / "nowhere", threads=1)


def test_the_bundled_reader_is_small_and_says_what_it_is() -> None:
    manifest = ReaderManifest.read(BUNDLED_READER)
    assert manifest.base and manifest.data
    assert (BUNDLED_READER / "README.md").is_file()
    assert (BUNDLED_READER / "model.onnx").stat().st_size < 40e6


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


def test_reading_never_imports_torch(model_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from service.reader.onnx_reader import load_reader; "
        "from tests.service.answering.conftest import hit_for; "
        "load_reader(Path(sys.argv[1]), 1).read('Who?', [hit_for('a', 'Ana Ruiz won.', 0)]); "
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(model_folder)]
    assert subprocess.run(command, check=False).returncode == 0
