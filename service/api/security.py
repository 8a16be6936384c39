"""Headers that keep a page from doing more than it should, and hosts that are answered."""

from collections.abc import Sequence

from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import ClientException
from litestar.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["CONTENT_SECURITY_POLICY", "HostGuard", "add_security_headers"]

# Text of articles is shown on our pages: even if some of it were taken for markup, no script,
# frame, form or request of it would do anything.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_security_headers(message: Message, _: Scope) -> None:
    """Add the headers to every response, errors and static files too."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            headers[name] = value


class HostGuard:
    """Refuses requests for other hosts, which is how a foreign page gets at a private server."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self._app = app
        self._allowed = tuple(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http":
            host = MutableScopeHeaders(scope).get("host", "")
            if not self._allows(_without_port(host)):
                raise ClientException(
                    f"The host {host[:100]!r} is not served here: DATELINE_ALLOWED_HOSTS lists "
                    "those that are."
                )
        await self._app(scope, receive, send)

    def _allows(self, host: str) -> bool:
        return any(
            host.endswith(name[1:]) if name.startswith("*.") else host == name
            for name in self._allowed
        )


def _without_port(host: str) -> str:
    """Return the name or address alone: `[::1]` of `[::1]:8000`."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdigit() else host.lower()
