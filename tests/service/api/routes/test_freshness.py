"""How fresh the archive is, told everywhere."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from litestar import Litestar
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from service.api.app import create_app
from service.following.source import Source
from service.following.state import State
from service.settings import Settings
from tests.service.api.conftest import ask
from tests.service.api.fakes import FakeAnswerer, FakeArchive

Client = TestClient[Litestar]
LATE = "Harbour <Post>"
DOCS = (Path(__file__).parents[4] / "docs/operations.md").read_text(encoding="utf-8")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with State(tmp_path) as state:
        state.enlist([Source("https://a.example/", LATE), Source("https://b.example/", "B")], 900)
        state.begin_look("https://b.example/", 1e9, 0)
        state.fail_look("https://a.example/", "410", 0, is_ended=True)
        state.end_look("https://b.example/", 1e11, 0)
    app = create_app(
        answerer=FakeAnswerer(), archive=FakeArchive(), settings=Settings(index_dir=tmp_path)
    )
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def test_answers_and_refusals_say_how_fresh_the_archive_is(client: Client) -> None:
    told = {"newest": "2024-03-05", "checked": "5138-11-16T09:46:40Z", "late": [LATE]}
    assert ask(client, question="How many were rescued?").json()["archive"] == told
    assert ask(client, question="nothing").json()["archive"] == told
    streamed = client.post(
        "/v1/ask", json={"question": "How many?"}, headers={"Accept": "text/event-stream"}
    )
    line = next(one for one in streamed.text.splitlines() if '"answered"' in one)
    assert json.loads(line.removeprefix("data: "))["archive"] == told


def test_facts_have_each_source(client: Client) -> None:
    body = client.get("/v1/archive").json()

    assert body["freshness"]["late"] == [LATE]
    assert body["followed"] == [
        {
            "name": "B",
            "checked": "5138-11-16T09:46:40Z",
            "newest": None,
            "usual_s": None,
            "late": None,
        },
        {
            "name": LATE,
            "checked": None,
            "newest": None,
            "usual_s": None,
            "late": "it is gone for good",
        },
    ]


def test_a_late_source_is_a_warning_of_a_server_that_is_ready(client: Client) -> None:
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["warnings"] == [f"{LATE} is late: it is gone for good"]


def test_figures_have_each_source(client: Client) -> None:
    text = client.get("/metrics").text

    assert "dateline_newest_article_timestamp_seconds 1.7095968e+09" in text
    assert f'dateline_source_late{{source="{LATE}"}} 1.0' in text
    assert 'dateline_source_late{source="B"} 0.0' in text
    assert 'dateline_source_checked_timestamp_seconds{source="B"} 1e+11' in text
    assert f'dateline_source_failures{{source="{LATE}"}} 1.0' in text


def test_the_alerts_of_the_docs_fire(client: Client) -> None:
    rules = yaml.safe_load(
        re.findall(r"```yaml\n(      - alert: DatelineSourceLate.*?)```", DOCS, re.DOTALL)[0]
    )
    families = text_string_to_metric_families(client.get("/metrics").text)
    values = {
        sample.name: sample.value
        for family in families
        for sample in family.samples
        if sample.labels.get("source", LATE) == LATE
    }
    for rule in rules:
        # In Python an expression of these means the same.
        assert eval(rule["expr"], {"time": time.time, **values}) is True  # noqa: S307


def test_the_page_says_it_and_names_what_is_late(client: Client) -> None:
    page = client.get("/").text

    assert '<span id="newest">5 Mar 2024</span>; last looked <time id="checked"' in page
    assert "Harbour &lt;Post&gt; is late: it is gone for good.</p>" in page


def test_where_nothing_is_followed_only_the_newest_article_is_told(tmp_path: Path) -> None:
    app = create_app(
        answerer=FakeAnswerer(), archive=FakeArchive(), settings=Settings(index_dir=tmp_path)
    )
    with TestClient(app) as client:
        assert ask(client, question="How many?").json()["archive"] == {
            "newest": "2024-03-05",
            "checked": None,
            "late": [],
        }
        line = '<p id="fresh" class="facts">Articles up to <span id="newest">5 Mar 2024</span></p>'
        assert line in client.get("/").text
