"""An answer in steps, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from contextlib import suppress

from litestar.response import ServerSentEvent, ServerSentEventMessage

from index.hit import Hit
from service.answering.answer import Question
from service.api.context import Context
from service.api.errors import problem_of
from service.api.requests import Body
from service.api.schemas import PassagesBody, ask_response, hit_bodies

__all__ = ["stream_answer"]


class _Events:
    """Events put in from a worker's thread and taken out on the event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[ServerSentEventMessage | None] = asyncio.Queue()

    def put(self, name: str, body: Body | None = None) -> None:
        data = body.model_dump_json() if body else "{}"
        self._put(ServerSentEventMessage(event=name, data=data))

    def close(self) -> None:
        self._put(None)

    def _put(self, message: ServerSentEventMessage | None) -> None:
        # The loop is gone when the server stopped meanwhile: then nobody listens either.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._queue.put_nowait, message)

    async def until_closed(self, job: "Future[None]") -> AsyncIterator[ServerSentEventMessage]:
        try:
            while message := await self._queue.get():
                yield message
        finally:
            # Who went away while still in the queue must not keep a thread busy later.
            job.cancel()


def stream_answer(api: Context, question: Question) -> ServerSentEvent:
    """Answer as a stream of the events `passages`, `answer`, `done`; or `error`.

    Raises:
        OverloadedError: there is no place left in the queue; it is raised before the stream
            begins, so that the caller gets a status.
    """
    events = _Events()

    def announce(hits: Sequence[Hit]) -> None:
        events.put("passages", PassagesBody(hits=hit_bodies(hits)))

    def work() -> None:
        try:
            events.put("answer", ask_response(api.answerer.ask(question, on_hits=announce)))
            events.put("done")
        except Exception as error:  # the stream has begun: it is the only way left to tell
            events.put("error", problem_of(error).body)

    job = api.asking.submit(work)
    job.add_done_callback(lambda _: events.close())
    # A proxy that gathers the events would send them all at the end.
    return ServerSentEvent(events.until_closed(job), headers={"X-Accel-Buffering": "no"})
