"""`POST /v1/ask`: a question in, a cited answer out, at once or in steps."""

from typing import Any

from litestar import Request, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from service.answering.answer import Question, Turn
from service.api.asking import answer, fresh
from service.api.bodies.answers import AskResponse
from service.api.bodies.requests import AskRequest
from service.api.bodies.responses import problems
from service.api.context import Api
from service.api.errors import InvalidFieldError
from service.api.rendering.answers import ask_response
from service.api.streaming import stream_answer
from service.settings import Settings

__all__ = ["ask", "check_length", "to_question"]


@post(
    "/v1/ask",
    status_code=200,
    summary="Ask the archive",
    description=(
        "Answers in the archive's own words, with the sentences that say so, or refuses with a "
        "reason. With `Accept: text/event-stream` the passages come as soon as they are found, "
        "as the event `passages`, then the same object as `answer`, then `done`; a failure on "
        "the way comes as `error`, holding a problem."
    ),
    responses={
        200: ResponseSpec(
            AskResponse, description="An answer or a reason", generate_examples=False
        ),
        **problems(413, 504),
    },
)
async def ask(
    api: Api, data: JSONBody[AskRequest], request: Request[Any, Any, Any]
) -> Response[Any]:
    """Answer a question."""
    question = to_question(data, api.settings)
    if "text/event-stream" in request.headers.get("accept", ""):
        return stream_answer(api, question)
    result = await answer(api, question, request.receive)
    return Response(ask_response(result, await fresh(api)))


def check_length(name: str, text: str, settings: Settings) -> None:
    """Refuse a text that is longer than a question may be.

    Raises:
        InvalidFieldError: `text`, the field `name`, is too long.
    """
    if len(text) > settings.max_question_chars:
        raise InvalidFieldError(
            name, f"has {len(text)} characters, {settings.max_question_chars} are allowed"
        )


def to_question(data: AskRequest, settings: Settings) -> Question:
    """Return the question that a body asks.

    Raises:
        InvalidFieldError: a field is longer than it may be.
    """
    check_length("question", data.question, settings)
    if len(data.history) > settings.max_history_turns:
        raise InvalidFieldError(
            "history",
            f"has {len(data.history)} turns, {settings.max_history_turns} are allowed: "
            "leave the oldest out",
        )
    for i, turn in enumerate(data.history):
        check_length(f"history.{i}.question", turn.question, settings)
    return Question(
        text=data.question,
        history=tuple(Turn(turn.question, turn.answer) for turn in data.history),
        filters=data.filters.to_filters(),
        as_of=data.as_of,
        max_answers=data.max_answers,
    )
