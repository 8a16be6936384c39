import json
import logging
import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.api.app import create_app
from service.logs import JsonFormatter
from service.settings import Settings
from tests.service.api.conftest import ask
from tests.service.api.fakes import FakeAnswerer, FakeArchive

Client = TestClient[Litestar]


def figure(client: Client, name: str) -> float:
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    match = re.search(rf"^{re.escape(name)} (\S+)$", response.text, re.MULTILINE)
    assert match, f"{name} is not in {response.text}"
    return float(match[1])


def test_stages_and_refusals_are_counted(client: Client) -> None:
    assert figure(client, 'dateline_answers_total{outcome="refused"}') == 0
    for question in ("How many?", "nothing", "nothing"):
        ask(client, question=question)
    client.post("/v1/ask", json={"question": "nothing"}, headers={"Accept": "text/event-stream"})
    assert figure(client, 'dateline_answers_total{outcome="refused"}') == 3
    assert figure(client, 'dateline_answers_total{outcome="answered"}') == 1
    assert figure(client, 'dateline_stage_seconds_count{stage="search"}') == 4
    assert figure(client, 'dateline_stage_seconds_sum{stage="search"}') == pytest.approx(0.006)


def test_calls_are_counted_by_their_route(client: Client) -> None:
    client.get("/v1/articles/ferry")
    client.get("/v1/articles/nope")
    client.get("/nope/whatever?was=asked")
    article = "/v1/articles/{article_id}"
    for path, status in ((article, 200), (article, 404), ("unknown", 404)):
        name = f'dateline_calls_total{{method="GET",path="{path}",status="{status}"}}'
        assert figure(client, name) == 1
    assert "whatever" not in client.get("/metrics").text


def test_methods_that_callers_make_up_are_counted_as_one(client: Client) -> None:
    for method in ("DIG", "BURY"):
        assert client.request(method, "/v1/ask").status_code == 405
    assert figure(client, 'dateline_calls_total{method="other",path="unknown",status="405"}') == 2
    assert "BURY" not in client.get("/metrics").text


def test_the_snapshot_and_the_queues_are_told(client: Client, archive: FakeArchive) -> None:
    assert figure(client, "dateline_snapshot") == 7
    assert figure(client, "dateline_snapshot_age_seconds") > 0
    assert figure(client, "dateline_archive_ready") == 1
    assert figure(client, "dateline_ask_queue_depth") == 0
    assert figure(client, "dateline_ask_working") == 0
    assert figure(client, "dateline_read_working") == 1
    assert figure(client, "dateline_archive_behind") == 0
    archive.trouble = "dense.faiss is damaged"
    assert figure(client, "dateline_archive_behind") == 1
    ready = client.get("/health/ready")
    assert ready.status_code == 200 and ready.json()["problem"] == "dense.faiss is damaged"
    archive.broken = True
    assert figure(client, "dateline_archive_ready") == 0


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, object]]]:
    caplog.set_level(logging.INFO, logger="service")
    found: list[dict[str, object]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(JsonFormatter().format(record)))

    handler = Keep()
    logging.getLogger("service").addHandler(handler)
    yield found
    logging.getLogger("service").removeHandler(handler)


@pytest.mark.parametrize("log_questions", [False, True])
def test_questions_stand_in_the_log_only_when_asked_for(
    lines: list[dict[str, object]], log_questions: bool
) -> None:
    app = create_app(
        answerer=FakeAnswerer(),
        archive=FakeArchive(),
        settings=Settings(log_questions=log_questions),
    )
    with TestClient(app) as client:
        answer_id = ask(client, question="How many were rescued?").json()["id"]
    answer, call = lines
    assert (answer["event"], answer["answer_id"], answer["answered"]) == ("answer", answer_id, True)
    assert (call["event"], call["path"], call["status"]) == ("call", "/v1/ask", 200)
    assert ("rescued" in json.dumps(lines)) == log_questions
    assert answer.get("answer") == ("Nine" if log_questions else None)


def test_a_failure_is_logged_with_where_it_happened() -> None:
    try:
        raise ZeroDivisionError("why")
    except ZeroDivisionError as error:
        record = logging.LogRecord(
            "service", logging.ERROR, __file__, 1, "A call %s", ("failed",), None
        )
        record.exc_info = (type(error), error, error.__traceback__)
    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["event"]) == ("error", "A call failed")
    assert "test_observing.py" in line["error"] and "why" in line["error"]
