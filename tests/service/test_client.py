from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import TestClient

from corpus.errors import RequestError
from service.api.app import create_app
from service.api.bodies.requests import FiltersBody
from service.cli.main import main
from service.client import Client, ServerError, UnreachableError
from service.feedback import FeedbackFile
from service.keys import KeyFile
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FERRY, FakeAnswerer, FakeArchive


@pytest.fixture
def answerer() -> FakeAnswerer:
    return FakeAnswerer()


@pytest.fixture
def server(answerer: FakeAnswerer, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    settings = Settings(index_dir=tmp_path, open_reading=False)
    app = create_app(answerer=answerer, archive=FakeArchive(), settings=settings)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def through(server: TestClient[Litestar]) -> httpx.MockTransport:
    """Return a network that leads to `server`."""

    def send(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode("ascii")
        return server.request(
            request.method, path, content=request.content, headers=request.headers
        )

    return httpx.MockTransport(send)


@pytest.fixture
def client(server: TestClient[Litestar], tmp_path: Path) -> Iterator[Client]:
    key = KeyFile(tmp_path).add("desk", ("read",)).key
    with Client("http://testserver.local", key, transport=through(server)) as client:
        yield client


def test_a_question_is_answered_with_types(client: Client, answerer: FakeAnswerer) -> None:
    outcome = client.ask(
        "How many were rescued?",
        history=[("Who?", None)],
        filters=FiltersBody(sources=["Harbour Post"], published_from=date(2024, 1, 1)),
        as_of=date(2024, 4, 1),
    )
    assert outcome.answer and outcome.answer.text == "Nine"
    (cited, *_) = outcome.answer.citations
    assert client.article(cited.article_id).text[cited.quote_start : cited.quote_end] == cited.quote
    (asked,) = answerer.asked
    assert asked.as_of == date(2024, 4, 1) and asked.history[0].question == "Who?"
    assert asked.filters.published_from == date(2024, 1, 1)


def test_everything_that_is_read_has_a_method(client: Client, tmp_path: Path) -> None:
    assert client.search("ferry", k=1).hits[0].article_id == "ferry"
    assert client.archive().sources == ("Harbour Post",)
    assert client.questions().questions == ()
    listed = client.articles("rescued", sources=["Harbour Post"], month="2024-03", limit=1)
    assert [one.id for one in listed.articles] == ["ferry"] and listed.next is None
    assert client.article("ferry").text == FERRY.text
    outcome = client.ask("How many were rescued?")
    assert client.follow_ups(outcome).questions == ()
    assert client.give_feedback(outcome, right=False, right_answers=["Ten"]).id == 1
    (kept,) = FeedbackFile(tmp_path, 5).all()
    assert outcome.id in kept.body and "Ten" in kept.body


def test_problems_are_raised(client: Client, server: TestClient[Litestar]) -> None:
    with pytest.raises(ServerError, match="no article with the id 'nope'") as missing:
        client.article("nope")
    assert missing.value.problem.status == 404 and missing.value.retry_after_s is None
    with pytest.raises(ServerError, match="may write"):
        client.remove("ferry")
    with (
        Client("http://testserver.local", transport=through(server)) as stranger,
        pytest.raises(ServerError, match="needs a key"),
    ):
        stranger.archive()


def test_what_cannot_be_asked_is_not_sent(client: Client, answerer: FakeAnswerer) -> None:
    with pytest.raises(RequestError, match="question: is empty"):
        client.ask(" ")
    with pytest.raises(RequestError, match="k: "):
        client.search("x", k=0)
    assert answerer.asked == []


@pytest.mark.parametrize(
    "transport",
    [
        httpx.MockTransport(lambda _: httpx.Response(200, text="<h1>It works</h1>")),
        httpx.MockTransport(lambda _: httpx.Response(502, text="bad gateway")),
        None,
    ],
)
def test_another_server_or_none_is_told(transport: httpx.BaseTransport | None) -> None:
    with (
        Client("http://127.0.0.1:9", transport=transport) as client,
        pytest.raises(UnreachableError, match="127.0.0.1:9"),
    ):
        client.archive()


def test_a_newer_server_may_say_more() -> None:
    body = (
        b'{"id": "x", "title": "T", "text": "t", "url": null, "source": null, "authors": [], '
        b'"published": null, "language": null, "section": null, "n_code_points": 1, "mood": "glad"}'
    )
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    with Client("http://new.example", transport=transport) as client:
        assert client.article("x").title == "T"


def test_the_command_line_asks_a_server(answerer: FakeAnswerer) -> None:
    with serving(answerer) as address:
        run = CliRunner()
        shown = run.invoke(main, ["ask", "How many?", "--url", address, "--from", "2024-01-01"])
        refused = run.invoke(main, ["ask", "nothing", "--url", address, "--json"])
        empty = run.invoke(main, ["ask", " ", "--url", address])
    assert shown.exit_code == 0, shown.output
    assert "Nine" in shown.output and "“Nine people were rescued.”" in shown.output
    assert answerer.asked[0].filters.published_from == date(2024, 1, 1)
    assert '"reason": "The archive does not say."' in refused.output
    assert empty.exit_code == 1 and "is empty" in empty.output


def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    result = CliRunner().invoke(main, ["ask", "Who?", "--url", "http://127.0.0.1:9"])
    assert result.exit_code == 1 and "dateline serve" in result.output
    assert "Traceback" not in result.output
