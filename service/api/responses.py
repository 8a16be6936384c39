"""What the OpenAPI document says about calls that go wrong."""

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from service.api.errors import KINDS, ProblemBody

__all__ = ["AT_THE_DOOR", "problems"]

_MEANINGS = {
    400: "A field is wrong, which `errors` names; or the host is not served",
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
AT_THE_DOOR = (400, 401, 403, 429, 503)


def problems(
    *statuses: int, guarded: bool = True, body: type[ProblemBody] = ProblemBody
) -> dict[int, ResponseSpec]:
    """Return what a call says when it goes wrong; else the framework describes its own errors.

    A call that is not `guarded` needs no key and is not counted.
    """
    return {
        status: ResponseSpec(
            body,
            description=_MEANINGS[status],
            media_type="application/problem+json",
            generate_examples=False,
            examples=[Example(value=_example(status, body))],
        )
        for status in sorted({*statuses, *(AT_THE_DOOR if guarded else ())})
    }


def _example(status: int, body: type[ProblemBody]) -> dict[str, object]:
    kind = next((kind for kind in KINDS if kind.status == status), None)
    errors = [{"field": "filters.published_to", "detail": "is not a day"}] if status == 400 else []
    detail = "filters.published_to: is not a day" if errors else f"{_MEANINGS[status]}."
    address = f"/schema#{kind.slug}" if kind else "about:blank"
    problem = {
        "type": address,
        "title": kind.title if kind else "Unsupported Media Type",
        "status": status,
        "detail": detail,
        "errors": errors,
    }
    if "error" in body.model_fields:
        problem["error"] = {"message": detail, "type": address, "code": str(status)}
    return problem
