import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from service.api.app import create_app
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FERRY, FakeAnswerer, FakeArchive

Http = TestClient[Litestar]
ROOT = Path(__file__).parents[4]
HEADERS = {"Accept": "application/json, text/event-stream"}
STDIO = """
import asyncio
from service.api.context import Context
from service.api.mcp.server import serve_stdio
from service.feedback import FeedbackFile
from service.settings import Settings
from tests.service.api.fakes import FakeAnswerer, FakeArchive
from pathlib import Path

api = Context(FakeAnswerer(), FakeArchive(), Settings(), FeedbackFile(Path(), 1))
asyncio.run(serve_stdio(api))
api.close()
"""


def call(client: Http, tool: str, **arguments: object) -> dict[str, Any]:
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
    response = client.post("/mcp", json=body, headers=HEADERS)
    assert response.status_code == 200, response.text
    result: dict[str, Any] = response.json()["result"]
    return result


def test_the_answer_comes_in_words_and_as_an_object(client: Http) -> None:
    result = call(client, "ask", question="How many were rescued?")
    assert result["content"][0]["text"] == (
        "Nine [1]\nAlmost certainly right (91%)\n\n[1] “Nine people were rescued.” Ferry sinks off "
        "Norhavn · Harbour Post · "
        "2024-03-05 · https://example.org/ferry"
    )
    plain = client.post("/v1/ask", json={"question": "How many were rescued?"}).json()
    assert result["structuredContent"] == plain


def test_a_refusal_is_no_error(client: Http) -> None:
    result = call(client, "ask", question="nothing")
    assert result["content"][0]["text"] == "No answer. The archive does not say."
    assert not result.get("isError") and result["structuredContent"]["answered"] is False


def test_passages_and_articles_are_read(client: Http) -> None:
    found = call(client, "search", query="ferry", k=1)
    assert found["structuredContent"]["hits"][0]["article_id"] == "ferry"
    assert "[ferry] Ferry sinks" in found["content"][0]["text"]
    article = call(client, "get_article", article_id="ferry")
    assert article["content"][0]["text"] == FERRY.text
    assert article["structuredContent"]["n_code_points"] == len(FERRY.text)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": " "}, "question: is empty"),
        ("ask", {"question": "x" * 1001}, "1000 are allowed"),
        ("ask", {"question": "x", "as_of": "soon"}, "as_of: "),
        ("search", {"query": "x", "k": 0}, "k: "),
        ("get_article", {"article_id": "nope"}, "no article with the id 'nope'"),
        ("dig", {}, "there are ask, search, get_article"),
    ],
)
def test_what_is_wrong_is_told_to_the_model(
    client: Http, tool: str, arguments: dict[str, object], said: str
) -> None:
    result = call(client, tool, **arguments)
    assert result["isError"] and said in result["content"][0]["text"]


def test_a_failure_tells_no_secrets(client: Http, answerer: FakeAnswerer) -> None:
    answerer.fails = ZeroDivisionError("secret")
    result = call(client, "ask", question="How many?")
    assert result["isError"] and "secret" not in json.dumps(result)


def test_there_is_nothing_but_post(client: Http) -> None:
    for method in ("GET", "DELETE"):
        response = client.request(method, "/mcp", headers=HEADERS)
        assert response.status_code == 405 and response.headers["allow"] == "POST"
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver.local", 200),
        ("https://desk.example", 200),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
def test_pages_of_other_sites_are_refused(origin: str, status: int) -> None:
    settings = Settings(cors_origins=("https://desk.example",))
    app = create_app(answerer=FakeAnswerer(), archive=FakeArchive(), settings=settings)
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    with TestClient(app) as client:
        headers = HEADERS | {"Origin": origin}
        assert client.post("/mcp", json=body, headers=headers).status_code == status


def test_a_key_is_needed_where_reading_needs_one() -> None:
    app = create_app(
        answerer=FakeAnswerer(),
        archive=FakeArchive(),
        settings=Settings(open_reading=False, index_dir=Path("nowhere")),
    )
    with TestClient(app) as client:
        response = client.post("/mcp", json={}, headers=HEADERS)
    assert response.status_code == 401 and response.headers["www-authenticate"] == "Bearer"


async def use(client: Client) -> None:
    """Do with a client what a language model would."""
    tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == ["ask", "search", "get_article"]
    assert all(tool.description and tool.output_schema for tool in tools)
    answer = await client.call_tool("ask", {"question": "How many were rescued?"})
    assert words(answer).startswith("Nine [1]")
    cited = answer.structured_content["answer"]["citations"][0]
    article = await client.call_tool("get_article", {"article_id": cited["article_id"]})
    text = article.structured_content["text"]
    assert text[cited["quote_start"] : cited["quote_end"]] == cited["quote"]
    found = await client.call_tool("search", {"query": "ferry"})
    assert len(found.structured_content["hits"]) == 2
    refused = await client.call_tool("ask", {"question": ""})
    assert refused.is_error and "question" in words(refused)


def words(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(FakeAnswerer()) as address:
        yield address


@pytest.mark.e2e
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_uses_the_tools_over_http(address: str, mode: str) -> None:
    async def run() -> None:
        async with Client(f"{address}/mcp", mode=mode) as client:
            await use(client)

    asyncio.run(run())


@pytest.mark.e2e
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_uses_the_tools_over_stdio(mode: str) -> None:
    server = StdioServerParameters(command=sys.executable, args=["-c", STDIO], cwd=ROOT)

    async def run() -> None:
        async with Client(server, mode=mode) as client:
            await use(client)

    asyncio.run(run())
