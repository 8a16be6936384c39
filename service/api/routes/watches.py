"""Watched questions over HTTP: each key has its own."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from corpus.errors import FetchError, RequestError
from corpus.remote import AddressRule, read_address
from corpus.remote.addresses import is_local_name
from service.api.bodies.requests import Body, WatchRequest
from service.api.bodies.responses import problems
from service.api.context import Api, Context
from service.api.errors import InvalidFieldError
from service.api.guards.access import KEY_SECURITY, WATCH, Caller
from service.api.routes.ask import check_length
from service.watching.asking import check_watchable
from service.watching.atom import atom_feed
from service.watching.bodies import EntryBody, WatchBody
from service.watching.delivering import written_secret
from service.watching.watch import Entry

__all__ = [
    "NewWatchBody",
    "WatchListBody",
    "add_watch",
    "feed_of_all",
    "feed_of_one",
    "list_entries",
    "list_watches",
    "remove_watch",
]

_MAX_BYTES = 65_536
_MAX_LIMIT = 1000
_FEED_ENTRIES = 100
_ATOM = "application/atom+xml"
_LINES = "application/x-ndjson"


class NewWatchBody(WatchBody):
    """A watch that was just made."""

    webhook_secret: str | None
    """What its webhook is signed with. It is shown only now; null without a webhook."""


class WatchListBody(Body):
    """Some of the watches, oldest first."""

    watches: tuple[WatchBody, ...]
    next: int | None
    """The `cursor` of those that follow; null when there are none."""


@post(
    "/v1/watches",
    summary="Watch a question",
    description=(
        "The question is asked at once, and again after each publication that could change its "
        "answer. Each change is an entry: as a JSON line, in a feed, and sent to the `webhook`, "
        "signed as Standard Webhooks says. A webhook must be on the public internet, or be named "
        "in `DATELINE_WEBHOOK_PRIVATE`."
    ),
    request_max_body_size=_MAX_BYTES,
    security=KEY_SECURITY,
    opt=WATCH,
    responses=problems(413),
)
async def add_watch(
    api: Api, data: JSONBody[WatchRequest], request: Request[Any, Any, Any]
) -> NewWatchBody:
    """Watch a question from now on."""
    check_length("question", data.question, api.settings)
    try:
        check_watchable(data.question)
    except RequestError as error:
        raise InvalidFieldError("question", str(error)) from error
    if data.webhook:
        _check_webhook(data.webhook, api)
    owner = _owner(request)
    new = await api.reading.run(
        lambda: api.watches.add(
            data.question,
            data.filters.to_filters(),
            datetime.now(UTC),
            owner=owner,
            name=data.name,
            webhook=data.webhook,
        )
    )
    secret = written_secret(new.secret) if new.secret else None
    return NewWatchBody(**dict(WatchBody.of(new.watch)), webhook_secret=secret)


@get(
    "/v1/watches",
    summary="List your watched questions",
    description=(
        "Those of the key that came along, oldest first, with what they led to. `checked` and "
        "`snapshot` say as of when each answer is current."
    ),
    security=KEY_SECURITY,
    opt=WATCH,
    responses=problems(),
)
async def list_watches(
    api: Api,
    request: Request[Any, Any, Any],
    cursor: FromQuery[int] = 0,
    limit: FromQuery[int] = 100,
) -> WatchListBody:
    """List watches."""
    _check_limit(limit)
    owner = _owner(request)
    found = await api.reading.run(lambda: api.watches.all(owner, after=cursor, most=limit + 1))
    shown = found[:limit]
    following = shown[-1][0] if len(found) > limit else None
    return WatchListBody(watches=tuple(WatchBody.of(one) for _, one in shown), next=following)


@delete(
    "/v1/watches/{watch_id:str}",
    summary="Watch a question no longer",
    description="Its entries are forgotten too, and nothing more is sent.",
    security=KEY_SECURITY,
    opt=WATCH,
    responses=problems(404),
)
async def remove_watch(api: Api, request: Request[Any, Any, Any], watch_id: FromPath[str]) -> None:
    """Remove a watch."""
    owner = _owner(request)
    await api.reading.run(lambda: api.watches.remove(watch_id, owner))


@get(
    "/v1/watches/entries",
    media_type=_LINES,
    summary="Read what changed",
    description=(
        "Changed answers of your watched questions, one JSON object on each line, oldest first. "
        "`cursor` is the `number` of the last line that you have; `watch` is the id of one watch."
    ),
    security=KEY_SECURITY,
    opt=WATCH,
    responses=problems(404),
)
async def list_entries(
    api: Api,
    request: Request[Any, Any, Any],
    cursor: FromQuery[int] = 0,
    limit: FromQuery[int] = 100,
    watch: FromQuery[str | None] = None,
) -> Response[bytes]:
    """List entries."""
    _check_limit(limit)
    entries = await _entries(api, request, watch, after=cursor, most=limit)
    lines = (EntryBody.of(entry).model_dump_json() + "\n" for entry in entries)
    return Response("".join(lines).encode(), media_type=_LINES)


@get(
    "/v1/watches/feed",
    media_type=_ATOM,
    summary="Follow what changed as a feed",
    description=(
        "The newest hundred changed answers of your watched questions as Atom. A feed reader that "
        "cannot send `Authorization: Bearer` sends the key as the password."
    ),
    security=KEY_SECURITY,
    opt=WATCH,
    responses=problems(),
)
async def feed_of_all(api: Api, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the feed of all watches of a key."""
    entries = await _entries(api, request, None, most=_FEED_ENTRIES, newest_first=True)
    feed = atom_feed(f"key {_owner(request)}", "Watched questions", _address(request), entries)
    return Response(feed, media_type=_ATOM)


@get(
    "/v1/watches/{watch_id:str}/feed",
    media_type=_ATOM,
    summary="Follow one watched question as a feed",
    description="As `/v1/watches/feed`, of one watch.",
    security=KEY_SECURITY,
    opt=WATCH,
    responses=problems(404),
)
async def feed_of_one(
    api: Api, request: Request[Any, Any, Any], watch_id: FromPath[str]
) -> Response[bytes]:
    """Return the feed of a watch."""
    owner = _owner(request)
    watch = await api.reading.run(lambda: api.watches.find(watch_id, owner))
    entries = await _entries(api, request, watch_id, most=_FEED_ENTRIES, newest_first=True)
    feed = atom_feed(f"watch {watch.id}", watch.question, _address(request), entries)
    return Response(feed, media_type=_ATOM)


async def _entries(
    api: Context,
    request: Request[Any, Any, Any],
    watch: str | None,
    *,
    after: int = 0,
    most: int,
    newest_first: bool = False,
) -> list[Entry]:
    owner = _owner(request)

    def work() -> list[Entry]:
        if watch is not None:
            api.watches.find(watch, owner)
        return api.entries.list(
            owner=owner, watch=watch, after=after, most=most, newest_first=newest_first
        )

    return await api.reading.run(work)


def _owner(request: Request[Any, Any, Any]) -> str:
    caller: Caller = request.scope["auth"]
    # The guard lets nobody through without a key.
    return caller.key_id or ""


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= _MAX_LIMIT:
        raise InvalidFieldError("limit", f"must be a number from 1 to {_MAX_LIMIT}")


def _check_webhook(url: str, api: Context) -> None:
    try:
        address = read_address(url)
    except FetchError as error:
        raise InvalidFieldError("webhook", str(error)) from error
    rule = AddressRule.named(api.settings.webhook_private)
    # Where a name leads is looked at again whenever something is sent.
    if is_local_name(address.host) and (address.host, address.port) not in rule.private:
        raise InvalidFieldError("webhook", "is not on the public internet")


def _address(request: Request[Any, Any, Any]) -> str:
    return f"{str(request.base_url).rstrip('/')}{request.url.path}"
