"""The bodies of the calls that speak like OpenAI's API."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from service.api.bodies.answers import CitationBody
from service.api.bodies.problem import ProblemBody
from service.api.bodies.requests import AsOf, Body, FiltersBody, Text, Truth

__all__ = [
    "MODEL",
    "ChatChoice",
    "ChatChunk",
    "ChatDelta",
    "ChatErrorBody",
    "ChatMessage",
    "ChatProblemBody",
    "ChatRequest",
    "ChatResponse",
    "ChatUsage",
    "ChunkChoice",
    "ModelBody",
    "ModelsBody",
    "NumberedCitation",
    "StreamOptions",
    "MessageBody",
    "TextPart",
]

MODEL = "dateline"
_MAX_MESSAGES = 1000


class _Lenient(Body):
    """A body whose other fields are passed over: temperature and the like mean nothing here."""

    model_config = ConfigDict(extra="ignore")


def _check_content(value: Any) -> Any:  # noqa: ANN401 - whatever the body holds
    """Refuse content that is no text in words of its own, not in those of the types below."""
    if value is not None and not isinstance(value, str | list):
        raise ValueError("must be a text, or a list of parts of the type `text`")
    for part in value if isinstance(value, list) else ():
        kind = part.get("type") if isinstance(part, dict) else None
        if kind != "text" or not isinstance(part.get("text"), str):
            named = f"a part of the type {str(kind)[:40]!r}" if kind else "a part without a type"
            raise ValueError(f"has {named}: only parts `{{type: text, text}}` can be read")
    return value


def _check_one(value: Any) -> Any:  # noqa: ANN401 - whatever the body holds
    if value not in (None, 1):
        raise ValueError("must be 1: there is one answer to a question")
    return value


class TextPart(_Lenient):
    """A piece of a message."""

    type: Literal["text"]
    text: Text


class MessageBody(_Lenient):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    """Messages of `user` and `assistant` are read; instructions and tools change nothing."""
    content: Annotated[Text | list[TextPart] | None, BeforeValidator(_check_content)] = None
    """What was said."""

    @property
    def text(self) -> str:
        """The content as one text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(_Lenient):
    """What a stream holds besides the answer."""

    include_usage: Truth = False
    """Whether a last event counts tokens."""


class ChatRequest(_Lenient):
    """A conversation whose last user message is the question. Other fields are passed over."""

    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=_MAX_MESSAGES)] = Field(
        examples=[[{"role": "user", "content": "How many people were rescued from the ferry?"}]]
    )
    """The conversation, oldest message first."""
    model: Text = MODEL
    """Any name: there is one model here."""
    n: Annotated[Literal[1] | None, BeforeValidator(_check_one)] = None
    """One answer is given."""
    stream: Truth | None = None
    """Whether the answer comes as server-sent events."""
    stream_options: StreamOptions | None = None
    filters: FiltersBody = FiltersBody()
    """Which articles may be searched. Not one of OpenAI's fields."""
    as_of: AsOf = None


class NumberedCitation(CitationBody):
    """A citation, with the number of its footnote."""

    number: int
    """Number of the footnote in the content."""


class ChatMessage(Body):
    """The answer as a message."""

    role: Literal["assistant"] = "assistant"
    content: str
    """The answer in the archive's words, then its footnotes; or the reason why there is none."""
    citations: tuple[NumberedCitation, ...]
    """The footnotes, for programs; none when there is no answer."""
    refusal: None = None
    """Always null: a refusal is a message like any other."""


class ChatChoice(Body):
    """The one choice."""

    index: int = 0
    message: ChatMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class ChatUsage(Body):
    """Lengths in cl100k_base tokens. Nothing is billed by them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatResponse(Body):
    """The answer, as OpenAI's API would put it."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    """When, in seconds since 1970."""
    model: str = MODEL
    choices: tuple[ChatChoice, ...]
    usage: ChatUsage


class ChatDelta(Body):
    """What an event adds to the message; fields that add nothing are left out."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    citations: tuple[NumberedCitation, ...] | None = None
    """The footnotes, for programs; with the last event of the message."""


class ChunkChoice(Body):
    """What an event adds to the one choice."""

    index: int = 0
    delta: ChatDelta
    finish_reason: Literal["stop"] | None = None


class ChatChunk(Body):
    """One event of a streamed answer."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: tuple[ChunkChoice, ...]
    usage: ChatUsage | None = None


class ChatErrorBody(Body):
    """A problem as OpenAI's clients show it."""

    message: str
    type: str
    code: str
    """The HTTP status, as text."""


class ChatProblemBody(ProblemBody):
    """A problem with one more member, for OpenAI's clients."""

    error: ChatErrorBody


class ModelBody(Body):
    """The one model there is."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelsBody(Body):
    """All models, which is one."""

    object: Literal["list"] = "list"
    data: tuple[ModelBody, ...] = (ModelBody(),)
