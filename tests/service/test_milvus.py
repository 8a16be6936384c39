"""Every command on an archive in Milvus, with the real models, and the API while it is away."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from benchmarks.milvus_server import MilvusServer, milvus_server
from index.engines.local.folder import IndexFolder
from service.api.app import create_app
from service.cli.main import main
from service.settings import Settings
from service.wiring import open_answerer, open_tables
from service.writing import IndexWriter
from tests.conftest import SAMPLES

pytestmark = pytest.mark.e2e

QUESTION = "Why are nurses in Northfield on strike?"


@pytest.fixture
def own(sample_index: Path, tmp_path: Path) -> Path:
    """Return an index directory of the samples that may be changed."""
    root = tmp_path / "own"
    shutil.copytree(sample_index, root)
    return root


def run(uri: str, *args: str, engine: str = "milvus") -> str:
    env = {"DATELINE_ENGINE": engine, "DATELINE_MILVUS_URI": uri, "COLUMNS": "200"}
    result = CliRunner().invoke(main, list(args), env=env)
    assert result.exit_code == 0, result.output
    return result.stdout


def what_is_told(response: dict[str, Any]) -> list[str]:
    """Return the best answer, trusted or not, and the article that is nearest."""
    answers = [*filter(None, [response["answer"]]), *response["alternatives"]]
    return [answers[0]["text"], response["nearest"][0]["article_id"]]


def test_every_command_works_on_an_archive_in_milvus(
    own: Path, milvus_lite: MilvusServer, tmp_path: Path
) -> None:
    index = ("--index", str(own))
    try:
        assert "46 articles" in run(milvus_lite.uri, "copy", "--to", "milvus", *index)
        facts = json.loads(run(milvus_lite.uri, "info", "--json", *index))
        assert (facts["n_articles"], facts["max_tokens"]) == (46, 200)
        asked = ("ask", QUESTION, "--json", *index)
        told = what_is_told(json.loads(run(milvus_lite.uri, *asked)))
        assert told == what_is_told(json.loads(run(milvus_lite.uri, *asked, engine="local")))
        assert "46 unchanged" in run(milvus_lite.uri, "build", str(SAMPLES), *index)
        story = tmp_path / "new.jsonl"
        story.write_text(json.dumps({"id": "new", "title": "New", "text": "The Sula was raised."}))
        assert "1 added" in run(milvus_lite.uri, "add", str(story), *index)
        assert "1 removed" in run(milvus_lite.uri, "remove", "new", *index)
        assert "is sound: 46 articles" in run(milvus_lite.uri, "verify", *index)
        back = tmp_path / "back"
        shutil.copytree(IndexFolder(own).embedder, IndexFolder(back).embedder)
        assert "46 articles moved" in run(
            milvus_lite.uri, "copy", "--to", "local", "--index", str(back)
        )
        again = run(
            milvus_lite.uri, "ask", QUESTION, "--json", "--index", str(back), engine="local"
        )
        assert what_is_told(json.loads(again)) == told
    finally:
        open_tables(Settings(milvus_uri=milvus_lite.uri)).drop()


def test_calls_are_told_to_come_back_while_milvus_is_away(own: Path, tmp_path: Path) -> None:
    with milvus_server(tmp_path / "data") as server:
        run(server.uri, "copy", "--to", "milvus", "--index", str(own))
        settings = Settings(index_dir=own, engine="milvus", milvus_uri=server.uri, port=0)
        answerer, archive = open_answerer(settings)
        app = create_app(
            answerer=answerer,
            archive=archive,
            settings=settings,
            writer=IndexWriter(settings, archive),
        )
        calls = (
            ("POST", "/v1/ask", {"question": QUESTION}),
            ("POST", "/v1/search", {"query": QUESTION}),
            ("GET", "/v1/articles/a-001", None),
            ("GET", "/v1/articles", None),
            ("GET", "/health/ready", None),
        )
        with TestClient(app) as client:
            told = what_is_told(client.post("/v1/ask", json=calls[0][2]).json())
            listed = client.get("/v1/articles?limit=1").json()
            assert (listed["n_total"], listed["is_complete"]) == (46, True)
            server.stop()
            for method, path, body in calls:
                response = client.request(method, path, json=body)
                assert response.status_code == 503, path
                assert int(response.headers["retry-after"]) > 0
                assert response.headers["content-type"] == "application/problem+json"
                assert server.uri in response.json()["detail"]
            assert client.get("/health/live").status_code == 200
            server.start()
            while client.get("/health/ready").status_code != 200:
                time.sleep(0.1)
            assert what_is_told(client.post("/v1/ask", json=calls[0][2]).json()) == told
