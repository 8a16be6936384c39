"""The address of the Model Context Protocol, which costs nothing until somebody calls it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from anyio import Event, create_task_group, sleep_forever, to_thread
from litestar import Litestar
from litestar.exceptions import MethodNotAllowedException
from litestar.types import Receive, Scope, Send

from service.api.context import Context
from service.api.errors import ForbiddenError
from service.api.guards.access import Connection

__all__ = ["McpEndpoint"]

Handle = Callable[[Any, Any, Any], Awaitable[None]]


class McpEndpoint:
    """The protocol's streamable HTTP at one address.

    There are no sessions: each call is answered by itself, so nothing is kept for clients that are
    gone, and a server that ends has no streams to wait for. The SDK, whose import takes longer than
    all else of a start, is imported when the first call comes.
    """

    def __init__(self, api: Context) -> None:
        self._api = api
        self._handle: Handle | None = None

    @asynccontextmanager
    async def lifespan(self, _: Litestar) -> AsyncIterator[None]:
        """Be there to answer, for as long as the application is."""
        self._called, self._is_there = Event(), Event()
        async with create_task_group() as tasks:
            tasks.start_soon(self._answer_when_called)
            yield
            tasks.cancel_scope.cancel()
        self._handle = None

    async def _answer_when_called(self) -> None:
        await self._called.wait()
        module = await to_thread.run_sync(import_module, "service.api.mcp.server")
        manager = module.http_manager(self._api)
        async with manager.run():
            self._handle = manager.handle_request
            self._is_there.set()
            await sleep_forever()

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call of the protocol.

        Raises:
            MethodNotAllowedException: it is no POST; there are no streams to open.
            ForbiddenError: a page of another site sent it.
        """
        if scope.get("method") != "POST":
            raise MethodNotAllowedException(headers={"Allow": "POST"})
        self._check_origin(Connection(scope))
        self._called.set()
        await self._is_there.wait()
        if self._handle is None:
            raise RuntimeError("the application's lifespan is over")
        await self._handle(scope, receive, send)

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
