"""Calls that speak like OpenAI's API, so that chat front ends can be pointed at the archive."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import ServerSentEventMessage

from corpus.tokens import count_tokens
from service.answering.answer import AskResult, Question, Turn
from service.api.asking import Failed, Step, Waiting, answer, follow
from service.api.bodies.openai import (
    MODEL,
    ChatChoice,
    ChatChunk,
    ChatDelta,
    ChatErrorBody,
    ChatMessage,
    ChatProblemBody,
    ChatRequest,
    ChatResponse,
    ChatUsage,
    ChunkChoice,
    MessageBody,
    ModelBody,
    ModelsBody,
    NumberedCitation,
)
from service.api.bodies.problem import ProblemBody
from service.api.bodies.responses import problems
from service.api.context import Api
from service.api.errors import InvalidFieldError, problem_of
from service.api.openai.footnotes import answer_in, to_parts
from service.api.rendering.answers import answer_id, citation_body
from service.api.routes.ask import check_length
from service.api.streaming import KEEP_ALIVE, send_events
from service.excerpts import read_texts
from service.settings import Settings

__all__ = ["complete", "model", "models"]


def _error(problem: ProblemBody) -> ChatErrorBody:
    """Return a problem as OpenAI's clients read it."""
    return ChatErrorBody(message=problem.detail, type=problem.type, code=str(problem.status))


def _told_twice(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer with a problem that has, as one more member, what OpenAI's clients show."""
    problem = problem_of(error)
    body = ChatProblemBody(**problem.body.model_dump(), error=_error(problem.body))
    return Response(
        body.model_dump_json().encode(),
        status_code=problem.body.status,
        media_type="application/problem+json",
        headers=problem.headers,
    )


@get(
    "/v1/models",
    summary="The models, as OpenAI lists them",
    responses=problems(),
    sync_to_thread=False,
)
def models() -> ModelsBody:
    """List the one model."""
    return ModelsBody()


@get(
    "/v1/models/{model_id:str}",
    summary="One model, as OpenAI shows it",
    responses=problems(404),
    sync_to_thread=False,
)
def model(model_id: FromPath[str]) -> ModelBody:
    """Show the one model."""
    if model_id != MODEL:
        raise NotFoundException(f"There is no model {model_id[:100]!r}: the only one is `{MODEL}`.")
    return ModelBody()


@post(
    "/v1/chat/completions",
    status_code=200,
    summary="Ask the archive as if it were a chat model",
    description=(
        "For clients of OpenAI's API. The last user message is the question, the messages before "
        "it are the conversation. The content is the answer in the archive's own words with "
        "numbered footnotes, which `citations` holds for programs; or the reason why there is "
        "none. With `stream` it comes as OpenAI's events; a failure on the way is an event "
        "with `error`. Content is plain text: what looks like Markdown in it is the archive's."
    ),
    responses={
        200: ResponseSpec(ChatResponse, description="The answer", generate_examples=False),
        **problems(413, 504, body=ChatProblemBody),
    },
    exception_handlers={Exception: _told_twice},
)
async def complete(
    api: Api, data: JSONBody[ChatRequest], request: Request[Any, Any, Any]
) -> Response[Any]:
    """Answer a conversation."""
    question = _question(data, api.settings)
    reply = _Reply(data, str(request.base_url))
    if data.stream:
        return send_events(reply.events(follow(api, question)))
    return Response(await reply.whole(await answer(api, question, request.receive)))


def _question(data: ChatRequest, settings: Settings) -> Question:
    said = data.messages
    last = max((i for i, message in enumerate(said) if message.role == "user"), default=None)
    if last is None or not said[last].text.strip():
        raise InvalidFieldError("messages", "has no question: end with a message of the role user")
    text = said[last].text.strip()
    check_length(f"messages.{last}.content", text, settings)
    # Front ends send all there was; the oldest turns matter least.
    turns = list(_turns(said[:last], settings.max_question_chars))
    history = turns[max(0, len(turns) - settings.max_history_turns) :]
    return Question(text, tuple(history), data.filters.to_filters(), data.as_of)


def _turns(said: Sequence[MessageBody], max_chars: int) -> Iterator[Turn]:
    """Yield each question that was asked, with the answer that came next."""
    asked: str | None = None
    for message in said:
        text = message.text.strip()
        if message.role == "user":
            if asked:
                yield Turn(asked, None)
            # One that is longer was refused when it was asked.
            asked = text if len(text) <= max_chars else None
        elif message.role == "assistant" and asked:
            yield Turn(asked, answer_in(text))
            asked = None
    if asked:
        yield Turn(asked, None)


@dataclass(frozen=True, slots=True)
class _Reply:
    """The outcome of one request in the two forms that OpenAI's API has for it."""

    asked: ChatRequest
    base_url: str

    async def whole(self, result: AskResult) -> ChatResponse:
        parts = to_parts(result, self.base_url)
        message = ChatMessage(content="".join(parts), citations=_citations(result))
        return ChatResponse(
            id=_id(result),
            created=int(time.time()),
            choices=(ChatChoice(message=message),),
            usage=await self._usage(parts),
        )

    async def events(self, steps: AsyncIterator[Step]) -> AsyncIterator[ServerSentEventMessage]:
        async for step in steps:
            match step:
                case Waiting():
                    yield KEEP_ALIVE
                case AskResult():
                    async for chunk in self._chunks(step):
                        yield ServerSentEventMessage(data=chunk.model_dump_json(exclude_none=True))
                    yield ServerSentEventMessage(data="[DONE]")
                case Failed(problem):
                    data = json.dumps({"error": _error(problem).model_dump()})
                    yield ServerSentEventMessage(data=data)

    async def _chunks(self, result: AskResult) -> AsyncIterator[ChatChunk]:
        chunk_id, now = _id(result), int(time.time())

        def chunk(delta: ChatDelta, *, last: bool = False) -> ChatChunk:
            choice = ChunkChoice(delta=delta, finish_reason="stop" if last else None)
            return ChatChunk(id=chunk_id, created=now, choices=(choice,))

        parts = to_parts(result, self.base_url)
        yield chunk(ChatDelta(role="assistant", content=""))
        for part in parts:
            yield chunk(ChatDelta(content=part))
        yield chunk(ChatDelta(citations=_citations(result)), last=True)
        if self.asked.stream_options and self.asked.stream_options.include_usage:
            usage = await self._usage(parts)
            yield ChatChunk(id=chunk_id, created=now, choices=(), usage=usage)

    async def _usage(self, parts: Sequence[str]) -> ChatUsage:
        said = [message.text for message in self.asked.messages]
        # Not on the event loop: a long text without spaces takes most of a second.
        prompt, completion = await asyncio.to_thread(
            lambda: (sum(count_tokens(said)), sum(count_tokens(parts)))
        )
        return ChatUsage(
            prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion
        )


def _citations(result: AskResult) -> tuple[NumberedCitation, ...]:
    cited = result.answer.citations if result.answer else ()
    articles = read_texts(result.nearest)
    return tuple(
        NumberedCitation(number=number, **citation_body(citation, articles).model_dump())
        for number, citation in enumerate(cited, start=1)
    )


def _id(result: AskResult) -> str:
    return f"chatcmpl-{answer_id(result)}"
