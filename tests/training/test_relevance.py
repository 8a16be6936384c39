"""A reader that tells how much a passage is about a question, with a tiny ranker and reader."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.errors import ModelError
from service.reader.onnx_reader import load_reader
from tests.service.answering.conftest import hit_for
from tests.training.conftest import SENTENCES
from training.example import Context, Example, write_examples


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Return a file of 260 questions with two or three passages each, all unlike."""
    examples = [
        Example(
            source="test",
            question=f"What happened on day {number} to the {SENTENCES[number % 4].split()[1]}?",
            contexts=tuple(
                Context(text=f"{sentence} It was day {number + place}.")
                for place, sentence in enumerate(SENTENCES[: 2 + number % 2])
            ),
        )
        for number in range(260)
    ]
    write_examples(tmp_path / "pairs.jsonl.gz", examples)
    return tmp_path / "pairs.jsonl.gz"


def test_the_exported_reader_says_what_the_ranker_says(
    ranker: Path, pairs: Path, tmp_path: Path
) -> None:
    from index.files import sha256_of
    from index.vectors.onnx_model import OnnxModel, pad
    from training.export import export_reader
    from training.relevance import main

    own = tmp_path / "own"
    shutil.copytree(ranker / "checkpoint", own)
    arguments = [str(own), str(pairs), "--ranker", str(ranker), "--precision", "fp32"]
    told = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert "on those left out it errs by 0.0" in told.output
    export_reader(own, tmp_path / "reader", "fp32", "tiny")

    hit = hit_for("a", f"{SENTENCES[0]} {SENTENCES[1]}", 0)
    (span, *_) = load_reader(tmp_path / "reader", 1).read("Who sank?", [hit])
    sums = {name: sha256_of(ranker / name) for name in ("model.onnx", "tokenizer.json")}
    judge = OnnxModel(ranker, sums, 1)
    said = judge.run(
        pad([judge.tokenizer.encode("Who sank?", f"{hit.article.title}. {hit.text}")])
    )[0]
    assert span.relevance == pytest.approx(float(said[0, 0]), abs=0.2)
    # Checkpoints run by torch do not tell.
    assert load_reader(own, 1).read("Who sank?", [hit])[0].relevance == 0.0


def test_of_each_file_about_as_many_are_asked_and_some_of_a_stranger(
    pairs: Path, tmp_path: Path
) -> None:
    import random

    from training.relevance import _pairs

    other = tmp_path / "other.jsonl.gz"
    contexts = tuple(Context(text=f"The bank opened {n} doors.") for n in range(9))
    write_examples(
        other,
        [Example(source="other", question=f"Which {n}?", contexts=contexts) for n in range(90)],
    )
    found = list(_pairs([pairs, other], 400, random.Random(2)))
    assert len(found) == 400
    assert sum(text.startswith("The bank opened") for _, text in found) == 200
    strangers = sum(
        question.startswith("Which") != text.startswith("The bank opened")
        for question, text in found
    )
    assert 5 < strangers < 40


def test_a_folder_without_a_ranker_and_files_without_examples_are_named(
    checkpoint: Path, ranker: Path, pairs: Path, tmp_path: Path
) -> None:
    from training.relevance import main

    told = CliRunner().invoke(main, [str(checkpoint), str(pairs), "--ranker", str(checkpoint)])
    assert told.exit_code == 1
    assert "holds no ranker: model.onnx missing" in " ".join(told.output.replace("│", "").split())
    empty = tmp_path / "empty.jsonl.gz"
    write_examples(empty, [])
    told = CliRunner().invoke(main, [str(checkpoint), str(empty), "--ranker", str(ranker)])
    assert told.exit_code == 1
    assert "too few examples" in told.output


def test_a_head_that_cannot_be_read_is_named(checkpoint: Path, tmp_path: Path) -> None:
    from training.export import export_reader

    own = tmp_path / "own"
    shutil.copytree(checkpoint, own)
    (own / "relevance.safetensors").write_bytes(b"none")
    with pytest.raises(ModelError, match=r"relevance\.safetensors cannot be read"):
        export_reader(own, tmp_path / "reader", "fp32", "tiny")
