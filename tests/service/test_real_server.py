"""`dateline serve` as a process, over an index of its own, used by the clients that people have."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from mcp import Client as McpClient
from mcp import StdioServerParameters
from openai import OpenAI

from benchmarks.serving import Server, serving
from service.cli.main import main
from service.client import Client

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
QUESTION = "How many people were rescued?"
FERRY = {
    "id": "ferry",
    "title": "Ferry sinks off Norhavn",
    "text": "NORHAVN, March 5 — The ferry Sula sank on Tuesday. Nine people were rescued.",
    "source": "Harbour Post",
    "published": "2024-03-05",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    source, index = folder / "one.jsonl", folder / "index"
    source.write_text(json.dumps(FERRY))
    built = CliRunner().invoke(main, ["build", str(source), "--index", str(index)])
    assert built.exit_code == 0, built.output
    return index


@pytest.fixture(scope="module")
def server(index: Path) -> Iterator[Server]:
    with serving(index) as server:
        yield server


def test_our_client_is_answered_and_torch_is_not_loaded(server: Server) -> None:
    with Client(server.url) as client:
        outcome = client.ask(QUESTION)
    assert outcome.answer and outcome.answer.text.startswith("Nine")
    assert "libtorch" not in Path(f"/proc/{server.pid}/maps").read_text()


def test_the_official_openai_client_is_answered_at_once_and_in_a_stream(server: Server) -> None:
    with OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client:
        whole = client.chat.completions.create(
            model="dateline", messages=[{"role": "user", "content": QUESTION}]
        )
        parts = client.chat.completions.create(
            model="dateline", messages=[{"role": "user", "content": QUESTION}], stream=True
        )
        streamed = "".join(part.choices[0].delta.content or "" for part in parts)
    content = whole.choices[0].message.content
    assert content and content.startswith("Nine") and "[1] “" in content
    assert streamed == content


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("way", ["http", "stdio"])
def test_the_official_mcp_client_is_answered(
    server: Server, index: Path, way: str, mode: str
) -> None:
    command = ["-m", "service.cli", "mcp", "--index", str(index)]
    program = StdioServerParameters(command=sys.executable, args=command, cwd=ROOT)

    async def run() -> None:
        async with McpClient(
            f"{server.url}/mcp" if way == "http" else program, mode=mode
        ) as client:
            result = await client.call_tool("ask", {"question": QUESTION})
            assert result.structured_content["answer"]["text"].startswith("Nine")

    asyncio.run(run())
