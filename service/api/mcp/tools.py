"""What a language model can do with the archive: tools, whatever protocol they are called by."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from service.api.asking import answer, fresh
from service.api.bodies.answers import AskResponse, SearchResponse
from service.api.bodies.archive import ArticleBody
from service.api.bodies.requests import AskRequest, Body, SearchRequest, Text
from service.api.context import Context
from service.api.errors import InvalidFieldError, problem_of
from service.api.guards.deadline import nobody_leaves
from service.api.openai.footnotes import to_parts
from service.api.rendering.answers import ask_response
from service.api.rendering.archive import article_body
from service.api.routes.articles import find_article
from service.api.routes.ask import to_question
from service.api.routes.search import find_passages

__all__ = ["TOOLS", "Tool", "ToolReply", "call_tool"]


class GetArticleRequest(Body):
    """Which article to read."""

    article_id: Text
    """The `article_id` of a citation or a passage."""


@dataclass(frozen=True, slots=True)
class ToolReply:
    """What a tool says: in words, and as an object of the tool's schema, None when it failed."""

    text: str
    body: Body | None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its name, what it is for, its arguments, and the object it returns."""

    name: str
    title: str
    description: str
    request: type[Body]
    response: type[Body]
    run: Callable[[Context, Mapping[str, Any]], Awaitable[ToolReply]]


async def call_tool(api: Context, tool: Tool, arguments: Mapping[str, Any]) -> ToolReply:
    """Return what a tool says to `arguments`; what went wrong is said, too."""
    try:
        return await tool.run(api, arguments)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"])) or "arguments"
        said = problem_of(InvalidFieldError(name, first["msg"].removeprefix("Value error, ")))
    except Exception as error:  # whoever called is to be told, and can try something else
        said = problem_of(error)
    return ToolReply(said.body.detail, None)


async def _ask(api: Context, arguments: Mapping[str, Any]) -> ToolReply:
    question = to_question(AskRequest.model_validate(arguments), api.settings)
    result = await answer(api, question, nobody_leaves)
    return ToolReply("".join(to_parts(result)), ask_response(result, await fresh(api)))


async def _search(api: Context, arguments: Mapping[str, Any]) -> ToolReply:
    found = await find_passages(api, SearchRequest.model_validate(arguments), nobody_leaves)
    passages = [
        " · ".join(filter(None, (f"[{hit.article_id}] {hit.title}", hit.source, hit.published)))
        + f"\n{hit.text}"
        for hit in found.hits
    ]
    return ToolReply("\n\n".join(passages), found)


async def _get_article(api: Context, arguments: Mapping[str, Any]) -> ToolReply:
    asked = GetArticleRequest.model_validate(arguments)
    article = article_body(await find_article(api, asked.article_id))
    return ToolReply(article.text, article)


TOOLS = (
    Tool(
        "ask",
        "Ask the news archive",
        "Answers a question from a news archive, in the archive's own words, with the sentences "
        "that say so as numbered footnotes; or says that there is no answer, and why. Quote the "
        "answer and its footnotes as they are. Ask one question of fact at a time; earlier ones "
        "go into `history`. Use `as_of` for the state of things on a day.",
        AskRequest,
        AskResponse,
        _ask,
    ),
    Tool(
        "search",
        "Search the news archive",
        "Finds passages of a news archive by their words and their meaning, best first, without "
        "answering anything. For when `ask` has no answer, or several passages are to be read.",
        SearchRequest,
        SearchResponse,
        _search,
    ),
    Tool(
        "get_article",
        "Read an article of the news archive",
        "Returns the whole text of an article, by the `article_id` that `ask` and `search` give.",
        GetArticleRequest,
        ArticleBody,
        _get_article,
    ),
)
