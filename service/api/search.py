"""`POST /v1/search`: the passages themselves, for people who want to read on their own."""

from litestar import post
from litestar.params import JSONBody

from index.archive import Archive
from index.query import Query
from service.api.context import Api
from service.api.errors import WrongField, WrongFieldsError
from service.api.requests import SearchRequest
from service.api.schemas import SearchResponse, hit_bodies

__all__ = ["search"]


@post("/v1/search", status_code=200, tags=["Answers"], summary="Search for passages")
async def search(data: JSONBody[SearchRequest], api: Api) -> SearchResponse:
    """Return the passages nearest to a query, with the scores that ranked them."""
    longest = api.settings.max_question_chars
    if len(data.query) > longest:
        raise WrongFieldsError(WrongField("query", f"is longer than {longest} characters"))
    query = Query(data.query, data.filters.to_filters(), data.as_of)
    return await api.asking.start(lambda: _search(api.archive, query, data.k))


def _search(archive: Archive, query: Query, k: int) -> SearchResponse:
    snapshot = archive.current()
    hits = snapshot.search(query, k)
    return SearchResponse(hits=hit_bodies(hits), snapshot=snapshot.status.snapshot)
