"""`POST /v1/ask`: a question in, an answer with its proof out, at once or as it comes about."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Stream

from index.hit import Hit
from service.answering.answer import AskResult, Question, Turn
from service.api.context import Api, Context
from service.api.errors import WrongField, WrongFieldsError, problem_of
from service.api.requests import AskRequest
from service.api.schemas import AskResponse, ask_response, hit_bodies
from service.settings import Settings

__all__ = ["ask"]

_EVENT_STREAM = "text/event-stream"
_KEEP_ALIVE_S = 10.0


@post(
    "/v1/ask",
    status_code=200,
    tags=["Answers"],
    summary="Ask a question",
    responses={200: ResponseSpec(AskResponse, description="The answer, or the reason for none")},
)
async def ask(
    data: JSONBody[AskRequest], request: Request[Any, Any, Any], api: Api
) -> Response[Any]:
    """Answer a question in the archive's own words, or say why not.

    With `Accept: text/event-stream` the answer comes as events: `passages` (those that will be
    read), `answer` (what this call returns otherwise), `done`; or `error` (a problem).
    """
    question = _to_question(data, api.settings)
    if request.accept.best_match(["application/json", _EVENT_STREAM]) == _EVENT_STREAM:
        return _stream(question, api)
    result = await api.asking.start(lambda: api.answerer.ask(question))
    return Response(ask_response(result))


def _to_question(data: AskRequest, settings: Settings) -> Question:
    _check_length("question", data.question, settings)
    if len(data.history) > settings.max_history_turns:
        raise WrongFieldsError(
            WrongField("history", f"has more than {settings.max_history_turns} turns")
        )
    for n, turn in enumerate(data.history):
        _check_length(f"history.{n}.question", turn.question, settings)
    return Question(
        data.question,
        tuple(Turn(turn.question, turn.answer) for turn in data.history),
        data.filters.to_filters(),
        data.as_of,
        data.max_answers,
    )


def _check_length(field: str, text: str, settings: Settings) -> None:
    if len(text) > settings.max_question_chars:
        raise WrongFieldsError(
            WrongField(field, f"is longer than {settings.max_question_chars} characters")
        )


def _stream(question: Question, api: Context) -> Stream:
    events: asyncio.Queue[bytes | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def on_hits(hits: Sequence[Hit]) -> None:
        # Called in the worker's thread: the queue belongs to the event loop's.
        passages = {"n": len(hits), "passages": hit_bodies(hits)}
        loop.call_soon_threadsafe(events.put_nowait, _event("passages", passages))

    # Started here and not in the stream: a full queue is still told by the status.
    asking = api.asking.start(lambda: api.answerer.ask(question, on_hits))
    asking.add_done_callback(lambda _: events.put_nowait(None))
    return Stream(
        _events(asking, events),
        media_type=_EVENT_STREAM,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(
    asking: asyncio.Future[AskResult], events: asyncio.Queue[bytes | None]
) -> AsyncIterator[bytes]:
    try:
        # Sent at once, and while nothing happens, so that no proxy takes the silence for an end.
        event: bytes | None = b": waiting\n\n"
        while event is not None:
            yield event
            try:
                event = await asyncio.wait_for(events.get(), _KEEP_ALIVE_S)
            except TimeoutError:
                event = b": working\n\n"
        for last in _outcome(asking):
            yield last
    finally:
        # The client may have left: what still waits for a thread is dropped.
        asking.cancel()


def _outcome(asking: asyncio.Future[AskResult]) -> tuple[bytes, ...]:
    error = asking.exception()
    if isinstance(error, Exception):
        return (_event("error", problem_of(error).body()),)
    result = asking.result()
    done = {"snapshot": result.snapshot, "timings_ms": result.timings_ms}
    return _event("answer", ask_response(result)), _event("done", done)


def _event(name: str, data: Any) -> bytes:  # noqa: ANN401 - any JSON value
    # JSON escapes every line break, so the data is one line whatever the text holds.
    body = msgspec.json.encode(data, enc_hook=lambda model: model.model_dump(mode="json"))
    return b"event: %s\ndata: %s\n\n" % (name.encode(), body)
