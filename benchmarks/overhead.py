"""What HTTP and JSON add to a question, over asking in the process itself.

`python -m benchmarks.overhead --index DIR [--n 60]`: asks a server the sample questions over one
connection. The time of a call, less the stages that the answer states, is what the way in and out
costs; the rest of the answerer's own work is in it, so it is an upper bound. A call for the
archive's facts over the same connection tells what sockets and the client add. Then the application
is called without a socket, with an answer that is there: that is routing, checking and JSON alone,
told as processor time, which a busy machine leaves be.
"""

import asyncio
import json
import time
from collections.abc import MutableMapping
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import rich_click as click
from litestar import Litestar

from benchmarks.serving import serving
from service.answering.answer import Question
from service.api.app import create_app
from service.client import Client
from service.settings import Settings
from service.wiring import open_answerer
from service.writing import IndexWriter

__all__: list[str] = []

QUESTIONS = Path("corpus/samples/questions.jsonl")
_N_WITHOUT_SOCKET = 200


@click.command()
@click.option("--index", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--n", default=60, show_default=True)
def main(index: Path, n: int) -> None:
    """Print the median time of calls, of their stages, and of the difference."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][:n]
    calls_ms, added_ms, facts_ms = [], [], []
    with serving(index, log_level="error") as server, Client(server.url) as client:
        client.ask(questions[0])
        for question in questions:
            began_s = time.perf_counter()
            outcome = client.ask(question)
            calls_ms.append(1000 * (time.perf_counter() - began_s))
            added_ms.append(calls_ms[-1] - sum(outcome.timings_ms.values()))
            began_s = time.perf_counter()
            client.archive()
            facts_ms.append(1000 * (time.perf_counter() - began_s))
    print(
        f"{len(questions)} questions: a call {median(calls_ms):.1f} ms (p50), of which HTTP and "
        f"JSON at most {median(added_ms):.2f} ms (p50), {quantiles(added_ms, n=20)[18]:.2f} ms "
        f"(p95); a call for the archive's facts {median(facts_ms):.2f} ms (p50)."
    )
    print(
        f"The application alone: {_alone_ms(index, questions[0]):.2f} ms of processor time a call"
    )


def _alone_ms(index: Path, question: str) -> float:
    settings = Settings(index_dir=index)
    answerer, archive = open_answerer(settings)
    result = answerer.ask(Question(question))

    class Ready:
        """An answerer that has the answer."""

        def ask(self, *_: object, **__: object) -> object:
            return result

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the answerer has
            return getattr(answerer, name)

    app = create_app(
        answerer=Ready(),  # type: ignore[arg-type]  # it stands in for one question
        archive=archive,
        settings=settings,
        writer=IndexWriter(settings, archive),
    )
    return asyncio.run(_timed(app, json.dumps({"question": question}).encode()))


async def _timed(app: Litestar, body: bytes) -> float:
    """Return the milliseconds of processor time that a call takes."""
    for _ in range(20):
        await _call(app, body)
    began_s = time.process_time()
    for _ in range(_N_WITHOUT_SOCKET):
        await _call(app, body)
    return 1000 * (time.process_time() - began_s) / _N_WITHOUT_SOCKET


async def _call(app: Litestar, body: bytes) -> None:
    headers = {"host": "127.0.0.1", "content-type": "application/json"}
    headers["content-length"] = str(len(body))
    scope: dict[str, Any] = {
        **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http"},
        **{"method": "POST", "path": "/v1/ask", "raw_path": b"/v1/ask", "query_string": b""},
        **{"root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000)},
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "state": {},
    }
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    statuses: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        # The client stays until it has its answer.
        return waiting.pop() if waiting else await asyncio.Event().wait() and {}

    async def send(message: MutableMapping[str, Any]) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    await app(scope, receive, send)  # type: ignore[arg-type]  # a plain scope of ASGI
    if statuses != [200]:
        raise SystemExit(f"the application answered with {statuses}")


if __name__ == "__main__":
    main()
