"""Who may call what: keys, scopes, and how often."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from service.api.errors import ForbiddenError, UnauthorizedError
from service.api.guards.rate import RateLimiter
from service.keys import KeyFile, Scope, StoredKey

__all__ = ["KEY_SECURITY", "PUBLIC", "WATCH", "WRITE", "Caller", "Connection", "access_check"]

Connection = ASGIConnection[Any, Any, Any, Any]

# What handlers say of themselves; those that say nothing need a key that may read.
PUBLIC: dict[str, Any] = {"scope": None}
WRITE: dict[str, Any] = {"scope": "write"}
WATCH: dict[str, Any] = {"scope": "watch"}
# What the OpenAPI document says of a call that needs a key.
KEY_SECURITY: list[dict[str, list[str]]] = [{"key": []}]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the id of the key, None without one, and the address the call comes from."""

    key_id: str | None
    address: str


@dataclass(frozen=True, slots=True)
class _Presented:
    """A key as it came along, and the scheme of the header that held it."""

    scheme: Literal["bearer", "basic"]
    key: str


def access_check(
    keys: KeyFile, limiter: RateLimiter, *, open_reading: bool
) -> Callable[[Connection, BaseRouteHandler], Awaitable[None]]:
    """Return the guard that lets a call through, and puts its `Caller` into the scope's `auth`.

    With `open_reading` a key is needed for writing only.
    """

    # On the event loop, like all guards: in threads callers would count past each other.
    async def check(connection: Connection, handler: BaseRouteHandler) -> None:
        scope: Scope | None = handler.opt.get("scope", "read")
        if scope is None:
            return
        presented = _presented(connection.headers.get("authorization", ""))
        key = keys.find(presented.key) if presented else None
        caller = Caller(key.id if key else None, _address(connection))
        connection.scope["auth"] = caller
        limiter.count(caller.key_id or caller.address)
        if scope != "read" or not open_reading:
            _check_scope(scope, presented, key, connection)

    return check


def _check_scope(
    scope: Scope, presented: _Presented | None, key: StoredKey | None, connection: Connection
) -> None:
    is_change = scope == "write" or (
        scope == "watch" and connection.scope.get("method") not in ("GET", "HEAD")
    )
    if presented is None or (is_change and presented.scheme == "basic"):
        # A browser that was asked for a password sends it along whoever made it call, so a key
        # that comes this way must not change anything.
        wants_page = scope == "read" and "text/html" in connection.headers.get("accept", "")
        raise UnauthorizedError(
            f"This needs a key that may {scope}: send it as `Authorization: Bearer KEY`. "
            "`dateline keys add` makes one.",
            'Basic realm="Dateline: the key is the password"' if wants_page else "Bearer",
        )
    if key is None:
        raise UnauthorizedError(
            "The key is not known here, or it was revoked.", 'Bearer error="invalid_token"'
        )
    if scope not in key.scopes:
        raise ForbiddenError(
            f"The key {key.id} may {' and '.join(key.scopes)}; this needs one that may {scope}."
        )


def _presented(header: str) -> _Presented | None:
    scheme, _, value = header.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return _Presented("bearer", value.strip())
        case "basic":
            return _Presented("basic", _password(value.strip()))
    return None


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _address(connection: Connection) -> str:
    # As the server saw it. Who may say otherwise in a header is `trusted_proxies`' business.
    return connection.client.host if connection.client else "unknown"
