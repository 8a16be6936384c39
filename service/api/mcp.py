"""The only door to the MCP SDK: the tools over the Model Context Protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.exceptions import MethodNotAllowedException
from litestar.types import Receive, Scope, Send
from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from service.api.access import Connection
from service.api.context import Context
from service.api.errors import ForbiddenError
from service.api.tools import TOOLS, Tool, call_tool

__all__ = ["McpEndpoint", "serve_stdio"]

_BY_NAME = {tool.name: tool for tool in TOOLS}


class McpEndpoint:
    """The protocol's streamable HTTP at one address.

    There are no sessions: each call is answered by itself, so nothing is kept for clients that are
    gone, and a server that ends has no streams to wait for.
    """

    def __init__(self, api: Context) -> None:
        self._api = api
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def lifespan(self, _: Litestar) -> AsyncIterator[None]:
        """Be there to answer, for as long as the application is."""
        manager = StreamableHTTPSessionManager(
            _server(self._api),
            json_response=True,
            stateless=True,
            max_request_body_size=self._api.settings.max_body_bytes,
        )
        async with manager.run():
            self._manager = manager
            yield
            self._manager = None

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call of the protocol.

        Raises:
            MethodNotAllowedException: it is no POST; there are no streams to open.
            ForbiddenError: a page of another site sent it.
        """
        if scope.get("method") != "POST":
            raise MethodNotAllowedException(headers={"Allow": "POST"})
        self._check_origin(Connection(scope))
        if self._manager is None:
            raise RuntimeError("the application's lifespan has not begun")
        handle: Any = self._manager.handle_request
        await handle(scope, receive, send)

    def _check_origin(self, connection: Connection) -> None:
        """Refuse pages of other sites, as the protocol asks of servers; no setting, no page."""
        origin = connection.headers.get("origin")
        if origin is None or origin in self._api.settings.cors_origins:
            return
        if urlsplit(origin).netloc != connection.headers.get("host"):
            raise ForbiddenError(
                f"Pages of {origin[:100]} may not call this server: name the site in "
                "DATELINE_CORS_ORIGINS."
            )


async def serve_stdio(api: Context) -> None:
    """Serve one client over standard input and output until it ends the connection."""
    server = _server(api)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _server(api: Context) -> Server[Any]:
    async def list_tools(
        _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])

    async def call(
        _: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = _BY_NAME.get(params.name)
        if tool is None:
            text = f"There is no tool {params.name[:100]!r}; there are {', '.join(_BY_NAME)}."
            return _result(text, None)
        reply = await call_tool(api, tool, params.arguments or {})
        return _result(reply.text, reply.body.model_dump(mode="json") if reply.body else None)

    return Server(
        "dateline",
        title="Dateline",
        description="A news archive that answers in its own words, with sources.",
        on_list_tools=list_tools,
        on_call_tool=call,
    )


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.request.model_json_schema(),
        output_schema=tool.response.model_json_schema(mode="serialization"),
        annotations=types.ToolAnnotations(
            read_only_hint=True, idempotent_hint=True, open_world_hint=False
        ),
    )


def _result(text: str, structured: dict[str, Any] | None) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)],
        structured_content=structured,
        is_error=structured is None,
    )
