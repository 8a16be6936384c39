import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from corpus.article import Article
from index.building.builder import Silent
from index.engines.local.archive import LocalArchive
from service.cli.main import main
from service.settings import Settings
from service.writing import IndexWriter, StoppableEmbedder
from tests.conftest import HashEmbedder


def test_embedding_is_broken_off_between_a_few_texts(embedder: HashEmbedder) -> None:
    checks: list[int] = []

    def check() -> None:
        checks.append(len(embedder.embedded))
        if len(checks) == 3:
            raise TimeoutError

    texts = [f"text {n}" for n in range(100)]
    with pytest.raises(TimeoutError):
        StoppableEmbedder(embedder, check).embed_passages(texts)
    assert checks == [0, 32, 64]


def test_vectors_are_those_of_the_embedder(embedder: HashEmbedder) -> None:
    texts = [f"text {n}" for n in range(40)]
    stoppable = StoppableEmbedder(embedder, lambda: None)
    assert np.array_equal(stoppable.embed_passages(texts), embedder.embed_passages(texts))
    assert stoppable.embed_passages([]).shape == (0, embedder.dim)


@pytest.mark.e2e
def test_an_index_is_changed_by_its_writer(tmp_path: Path) -> None:
    source, index = tmp_path / "one.jsonl", tmp_path / "index"
    source.write_text(json.dumps({"id": "ferry", "text": "The ferry Sula sank on Tuesday."}))
    built = CliRunner().invoke(main, ["build", str(source), "--index", str(index)])
    assert built.exit_code == 0, built.output
    archive = LocalArchive(index, 1)
    writer = IndexWriter(Settings(index_dir=index), archive)
    writer.check_free()
    storm = Article("storm", "Storm", "A storm tore the roof off the school in Vellin.")
    assert writer.add([storm], Silent()).embedded == 1
    assert archive.current().article("storm") == storm
    assert writer.remove(["ferry"], Silent()).removed == 1
    assert archive.current().article("ferry") is None
    files = [path.read_bytes() for path in index.rglob("*") if path.is_file()]
    assert not any(b"Sula" in content for content in files)
