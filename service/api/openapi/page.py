"""The page at `/schema`: the OpenAPI document as a page that loads nothing from elsewhere."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

from service.api.errors import KINDS
from service.api.openapi.contract import completed
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
        calls = list(_calls(openapi_schema, str(request.base_url).rstrip("/")))
        info = openapi_schema["info"]
        page = laid_out(
            "reference.html",
            page_title=f"{info['title']}: the HTTP API",
            script="reference.js",
            here="api",
            title=escape(info["title"]),
            about=escape(info["description"]),
            contents="".join(contents for contents, _ in calls),
            calls="".join(call for _, call in calls),
            problems="".join(_problems()),
        )
        return page.encode()


def _calls(schema: Node, origin: str) -> Iterator[tuple[str, str]]:
    """Yield the line of the contents and the description of each call, in order of path."""
    for path, calls in sorted(schema["paths"].items(), key=_readers_first):
        for method, call in calls.items():
            if not isinstance(call, Mapping) or "responses" not in call:
                continue
            anchor = re.sub(r"[^a-z0-9]+", "-", f"{method}{path}".lower()).strip("-")
            name = f"<code>{method.upper()} {escape(path)}</code>"
            line = f'<li><a href="#{anchor}">{name}</a> {escape(call.get("summary", ""))}</li>'
            yield line, _call(anchor, name, method, path, call, schema, origin)


def _readers_first(item: tuple[str, Any]) -> tuple[bool, str]:
    """Return what puts asking first, then the other calls, then pages and probes."""
    path = item[0]
    return not path.startswith("/v1/"), "" if path == "/v1/ask" else path


def _problems() -> Iterator[str]:
    for kind in KINDS:
        # A problem's `type` links here.
        yield f'<h3 id="{kind.slug}"><code>{kind.slug}</code> ({kind.status:d})</h3>'
        yield f"<p>{escape(kind.title)}.</p>"


def _call(
    anchor: str, name: str, method: str, path: str, call: Node, schema: Node, origin: str
) -> str:
    parts = [
        f'<h2 id="{anchor}">{name}</h2>',
        f"<p><strong>{escape(call.get('summary', ''))}</strong></p>",
        f"<p>{_prose(call.get('description', ''))}</p>",
    ]
    parameters = {item["name"]: item for item in call.get("parameters", ())}
    parts.append(_table("Parameters", list(_parameters(parameters))))
    sent = None
    for kind, media in call.get("requestBody", {}).get("content", {}).items():
        body = _resolve(media["schema"], schema)
        parts.append(_table("Body", list(_fields(body, schema))))
        if kind == "application/json":
            sent = media.get("example") or _example(body)
    parts.append(_curl(method, path, sent, origin))
    for status, response in call["responses"].items():
        for media in response.get("content", {}).values() if status.startswith("2") else ():
            rows = list(_fields(_resolve(media["schema"], schema), schema))
            parts.append(_table("Returns", rows))
    return f"<section>{''.join(parts)}</section>"


# What only reads can be tried on the page.
_TRIED = ("/v1/ask", "/v1/search", "/v1/followups", "/v1/chat/completions")
_PLACES = {"article_id": "ferry", "job_id": "0b9c", "model_id": "dateline", "name": "style.css"}


def _curl(method: str, path: str, body: object, origin: str) -> str:
    """Return the call as a command; scripts add buttons that copy it, and try what only reads."""
    filled = re.sub(r"\{(\w+)\}", lambda match: _PLACES.get(match[1], match[0]), path)
    is_read = method == "get" or path in _TRIED
    words = ["curl -s", f"'{origin}{filled}'"]
    if method not in ("get", "post"):
        words.append(f"-X {method.upper()}")
    if not is_read and path != "/v1/feedback":
        words.append('-H "Authorization: Bearer $KEY"')
    text = json.dumps(body, ensure_ascii=False) if body else ""
    if body:
        quoted = text.replace("'", "'\\''")
        words += ["-H 'Content-Type: application/json'", f"-d '{quoted}'"]
    tried = f' data-method="{method.upper()}" data-path="{escape(filled)}"' if is_read else ""
    sent = f' data-body="{escape(text)}"' if is_read and body else ""
    command = escape(" ".join(words))
    return f'<h3>Example</h3><pre class="curl"{tried}{sent}><code>{command}</code></pre>'


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
        # A long path of names may be broken after each of them.
        f"<tr><td><code>{escape(name).replace('.', '.<wbr>')}</code></td><td>{escape(kind)}</td>"
        f"<td>{_prose(text)}</td></tr>"
        for name, kind, text in rows
    )
    return f"<h3>{title}</h3><table>{cells}</table>"


def _prose(text: str) -> str:
    """Return a description as markup: what stands in backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _example(body: Node) -> dict[str, object]:
    return {
        name: field["examples"][0]
        for name, field in body.get("properties", {}).items()
        if field.get("examples")
    }
