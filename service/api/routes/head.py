"""HEAD, for every address that can be got."""

from typing import cast

from litestar import Litestar
from litestar.enums import HttpMethod
from litestar.types import (
    LifeSpanReceive,
    LifeSpanScope,
    LifeSpanSend,
    Message,
    Receive,
    Scope,
    Send,
)

__all__ = ["HeadLitestar"]


class HeadLitestar(Litestar):
    """An application that answers HEAD wherever it answers GET, as HTTP asks of servers."""

    async def __call__(
        self,
        scope: Scope | LifeSpanScope,
        receive: Receive | LifeSpanReceive,
        send: Send | LifeSpanSend,
    ) -> None:
        """Answer one connection; see `Litestar`."""
        if scope.get("method") != HttpMethod.HEAD:
            return await super().__call__(scope, receive, send)

        async def send_head(message: Message) -> None:
            # The length that was announced stays: it is that of what GET returns.
            if message["type"] == "http.response.body":
                message["body"] = b""
            await cast(Send, send)(message)

        # A copy: the server below still knows that it was HEAD.
        as_get = cast(Scope, {**scope, "method": HttpMethod.GET})
        return await super().__call__(as_get, receive, send_head)
