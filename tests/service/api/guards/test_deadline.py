import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.api.app import create_app
from service.api.guards.deadline import ClientGoneError, Deadline, DeadlineError, wait_for
from service.settings import Settings
from tests.service.api.conftest import ask, serving
from tests.service.api.fakes import FakeAnswerer, FakeArchive
from tests.service.api.guards.test_limits import wait_until

Client = TestClient[Litestar]
ROOT = Path(__file__).parents[4]
CHAT = {"messages": [{"role": "user", "content": "How many?"}]}


@pytest.fixture
def slow() -> Iterator[FakeAnswerer]:
    """An answerer that answers nobody until its gate is opened."""
    answerer = FakeAnswerer()
    answerer.gate.clear()
    yield answerer
    answerer.gate.set()


def client_of(answerer: FakeAnswerer, **settings: float) -> Client:
    app = create_app(
        answerer=answerer, archive=FakeArchive(), settings=Settings.model_validate(settings)
    )
    return TestClient(app, raise_server_exceptions=False)


def test_what_takes_too_long_is_ended_and_its_work_stops(slow: FakeAnswerer) -> None:
    with client_of(slow, deadline_s=0.05) as client:
        for response in (
            ask(client, question="How many?"),
            client.post("/v1/chat/completions", json=CHAT),
        ):
            assert response.status_code == 504
            assert response.json()["type"] == "/schema#too-long"
        wait_until(lambda: len(slow.stopped) == 2)


def test_a_stream_that_takes_too_long_says_so(slow: FakeAnswerer) -> None:
    with client_of(slow, deadline_s=0.05) as client:
        events = client.post(
            "/v1/ask", json={"question": "x"}, headers={"Accept": "text/event-stream"}
        ).text
        assert "event: passages" in events
        data = events.replace("\r", "").strip().split("\n")[-1]
        assert json.loads(data.removeprefix("data: "))["status"] == 504
        chunks = client.post("/v1/chat/completions", json=CHAT | {"stream": True}).text
        assert '"code": "504"' in chunks
        wait_until(lambda: len(slow.stopped) == 2)


def test_time_in_the_queue_counts(slow: FakeAnswerer) -> None:
    with (
        client_of(slow, deadline_s=0.2, max_concurrent_asks=1) as client,
        ThreadPoolExecutor(2) as people,
    ):
        statuses = people.map(lambda n: ask(client, question=str(n)).status_code, range(2))
        assert list(statuses) == [504, 504]
        wait_until(lambda: bool(slow.stopped))
        slow.gate.set()
        assert ask(client, question="later").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "end"),
    [
        ("/v1/ask", {"question": "How many?"}, "event: done\ndata: {}"),
        ("/v1/chat/completions", CHAT | {"stream": True}, "data: [DONE]"),
    ],
)
def test_a_long_stream_shows_that_it_is_in_use(
    slow: FakeAnswerer, path: str, body: dict[str, Any], end: str
) -> None:
    opening = threading.Timer(0.3, slow.gate.set)
    with client_of(slow, keep_alive_s=0.02) as client:
        opening.start()
        response = client.post(path, json=body, headers={"Accept": "text/event-stream"})
    opening.join()
    text = response.text.replace("\r", "").rstrip()
    assert text.count(": still at it\n\n") > 2
    assert text.endswith(end)


@pytest.mark.parametrize(
    "path",
    ["/", "/articles/ferry", "/v1/articles/ferry", "/static/chat.js", "/health/live", "/schema"],
)
def test_head_tells_what_get_would(client: Client, path: str) -> None:
    # The page to ask on changes once, when its examples are found.
    client.get("/v1/archive/questions")
    get, head = client.get(path), client.head(path)
    assert head.status_code == 200 and head.content == b""
    assert dict(head.headers) == dict(get.headers)


def test_head_of_what_is_not_there(client: Client) -> None:
    assert client.head("/articles/nope").status_code == 404
    assert client.head("/v1/ask").status_code == 405


def test_a_deadline_ends_work_and_is_told() -> None:
    now_s = [0.0]
    deadline, endless = Deadline(2, lambda: now_s[0]), Deadline(0, lambda: now_s[0])
    deadline.check()
    now_s[0] = 3.0
    with pytest.raises(DeadlineError, match="2 seconds"):
        deadline.check()
    endless.check()
    assert endless.left_s is None
    endless.give_up()
    with pytest.raises(ClientGoneError):
        endless.check()


def test_who_went_away_is_not_waited_for() -> None:
    async def receive() -> Any:  # noqa: ANN401 - any message
        return {"type": "http.disconnect"}

    async def run() -> None:
        deadline, job = Deadline(30), Future[int]()
        with pytest.raises(ClientGoneError):
            await wait_for(job, deadline, receive)
        assert job.cancelled()
        with pytest.raises(ClientGoneError):
            deadline.check()

    asyncio.run(run())


@pytest.mark.e2e
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_client_that_leaves_stops_its_work(slow: FakeAnswerer, accept: str) -> None:
    with serving(slow) as address:
        with pytest.raises(httpx.ReadTimeout):
            # A stream sends its headers at once, so it is read on.
            httpx.post(
                f"{address}/v1/ask", json={"question": "x"}, headers={"Accept": accept}, timeout=0.3
            )
        wait_until(lambda: bool(slow.stopped))
    assert isinstance(slow.stopped[0], ClientGoneError)


SERVER = """
import sys, threading
from service.api.app import create_app
from service.cli.serving import serve_app
from service.settings import Settings
from tests.service.api.fakes import FakeAnswerer, FakeArchive

answerer, settings = FakeAnswerer(), Settings(port=int(sys.argv[1]), deadline_s=0)
if sys.argv[2] != "0":
    answerer.gate.clear()
    threading.Timer(float(sys.argv[2]), answerer.gate.set).start()
serve_app(create_app(answerer=answerer, archive=FakeArchive(), settings=settings), settings)
"""


@pytest.mark.e2e
@pytest.mark.parametrize(("takes_s", "is_finished"), [(1.5, True), (25, False)])
def test_a_server_that_is_told_to_end_finishes_what_it_took(
    takes_s: float, is_finished: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", SERVER, str(port), str(takes_s)]
    with subprocess.Popen(command, cwd=ROOT) as server, ThreadPoolExecutor(1) as people:
        try:
            wait_until(lambda: is_up(address))
            asked = people.submit(
                httpx.post, f"{address}/v1/ask", json={"question": "How many?"}, timeout=60
            )
            time.sleep(0.5)
            began_s = time.monotonic()
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
            assert time.monotonic() - began_s < 10
            if is_finished:
                assert asked.result().json()["answer"]["text"] == "Nine"
            else:
                assert asked.exception() or asked.result().status_code >= 500
        finally:
            server.kill()


def is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/live").status_code == 200
    except httpx.TransportError:
        return False
