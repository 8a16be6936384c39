"""Calls that take articles out of the answers without deleting them, and put them back."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import JSONBody

from index.engines.local.folder import IndexFolder
from index.store.holds import logged_holds
from service.api.bodies.holds import HoldRequest, HoldsBody, ReleaseRequest
from service.api.bodies.jobs import JobBody
from service.api.bodies.responses import problems
from service.api.context import Api
from service.api.guards.access import KEY_SECURITY, WRITE, Caller
from service.api.jobs import Told
from service.api.rendering.archive import hold_body
from service.api.routes.articles import find_article
from service.api.routes.writes import accepted, free_writer

__all__ = ["hold_articles", "list_holds", "release_articles"]


@get(
    "/v1/holds",
    summary="List holds",
    description="Who took which article out of the answers, when and why, and who put it back.",
    security=KEY_SECURITY,
    opt=WRITE,
    responses=problems(),
)
async def list_holds(api: Api) -> HoldsBody:
    """Return the log of holds."""
    path = IndexFolder(api.settings.index_dir).archive
    found = await api.reading.run(lambda: logged_holds(path))
    return HoldsBody(holds=tuple(map(hold_body, found)))


@post(
    "/v1/holds",
    status_code=202,
    summary="Take articles out of the answers",
    description=(
        "The articles stay, and their pages say that they are on hold. Returns a job to ask about."
    ),
    security=KEY_SECURITY,
    opt=WRITE,
    responses=problems(404, 409),
)
async def hold_articles(
    api: Api, request: Request[Any, Any, Any], data: JSONBody[HoldRequest]
) -> Response[JobBody]:
    """Begin to take articles out of the answers."""
    ids = tuple([(await find_article(api, one, hidden=True)).id for one in data.ids])
    writer = await free_writer(api)
    by = _caller(request)
    job = api.jobs.start(
        "hold", lambda progress: writer.hold(ids, data.why, by, progress), Told(ids)
    )
    return accepted(job)


@post(
    "/v1/holds/release",
    status_code=202,
    summary="Put articles back into the answers",
    description="Returns a job to ask about; it fails if one of them is not on hold.",
    security=KEY_SECURITY,
    opt=WRITE,
    responses=problems(404, 409),
)
async def release_articles(
    api: Api, request: Request[Any, Any, Any], data: JSONBody[ReleaseRequest]
) -> Response[JobBody]:
    """Begin to put articles back into the answers."""
    ids = tuple([(await find_article(api, one, hidden=True)).id for one in data.ids])
    writer = await free_writer(api)
    by = _caller(request)
    job = api.jobs.start("release", lambda progress: writer.release(ids, by, progress), Told(ids))
    return accepted(job)


def _caller(request: Request[Any, Any, Any]) -> str:
    """Return who calls, as the log names it: the key, which `dateline keys list` has."""
    caller: Caller = request.scope["auth"]
    return f"key {caller.key_id}"
