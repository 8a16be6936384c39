"""What the OpenAPI document says beyond what the framework finds out by itself."""

import copy
import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin

__all__ = ["ContractJson", "completed"]

# One for each body that is sent or taken, by the name of its schema.
_EXAMPLES: dict[str, Any] = json.loads(
    files("service.api.openapi").joinpath("examples.json").read_text(encoding="utf-8")
)
_TEXT = {"type": "string"}
# Server-sent events, described one by one.
_STREAM = {
    "schema": {
        "type": "object",
        "properties": {"event": _TEXT, "data": _TEXT},
        "required": ["data"],
    },
    "example": {"event": "done", "data": "{}"},
}
_STREAMING = {"/v1/ask", "/v1/chat/completions"}
# Taken bodies refuse what they do not know; the framework knows their fields only.
_STRICT = {
    "AskRequest",
    "FeedbackRequest",
    "FiltersBody",
    "FollowUpsRequest",
    "HoldRequest",
    "ReleaseRequest",
    "SearchRequest",
    "TurnBody",
    "WatchRequest",
}
_ARTICLE = "/v1/articles/{article_id}"
_VERSIONS = f"{_ARTICLE}/versions"
_MEANINGS = {"200": "What was asked for", "201": "It is kept", "202": "A job that does it"}
_HEADERS = {
    "202": ("Location", "Where to ask about the job"),
    "401": ("WWW-Authenticate", "How to send a key"),
    "429": ("Retry-After", "Seconds to wait"),
    "503": ("Retry-After", "Seconds to wait, where that helps"),
}


class ContractJson(JsonRenderPlugin):
    """`/schema/openapi.json`, completed."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the document."""
        return super().render(request, completed(openapi_schema))


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """Complete an OpenAPI document in place, and return it; once is as good as twice."""
    for name, body in schema["components"]["schemas"].items():
        _correct(body)
        if name in _STRICT:
            body["additionalProperties"] = False
    _part_versions(schema["paths"])
    for path, calls in schema["paths"].items():
        for call in calls.values():
            _never_null(call.get("parameters", ()))
            for media in _media(call):
                name = media["schema"].get("$ref", "").rsplit("/", 1)[-1]
                if name in _EXAMPLES and "examples" not in media:
                    media["example"] = _EXAMPLES[name]
            for status, response in call["responses"].items():
                response["description"] = _MEANINGS.get(status, response["description"])
                if status in _HEADERS:
                    header, text = _HEADERS[status]
                    described = {"description": text, "schema": _TEXT}
                    response.setdefault("headers", {})[header] = described
            if path in _STREAMING:
                call["responses"]["200"]["content"]["text/event-stream"] = _STREAM
    return schema


def _part_versions(paths: dict[str, Any]) -> None:
    """Describe the versions of an article as a call of their own.

    An id may have slashes in it, so the framework has one call for both addresses.
    """
    article = paths.get(_ARTICLE)
    if article is None or _VERSIONS in paths:
        return
    versions = copy.deepcopy({"get": article["get"]})
    call = versions["get"]
    call["summary"] = "List the versions of an article"
    call["description"] = (
        "The wordings of the article that are kept, the current one first, each with the day on "
        "which it was changed."
    )
    call["operationId"] = f"{call['operationId']}Versions"
    call["parameters"] = [one for one in call["parameters"] if one["in"] == "path"]
    for told, name in ((article["get"], "ArticleBody"), (call, "VersionsBody")):
        content = told["responses"]["200"]["content"]["application/json"]
        content["schema"] = {"$ref": f"#/components/schemas/{name}"}
        content.pop("examples", None)
    paths[_VERSIONS] = versions


def _never_null(parameters: Sequence[dict[str, Any]]) -> None:
    """Have no parameter be null: it is there, or left out."""
    for one in parameters:
        schema = one["schema"]
        kinds = [kind for kind in schema.get("oneOf", ()) if kind != {"type": "null"}]
        if len(kinds) == 1:
            del schema["oneOf"]
            schema.update(kinds[0])
        elif isinstance(schema.get("type"), list):
            (schema["type"],) = (kind for kind in schema["type"] if kind != "null")
            schema["enum"] = [value for value in schema["enum"] if value is not None]


def _correct(node: Any) -> None:  # noqa: ANN401 - any JSON value
    """Say "any of" where the framework says "one of": 13 is both an integer and a number."""
    if isinstance(node, dict):
        if isinstance(node.get("oneOf"), list):
            node["anyOf"] = node.pop("oneOf")
        for inner in node.values():
            _correct(inner)
    elif isinstance(node, list):
        for inner in node:
            _correct(inner)


def _media(call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from call.get("requestBody", {}).get("content", {}).values()
    for response in call["responses"].values():
        yield from response.get("content", {}).values()
