"""What the OpenAPI document says about calls that go wrong."""

from litestar.openapi.datastructures import ResponseSpec

from service.api.errors import ProblemBody

__all__ = ["problems"]

_MEANINGS = {
    400: "A field is wrong; `errors` names it",
    401: "A key is needed, and none that is known came along",
    403: "The key is not good for this call",
    404: "There is no such article, job or file",
    409: "The archive is being changed already",
    413: "The body is too large",
    415: "The body is not `application/json`",
    429: "Too many calls: come back after `Retry-After`",
    503: "Too busy: come back after `Retry-After`; or the archive cannot be read",
    504: "It took longer than calls may take",
}


# Before a call is looked at at all.
_AT_THE_DOOR = (401, 403, 429)


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return what a call says when it goes wrong; else the framework describes its own errors."""
    return {
        status: ResponseSpec(
            ProblemBody,
            description=_MEANINGS[status],
            media_type="application/problem+json",
            generate_examples=False,
        )
        for status in sorted({*statuses, *_AT_THE_DOOR})
    }
