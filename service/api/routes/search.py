"""`POST /v1/search`: the passages, for people who want to read for themselves."""

from collections.abc import Callable
from typing import Any

from litestar import Request, post
from litestar.params import JSONBody
from litestar.types import Receive

from index.search.query import Query
from service.api.asking import work_off
from service.api.bodies.answers import SearchResponse
from service.api.bodies.requests import SearchRequest
from service.api.bodies.responses import problems
from service.api.context import Api, Context
from service.api.rendering.answers import hit_bodies
from service.api.routes.ask import check_length

__all__ = ["find_passages", "search"]


@post(
    "/v1/search",
    status_code=200,
    summary="Search for passages",
    description="Returns the passages nearest to the query with their scores, and reads none.",
    responses=problems(413, 504),
)
async def search(
    api: Api, data: JSONBody[SearchRequest], request: Request[Any, Any, Any]
) -> SearchResponse:
    """Find passages."""
    return await find_passages(api, data, request.receive)


async def find_passages(api: Context, data: SearchRequest, receive: Receive) -> SearchResponse:
    """Return the passages that a body asks for, to the call that `receive` belongs to.

    Raises:
        InvalidFieldError: the query is too long.
        OverloadedError: there is no place left in the queue.
        DeadlineError: it takes too long.
    """
    check_length("query", data.query, api.settings)
    query = Query(data.query, data.filters.to_filters(), data.as_of)

    def work(raise_if_cancelled: Callable[[], None]) -> SearchResponse:
        raise_if_cancelled()
        snapshot = api.archive.current()
        hits = snapshot.search(query, data.k)
        return SearchResponse(hits=hit_bodies(hits, data.query), snapshot=snapshot.status.snapshot)

    # Searching runs a model, as asking does, so it shares its bounds.
    return await work_off(api, work, receive)
