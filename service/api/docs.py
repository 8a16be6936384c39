"""The page at `/schema`: the OpenAPI document as a page that loads nothing from elsewhere."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

from service.api.contract import completed
from service.api.errors import KINDS
from service.web.pages import laid_out

__all__ = ["DocsPage"]

Node = Mapping[str, Any]


class DocsPage(OpenAPIRenderPlugin):
    """Renders the OpenAPI document: each call with its fields and an example."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the page."""
        completed(openapi_schema)
        calls = "".join(
            _call(method, path, call, openapi_schema)
            for path, calls in openapi_schema["paths"].items()
            for method, call in calls.items()
            if isinstance(call, Mapping) and "responses" in call
        )
        info = openapi_schema["info"]
        page = laid_out(
            "reference.html",
            page_title=f"{info['title']}: the HTTP API",
            here="api",
            title=escape(info["title"]),
            about=escape(info["description"]),
            calls=calls,
            problems="".join(_problems()),
        )
        return page.encode()


def _problems() -> Iterator[str]:
    for kind in KINDS:
        # A problem's `type` links here.
        yield f'<h3 id="{kind.slug}"><code>{kind.slug}</code> ({kind.status:d})</h3>'
        yield f"<p>{escape(kind.title)}.</p>"


def _call(method: str, path: str, call: Node, schema: Node) -> str:
    parts = [
        f"<h2><code>{method.upper()} {escape(path)}</code></h2>",
        f"<p><strong>{escape(call.get('summary', ''))}</strong></p>",
        f"<p>{_prose(call.get('description', ''))}</p>",
    ]
    parameters = {item["name"]: item for item in call.get("parameters", ())}
    parts.append(_table("Parameters", list(_parameters(parameters))))
    for media in call.get("requestBody", {}).get("content", {}).values():
        body = _resolve(media["schema"], schema)
        parts += [_table("Body", list(_fields(body, schema))), _example(body)]
    for status, response in call["responses"].items():
        for media in response.get("content", {}).values() if status.startswith("2") else ():
            rows = list(_fields(_resolve(media["schema"], schema), schema))
            parts.append(_table("Returns", rows))
    return f"<section>{''.join(parts)}</section>"


def _parameters(parameters: Mapping[str, Node]) -> Iterator[tuple[str, str, str]]:
    for name, item in parameters.items():
        yield name, _kind(item["schema"]), str(item.get("description", ""))


def _fields(body: Node, schema: Node, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield name, kind and description of each field, those of nested bodies after their own."""
    for name, field in body.get("properties", {}).items():
        yield prefix + name, _kind(field), str(field.get("description", ""))
        for inner, dots in _inner(field):
            yield from _fields(_resolve(inner, schema), schema, f"{prefix}{name}{dots}")


def _inner(field: Node) -> Iterator[tuple[Node, str]]:
    """Yield the bodies that a field can hold, and how their fields are reached from it."""
    for choice in _choices(field) or (field,):
        if "$ref" in choice:
            yield choice, "."
        elif "$ref" in choice.get("items", {}):
            yield choice["items"], "[]."


def _choices(field: Node) -> Sequence[Node]:
    for word in ("oneOf", "anyOf", "allOf"):
        if word in field:
            found: Sequence[Node] = field[word]
            return found
    return ()


def _kind(field: Node) -> str:
    if "$ref" in field:
        return "object"
    if choices := _choices(field):
        return " or ".join(_kind(choice) for choice in choices)
    kind = field.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(kind)
    return f"list of {_kind(field['items'])}s" if "items" in field else str(kind)


def _resolve(node: Node, schema: Node) -> Node:
    if "$ref" not in node:
        return node
    name = node["$ref"].rsplit("/", 1)[-1]
    found: Node = schema["components"]["schemas"][name]
    return found


def _table(title: str, rows: list[tuple[str, str, str]]) -> str:
    if not rows:
        return ""
    cells = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(kind)}</td><td>{_prose(text)}</td></tr>"
        for name, kind, text in rows
    )
    return f"<h3>{title}</h3><table>{cells}</table>"


def _prose(text: str) -> str:
    """Return a description as markup: what stands in backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _example(body: Node) -> str:
    example = {
        name: field["examples"][0]
        for name, field in body.get("properties", {}).items()
        if field.get("examples")
    }
    text = json.dumps(example, ensure_ascii=False, indent=1)
    return f"<h3>Example</h3><pre>{escape(text)}</pre>" if example else ""
