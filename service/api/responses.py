"""What the OpenAPI document says about calls that go wrong."""

from litestar.openapi.datastructures import ResponseSpec

from service.api.errors import ProblemBody

__all__ = ["problems"]

_MEANINGS = {
    400: "A field is wrong; `errors` names it",
    404: "There is no such article or file",
    413: "The body is too large",
    503: "Too busy: come back after `Retry-After`; or the archive cannot be read",
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return what a call says when it goes wrong; else the framework describes its own errors."""
    return {
        status: ResponseSpec(
            ProblemBody,
            description=_MEANINGS[status],
            media_type="application/problem+json",
            generate_examples=False,
        )
        for status in statuses
    }
