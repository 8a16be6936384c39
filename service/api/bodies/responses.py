"""What the OpenAPI document says about calls that go wrong."""

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from service.api.bodies.problem import ProblemBody
from service.api.errors import KINDS

__all__ = ["AT_THE_DOOR", "problems"]

_MEANINGS = {
    400: "A field is wrong (see `errors`), or the host is not allowed",
    401: "A key is needed, or the key is unknown",
    403: "The key may not make this call",
    404: "No such article, job, model or file",
    409: "The archive is already being changed",
    413: "Request body too large",
    415: "The body must be `application/json`",
    429: "Too many calls: try again after `Retry-After`",
    503: "Too busy: try again after `Retry-After`; or the archive cannot be read",
    504: "The call took too long",
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
