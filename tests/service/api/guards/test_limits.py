import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from litestar.testing import TestClient

from service.api.app import create_app
from service.api.guards.limits import OverloadedError, RetryScheduler, Workers
from service.settings import Settings
from tests.service.api.conftest import ask
from tests.service.api.fakes import FakeAnswerer, FakeArchive


def test_overload_is_refused_at_once_and_articles_still_open() -> None:
    answerer = FakeAnswerer()
    # No queue: once the first question is being answered, there is certainly no place left.
    settings = Settings(max_concurrent_asks=1, max_queued_asks=0)
    app = create_app(answerer=answerer, archive=FakeArchive(), settings=settings)
    answerer.gate.clear()
    with TestClient(app) as client, ThreadPoolExecutor(1) as people:
        first = people.submit(ask, client, question="How many?")
        try:
            wait_until(lambda: bool(answerer.asked))
            for accept in ("application/json", "text/event-stream"):
                refused = client.post("/v1/ask", json={"question": "x"}, headers={"Accept": accept})
                assert refused.status_code == 503
                assert int(refused.headers["retry-after"]) > 0
                assert refused.json()["type"] == "/schema#overloaded"
            assert client.post("/v1/search", json={"query": "ferry"}).status_code == 503
            assert client.get("/v1/articles/ferry").status_code == 200
            assert client.get("/health/ready").status_code == 200
        finally:
            answerer.gate.set()
        assert first.result().status_code == 200
        assert ask(client, question="How many?").status_code == 200


def wait_until(true: Callable[[], bool], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def test_those_who_are_refused_come_back_one_after_the_other() -> None:
    now_s = [100.0]
    returns = RetryScheduler(lambda: now_s[0])
    waits_s = [returns.next_s() for _ in range(1000)]
    assert waits_s[0] == 2 and waits_s == sorted(waits_s)
    assert max(waits_s.count(wait_s) for wait_s in set(waits_s)) <= 26
    for _ in range(5000):
        assert returns.next_s() <= 60
    now_s[0] += 120
    assert returns.next_s() == 2


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
