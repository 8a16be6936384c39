import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from openai import APIError, AuthenticationError, BadRequestError, OpenAI

from service.answering.answer import Question, Turn
from service.api.openai.footnotes import answer_in, to_parts
from service.keys import KeyFile
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FERRY, NOTICE, CorrectedAnswerer, FakeAnswerer

Client = TestClient[Litestar]
ASKED = [{"role": "user", "content": "How many were rescued?"}]


def complete(client: Client, messages: object, **more: object) -> dict[str, Any]:
    body: dict[str, Any] = client.post(
        "/v1/chat/completions", json={"messages": messages, **more}
    ).json()
    return body


def test_the_content_is_the_archives_words_with_footnotes(client: Client) -> None:
    (choice,) = complete(client, ASKED, model="gpt-x", temperature=0.5)["choices"]
    message = choice["message"]
    (cited,) = message["citations"]
    assert message["content"] == (
        "Nine [1]\nAlmost certainly right (91%)\n\n[1] “Nine people were rescued.” Ferry sinks off "
        "Norhavn · Harbour Post · "
        f"2024-03-05 · http://testserver.local{cited['permalink']}"
    )
    assert cited["number"] == 1 and choice["finish_reason"] == "stop"
    assert FERRY.text[cited["quote_start"] : cited["quote_end"]] == cited["quote"]
    assert FERRY.text[cited["answer_start"] : cited["answer_end"]] == "Nine"


def test_corrections_are_told_with_their_footnote() -> None:
    said, note = to_parts(CorrectedAnswerer().ask(Question("How many were rescued?")))
    assert note.endswith(f"\n    Correction, 8 Mar 2024: {NOTICE.text}")
    assert answer_in(said + note) == "Nine"


def test_a_refusal_is_the_reason_in_words(client: Client) -> None:
    body = complete(client, [{"role": "user", "content": "nothing"}])
    message = body["choices"][0]["message"]
    assert message["content"] == "No answer. The archive does not say."
    assert message["citations"] == []
    assert body["usage"]["total_tokens"] > 0


def test_the_conversation_is_the_history(client: Client, answerer: FakeAnswerer) -> None:
    said = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "Who?"},
        {"role": "assistant", "content": "Ada Lind [1][2]\n\n[1] “Ada Lind said so.” T\n[2] “…” T"},
        {"role": "user", "content": "x" * 1001},
        {"role": "assistant", "content": "too long"},
        {"role": "user", "content": "Why?"},
        {"role": "assistant", "content": "No answer. The archive does not say."},
        {"role": "user", "content": [{"type": "text", "text": " And when? "}]},
        {"role": "assistant", "content": None},
    ]
    complete(client, said, filters={"sources": ["Harbour Post"]}, as_of="2024-04-01")
    (asked,) = answerer.asked
    assert asked.text == "And when?"
    assert asked.history == (Turn("Who?", "Ada Lind"), Turn("Why?", None))
    assert asked.filters.sources == ("Harbour Post",) and str(asked.as_of) == "2024-04-01"


def test_only_the_last_turns_are_taken_along(client: Client, answerer: FakeAnswerer) -> None:
    complete(client, [{"role": "user", "content": str(n)} for n in range(30)])
    assert [turn.question for turn in answerer.asked[0].history] == [str(n) for n in range(9, 29)]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ("Nine", "Nine"),
        ("Nine [1]", "Nine"),
        ("Possible answer: Nine [1][2]\nDoubtful (25%)\n\n[1] “Nine.” T", "Nine"),
        ("a [1] b [1]\n\n[1] “a [1] b.” T", "a [1] b"),
        ("No answer. It does not say.", None),
        ("  ", None),
    ],
)
def test_the_answer_is_found_in_a_message(content: str, answer: str | None) -> None:
    assert answer_in(content) == answer


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages"),
        ({"messages": [{"role": "user", "content": "x" * 1001}]}, "messages.0.content"),
        ({"messages": ASKED, "n": 2}, "n"),
        ({"messages": ASKED, "as_of": "soon"}, "as_of"),
    ],
)
def test_a_wrong_field_is_named(client: Client, body: object, field: str) -> None:
    response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == 400
    problem = response.json()
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["error"]["message"] == problem["detail"]


def test_a_stream_is_the_answer_in_parts(client: Client) -> None:
    *chunks, done = stream(client, stream_options={"include_usage": True})
    assert done == "[DONE]"
    read = [json.loads(chunk) for chunk in chunks]
    deltas = [chunk["choices"][0]["delta"] for chunk in read[:-1]]
    whole = complete(client, ASKED)["choices"][0]["message"]
    assert "".join(delta.get("content", "") for delta in deltas) == whole["content"]
    assert deltas[-1]["citations"] == whole["citations"]
    assert read[-1]["choices"] == [] and read[-1]["usage"]["completion_tokens"] > 0


def test_a_failure_on_the_way_is_an_event(client: Client, answerer: FakeAnswerer) -> None:
    answerer.fails = ZeroDivisionError("secret")
    (event,) = stream(client)
    assert json.loads(event)["error"]["code"] == "500" and "secret" not in event


def stream(client: Client, **more: object) -> list[str]:
    body = {"messages": ASKED, "stream": True, **more}
    response = client.post("/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    blocks = response.text.replace("\r", "").strip().split("\n\n")
    return [block.removeprefix("data: ") for block in blocks]


@pytest.fixture
def openai(answerer: FakeAnswerer) -> Iterator[OpenAI]:
    with (
        serving(answerer) as address,
        OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
    ):
        yield client


@pytest.mark.e2e
def test_the_official_client_gets_answers(openai: OpenAI, answerer: FakeAnswerer) -> None:
    assert [model.id for model in openai.models.list()] == ["dateline"]
    reply = openai.chat.completions.create(
        model="dateline", messages=[{"role": "user", "content": "How many were rescued?"}]
    )
    message = reply.choices[0].message
    assert message.content and message.content.startswith(
        "Nine [1]\nAlmost certainly right (91%)\n\n[1] “Nine"
    )
    assert message.model_extra and message.model_extra["citations"][0]["article_id"] == "ferry"
    openai.chat.completions.create(
        model="dateline",
        messages=[
            {"role": "user", "content": "How many were rescued?"},
            {"role": "assistant", "content": message.content},
            {"role": "user", "content": "And when?"},
        ],
    )
    asked = Question("And when?", (Turn("How many were rescued?", "Nine"),))
    assert answerer.asked[-1] == asked


@pytest.mark.e2e
def test_the_official_client_streams(openai: OpenAI, answerer: FakeAnswerer) -> None:
    def content() -> str:
        chunks = openai.chat.completions.create(
            model="dateline", messages=[{"role": "user", "content": "How many?"}], stream=True
        )
        return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)

    assert content().startswith("Nine [1]\nAlmost certainly right (91%)\n\n[1] “Nine")
    answerer.fails = ZeroDivisionError()
    with pytest.raises(APIError, match="Something went wrong"):
        content()


@pytest.mark.e2e
def test_the_official_client_is_told_what_is_wrong(openai: OpenAI) -> None:
    with pytest.raises(BadRequestError, match="1000 are allowed"):
        openai.chat.completions.create(
            model="dateline", messages=[{"role": "user", "content": "x" * 1001}]
        )


@pytest.mark.e2e
def test_the_official_client_sends_its_key(tmp_path: Path) -> None:
    settings = Settings(index_dir=tmp_path, open_reading=False)
    key = KeyFile(tmp_path).add("front end", ("read",)).key
    with serving(FakeAnswerer(), settings) as address:
        with OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0) as client:
            assert [model.id for model in client.models.list()] == ["dateline"]
        with (
            OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as client,
            pytest.raises(AuthenticationError, match="not known here"),
        ):
            client.chat.completions.create(
                model="dateline", messages=[{"role": "user", "content": "How many?"}]
            )


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"n": 2}, "n", "must be 1: there is one answer to a question"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
            "messages.0.content",
            "has a part of the type 'image_url': only parts `{type: text, text}` can be read",
        ),
        (
            {"messages": [{"role": "user", "content": 5}]},
            "messages.0.content",
            "must be a text, or a list of parts of the type `text`",
        ),
        ({"messages": "hi"}, "messages", "must be a list"),
    ],
)
def test_odd_content_is_refused_by_the_name_of_its_field(
    client: Client, fields: dict[str, object], field: str, told: str
) -> None:
    body = {"model": "dateline", "messages": [{"role": "user", "content": "Who?"}]} | fields
    response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == 400
    assert response.json()["errors"] == [{"field": field, "detail": told}]


def test_one_model_is_shown(client: Client) -> None:
    assert client.get("/v1/models/dateline").json() == client.get("/v1/models").json()["data"][0]
    assert client.get("/v1/models/gpt").status_code == 404


def test_a_possible_answer_is_called_one(client: Client, answerer: FakeAnswerer) -> None:
    answerer.likely = False
    message = complete(client, ASKED)["choices"][0]["message"]
    assert message["content"].startswith("Possible answer: Nine [1]\n")
