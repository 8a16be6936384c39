"""The only door to the MCP SDK: the tools over the Model Context Protocol."""

from typing import Any

from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from service.api.context import Context
from service.api.mcp.tools import TOOLS, Tool, call_tool

__all__ = ["http_manager", "serve_stdio"]

_BY_NAME = {tool.name: tool for tool in TOOLS}


def http_manager(api: Context) -> StreamableHTTPSessionManager:
    """Return what answers the protocol's streamable HTTP, each call by itself."""
    return StreamableHTTPSessionManager(
        _server(api),
        json_response=True,
        stateless=True,
        max_request_body_size=api.settings.max_body_bytes,
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
