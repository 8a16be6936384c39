"""An answer in steps, as server-sent events."""

from collections.abc import AsyncIterator

from litestar.response import ServerSentEvent, ServerSentEventMessage

from service.answering.answer import AskResult, Question
from service.api.asking import Failed, Found, Step, Waiting, follow, fresh
from service.api.bodies.answers import PassagesBody
from service.api.bodies.requests import Body
from service.api.context import Context
from service.api.rendering.answers import ask_response, hit_bodies

__all__ = ["KEEP_ALIVE", "send_events", "stream_answer"]

# A comment, which clients pass over; proxies see that the connection is in use.
KEEP_ALIVE = ServerSentEventMessage(data=None, comment="still at it")


def stream_answer(api: Context, question: Question) -> ServerSentEvent:
    """Answer as a stream of the events `passages`, `answer`, `done`; or `error`.

    Raises:
        OverloadedError: there is no place left in the queue; it is raised before the stream
            begins, so that the caller gets a status.
    """
    return send_events(_events(api, follow(api, question)))


def send_events(events: AsyncIterator[ServerSentEventMessage]) -> ServerSentEvent:
    """Return the response that sends `events` as they come."""
    # A proxy that gathers the events would send them all at the end.
    return ServerSentEvent(events, headers={"X-Accel-Buffering": "no"})


async def _events(
    api: Context, steps: AsyncIterator[Step]
) -> AsyncIterator[ServerSentEventMessage]:
    async for step in steps:
        match step:
            case Waiting():
                yield KEEP_ALIVE
            case Found():
                yield _event("passages", PassagesBody(hits=hit_bodies(step.hits)))
            case AskResult():
                yield _event("answer", ask_response(step, await fresh(api)))
                yield ServerSentEventMessage(event="done", data="{}")
            case Failed():
                yield _event("error", step.problem)


def _event(name: str, body: Body) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=body.model_dump_json())
