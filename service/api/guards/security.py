"""Which hosts are served, and the headers that every response carries."""

from collections.abc import Awaitable, Callable

from litestar.datastructures import MutableScopeHeaders
from litestar.handlers import BaseRouteHandler
from litestar.types import Message, Scope

from service.api.errors import InvalidFieldError
from service.api.guards.access import Connection

__all__ = ["HEADERS", "add_headers", "host_check"]

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{key} {value}" for key, value in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # What was asked is nobody else's business, least of all the site of a cited article.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_headers(message: Message, scope: Scope) -> None:
    """Put the headers on a response that is about to be sent, errors included."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers[name] = value
    # An article may be replaced or removed at any time: ask again before showing an old copy.
    headers.setdefault("Cache-Control", "no-cache")


def host_check(
    allowed: tuple[str, ...],
) -> Callable[[Connection, BaseRouteHandler], Awaitable[None]]:
    """Return the guard that refuses requests sent to any other host name; none or `*` allows all.

    It keeps a web site that points its own name at this server from reading the archive through
    a visitor's browser. Probes come by address, so they are let through.
    """
    names = {name.lower() for name in allowed}

    async def check(connection: Connection, _: BaseRouteHandler) -> None:
        if not names or "*" in names or connection.scope["path"].startswith("/health/"):
            return
        name = _without_port(connection.headers.get("host", ""))
        # "*.example.org" allows a.example.org and a.b.example.org.
        wildcards = {f"*.{rest}" for rest in _parents(name)}
        if name not in names and not names & wildcards:
            raise InvalidFieldError(
                "Host",
                f"{name[:100]!r} is not a name this server answers to: DATELINE_ALLOWED_HOSTS "
                "names them",
            )

    return check


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


def _parents(name: str) -> list[str]:
    labels = name.split(".")
    return [".".join(labels[i:]) for i in range(1, len(labels))]
