"""What goes wrong, told as problem+json (RFC 9457)."""

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from corpus.errors import IndexStateError, ModelError, RequestError
from service.api.limits import OverloadedError

__all__ = ["Problem", "WrongField", "WrongFieldsError", "problem_of", "problem_response"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WrongField:
    """A field of the request (`filters.published_from`) and what is wrong with it."""

    field: str
    message: str


class WrongFieldsError(RequestError):
    """Fields of a request cannot be right."""

    def __init__(self, *errors: WrongField) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as RFC 9457 writes it; `errors` names each wrong field."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[WrongField, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Return the JSON object that is sent."""
        body = asdict(self)
        del body["headers"]
        return body


def problem_of(error: Exception) -> Problem:
    """Return how an error is told to who made the request. The one place that decides this."""
    match error:
        case WrongFieldsError():
            return _invalid(str(error), error.errors)
        case RequestError():
            return _invalid(str(error))
        case ValidationException():
            errors = tuple(_wrong_fields(error))
            return _invalid(str(WrongFieldsError(*errors)) or error.detail, errors)
        case OverloadedError():
            headers = {"Retry-After": str(error.retry_after_s)}
            return _problem("overloaded", "Too busy", 503, str(error), headers)
        case IndexStateError():
            return _problem("index-unavailable", "The archive cannot be read", 503, str(error))
        case ModelError():
            return _problem("model-failed", "A model cannot be used", 500, str(error))
        case HTTPException():
            status = HTTPStatus(error.status_code)
            kind = status.phrase.lower().replace(" ", "-")
            return _problem(kind, status.phrase, status, error.detail, dict(error.headers or {}))
    # Nothing of the error itself: it may hold a path, a question or an article's text.
    return _problem("internal", "Internal error", 500, "The server failed; its log says why.")


def problem_response(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Return the answer to a request that went wrong."""
    problem = problem_of(error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return Response(
        problem.body(),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=problem.headers,
    )


def _problem(
    kind: str, title: str, status: int, detail: str, headers: dict[str, str] | None = None
) -> Problem:
    return Problem(f"urn:dateline:{kind}", title, int(status), detail, headers=headers or {})


def _invalid(detail: str, errors: tuple[WrongField, ...] = ()) -> Problem:
    return Problem("urn:dateline:invalid-request", "The request is not valid", 400, detail, errors)


def _wrong_fields(error: ValidationException) -> Iterable[WrongField]:
    for item in error.extra or ():
        if isinstance(item, dict):
            message = str(item.get("message", "is not valid")).removeprefix("Value error, ")
            yield WrongField(str(item.get("key", "body")), message)
