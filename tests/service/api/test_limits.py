import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from service.api.app import create_app
from service.api.limits import OverloadedError, Workers
from service.settings import Settings
from tests.service.api.conftest import ask
from tests.service.api.fakes import FakeAnswerer, FakeArchive


def test_overload_is_refused_at_once_and_articles_still_open() -> None:
    answerer = FakeAnswerer()
    settings = Settings(max_concurrent_asks=1, max_queued_asks=1)
    app = create_app(answerer=answerer, archive=FakeArchive(), settings=settings)
    answerer.gate.clear()
    with TestClient(app) as client, ThreadPoolExecutor(2) as people:
        waiting = [people.submit(ask, client, question="How many?") for _ in range(2)]
        refused = ask_until_refused(client)
        assert int(refused.headers["retry-after"]) > 0
        assert refused.json()["type"] == "/schema#overloaded"
        streamed = client.post(
            "/v1/ask", json={"question": "x"}, headers={"Accept": "text/event-stream"}
        )
        assert streamed.status_code == 503
        assert client.get("/v1/articles/ferry").status_code == 200
        assert client.get("/health/ready").status_code == 200
        answerer.gate.set()
        assert [answered.result().status_code for answered in waiting] == [200, 200]
        assert ask(client, question="How many?").status_code == 200


def ask_until_refused(client: TestClient[Litestar]) -> Response:
    # A search takes a place too, and ends at once where there still is one.
    for _ in range(500):
        response = client.post("/v1/search", json={"query": "ferry"}, timeout=30)
        if response.status_code == 503:
            return response
        time.sleep(0.01)
    raise AssertionError("never refused")


def test_work_whose_client_left_is_dropped_from_the_queue() -> None:
    async def run() -> None:
        workers, gate, done = Workers("test", 1, 1), threading.Event(), []
        first = asyncio.ensure_future(workers.run(lambda: gate.wait(30)))
        queued = asyncio.ensure_future(workers.run(lambda: done.append("queued")))
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            workers.submit(lambda: done.append("refused"))
        queued.cancel()
        await asyncio.wait((queued,))
        third = asyncio.ensure_future(workers.run(lambda: done.append("third")))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, third)
        workers.close()
        assert done == ["third"]

    asyncio.run(run())
