import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from corpus.errors import ArchiveUnavailableError, IndexStateError, ModelError, RequestError
from index.search.query import Filters
from service.answering.answer import Question, Turn
from service.api.app import create_app
from service.links import permalink
from service.settings import Settings
from tests.service.api.conftest import ask
from tests.service.api.fakes import FERRY, FakeAnswerer, FakeArchive

Client = TestClient[Litestar]


def test_an_answer_comes_with_its_proof(client: Client) -> None:
    response = ask(client, question="  How many were rescued? ")
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {
        "id",
        "question",
        "standalone_question",
        "answered",
        "answer",
        "alternatives",
        "reason",
        "corrected_question",
        "note",
        "nearest",
        "topic",
        "snapshot",
        "archive",
        "timings_ms",
    }
    assert body["answered"] and body["answer"]["text"] == "Nine"
    assert body["question"] == "How many were rescued?"
    cited = body["answer"]["citations"][0]
    assert FERRY.text[cited["quote_start"] : cited["quote_end"]] == cited["quote"]
    assert FERRY.text[cited["answer_start"] : cited["answer_end"]] == "Nine"
    page = client.get(cited["permalink"])
    assert f">{cited['quote']}</mark>" in page.text


def test_a_refusal_says_why(client: Client) -> None:
    body = ask(client, question="nothing").json()
    assert not body["answered"] and body["answer"] is None
    assert body["reason"] == "The archive does not say."
    assert body["nearest"][0]["permalink"] == permalink("ferry", 0, len(FERRY.text), FERRY.version)


def test_everything_asked_reaches_the_answerer(client: Client, answerer: FakeAnswerer) -> None:
    ask(
        client,
        question="And when?",
        history=[{"question": "Who?", "answer": None}],
        filters={"sources": ["Harbour Post"], "published_from": "2024-01-01"},
        as_of="2024-04-01",
        max_answers=2,
    )
    assert answerer.asked == [
        Question(
            "And when?",
            (Turn("Who?", None),),
            Filters(("Harbour Post",), date(2024, 1, 1)),
            date(2024, 4, 1),
            2,
        )
    ]


def test_the_stream_tells_passages_then_the_answer(client: Client) -> None:
    events = stream(client, "How many?")
    assert [name for name, _ in events] == ["passages", "answer", "done"]
    assert [hit["article_id"] for hit in events[0][1]["hits"]] == ["ferry"]
    plain = ask(client, question="How many?").json()
    assert events[1][1] == plain


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RequestError("cannot be asked"), 400),
        (IndexStateError("is damaged"), 503),
        (ArchiveUnavailableError("does not answer"), 503),
        (ModelError("is missing"), 500),
        (ZeroDivisionError("secret"), 500),
    ],
)
def test_errors_are_told_by_status_and_in_the_stream(
    client: Client, answerer: FakeAnswerer, error: Exception, status: int
) -> None:
    answerer.fails = error
    response = ask(client, question="How many?")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    assert "secret" not in response.text
    assert stream(client, "How many?")[-1] == ("error", problem)


def test_who_asks_while_the_engine_is_away_is_told_when_to_come_back(
    client: Client, answerer: FakeAnswerer
) -> None:
    answerer.fails = ArchiveUnavailableError("does not answer")
    response = ask(client, question="How many?")
    assert response.status_code == 503 and int(response.headers["retry-after"]) > 0
    answerer.fails = None
    assert ask(client, question="How many?").status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": " \n"}, "question"),
        ({"question": "a\0b"}, "question"),
        ({"question": "x" * 1001}, "question"),
        ({"question": 3}, "question"),
        ({"question": "x", "as_of": "yesterday"}, "as_of"),
        ({"question": "x", "as_of": 20240101}, "as_of"),
        ({"question": "x", "max_answers": 0}, "max_answers"),
        ({"question": "x", "max_answers": True}, "max_answers"),
        ({"question": "x", "max_answers": "5"}, "max_answers"),
        ({"question": "x", "filters": {"sources": ["a", 1]}}, "filters.sources.1"),
        ({"question": "x", "filters": {"sources": ["a"] * 101}}, "filters.sources"),
        ({"question": "x", "wrong": 1}, "wrong"),
        ({"question": "x", "filters": {"published_to": "2024-02-30"}}, "filters.published_to"),
        (
            {
                "question": "x",
                "filters": {"published_from": "2024-02-02", "published_to": "2024-02-01"},
            },
            "filters.published_to",
        ),
        ({"question": "x", "history": [{"question": "x" * 1001}]}, "history.0.question"),
        ({"question": "x", "history": [{"question": "x"}] * 21}, "history"),
    ],
)
def test_a_wrong_field_is_named(client: Client, body: object, field: str) -> None:
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 400
    problem = response.json()
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0]["detail"] in problem["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"[" * 100_000, "body"),
        (b'{"question": "\xff"}', "body"),
        (b'{"question": "\\ud800"}', "question"),
        (b'{"question": "x", "history": [{"question": "\\udfff"}]}', "history.0.question"),
    ],
)
def test_a_body_that_is_not_json_or_not_text_is_refused(
    client: Client, body: bytes, field: str
) -> None:
    response = client.post("/v1/ask", content=body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_a_body_over_the_limit_is_refused(client: Client) -> None:
    response = ask(client, question="x" * 300_000)
    assert response.status_code == 413
    assert response.json()["type"] == "/schema#body-too-large"


def test_any_text_is_asked_or_refused() -> None:
    app = create_app(answerer=FakeAnswerer(), archive=FakeArchive(), settings=Settings())
    with TestClient(app) as client:

        @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
        def check(text: str) -> None:
            response = ask(client, question=text)
            refused = "\0" in text or not text.strip()
            assert response.status_code == (400 if refused else 200)
            assert refused or response.json()["question"] == text.strip()

        check()


def test_an_answer_is_taken_back_however_long_it_was(client: Client) -> None:
    history = [{"question": "What was said?", "answer": "x" * 5000}]
    assert ask(client, question="Who said it?", history=history).status_code == 200


def stream(client: Client, question: str) -> list[tuple[str, Any]]:
    response = client.post(
        "/v1/ask", json={"question": question}, headers={"Accept": "text/event-stream"}
    )
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")
    events = []
    for block in response.text.replace("\r", "").strip().split("\n\n"):
        if not block.startswith(":"):
            name, data = block.split("\n")
            events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events
