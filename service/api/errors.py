"""One way to say what went wrong: problem+json (RFC 9457)."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from corpus.errors import (
    ArchiveUnavailableError,
    DatelineError,
    IndexBusyError,
    IndexStateError,
    RequestError,
)
from service.api.bodies.problem import FieldErrorBody, ProblemBody
from service.api.guards.deadline import ClientGoneError, DeadlineError
from service.api.guards.limits import OverloadedError
from service.api.guards.rate import RateLimitedError
from service.watching.watches import UnknownWatchError

__all__ = [
    "KINDS",
    "ArticleNotFoundError",
    "ForbiddenError",
    "InvalidFieldError",
    "JobNotFoundError",
    "Kind",
    "Problem",
    "UnauthorizedError",
    "problem_of",
    "problem_response",
]

_PYTHON_OBJECT = re.compile(r"dictionary or instance of \w+")
# Parts of a field's path that name a type of ours: `list[TextPart]`, `function-after[...]`.
_INNER_TYPE = re.compile(r"\.(?:[\w-]+\[(?:[^\[\]]|\[[^\[\]]*\])*\]|str|int|float|bool)(?=\.|$)")
_PLAINER = (
    (_PYTHON_OBJECT, "JSON object"),
    (re.compile(r"^Value error, "), ""),
    (re.compile(r"^Field required$"), "is missing"),
    (re.compile(r"^Extra inputs are not permitted$"), "is not a field of this call"),
    (re.compile(r"^Input should be "), "must be "),
    (re.compile(r"^(must be )a valid string$"), r"\1a text"),
    (re.compile(r"^(must be an? )valid "), r"\1"),
    (
        re.compile(r"^String should have at (most|least) (\d+) characters?$"),
        r"may have at \1 \2 characters",
    ),
)
# An engine that is started again takes longer; one that was only slow is back sooner.
_AWAY_RETRY_S = "5"
_log = logging.getLogger(__name__)


class InvalidFieldError(RequestError):
    """One field of a request cannot be right. `field` is written as in `filters.sources.0`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class ArticleNotFoundError(RequestError):
    """The archive has no article with this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"There is no article with the id {article_id[:100]!r}.")


class JobNotFoundError(RequestError):
    """No job with this id is remembered."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"There is no job with the id {job_id[:100]!r}. Jobs are kept until the server stops."
        )


class UnauthorizedError(RequestError):
    """The call comes without a key that is known. `challenge` says how to send one."""

    def __init__(self, message: str, challenge: str) -> None:
        super().__init__(message)
        self.challenge = challenge


class ForbiddenError(RequestError):
    """The key that came along is not good for this call, or the page that makes it is not."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem; `slug` is its anchor on the page `/schema`."""

    slug: str
    status: HTTPStatus
    title: str


INVALID = Kind("invalid-request", HTTPStatus.BAD_REQUEST, "Invalid request")
NOT_FOUND = Kind("not-found", HTTPStatus.NOT_FOUND, "There is nothing at this address")
UNAUTHORIZED = Kind("key-needed", HTTPStatus.UNAUTHORIZED, "A key is needed")
FORBIDDEN = Kind("not-allowed", HTTPStatus.FORBIDDEN, "This is not allowed")
CONFLICT = Kind("archive-busy", HTTPStatus.CONFLICT, "The archive is being changed")
TOO_LARGE = Kind("body-too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request body too large")
RATE_LIMITED = Kind("rate-limited", HTTPStatus.TOO_MANY_REQUESTS, "Too many calls in a minute")
OVERLOADED = Kind("overloaded", HTTPStatus.SERVICE_UNAVAILABLE, "Too many questions at once")
UNAVAILABLE = Kind(
    "archive-unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "The archive cannot be used"
)
TOO_LONG = Kind("too-long", HTTPStatus.GATEWAY_TIMEOUT, "It took too long")
# Nobody gets this one; it is what the figures and the log say of such a call.
_GONE = Kind("client-gone", HTTPStatus.REQUEST_TIMEOUT, "The client went away")
INTERNAL = Kind("internal-error", HTTPStatus.INTERNAL_SERVER_ERROR, "The server failed")
_TOO_LARGE_DETAIL = (
    "Send less: a shorter question, fewer turns of the conversation, or fewer articles at once."
)
KINDS = (
    INVALID,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    TOO_LARGE,
    RATE_LIMITED,
    OVERLOADED,
    UNAVAILABLE,
    TOO_LONG,
    INTERNAL,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is sent about a problem, with the headers that go along."""

    body: ProblemBody
    headers: Mapping[str, str] = field(default_factory=dict)


# The first class that an error is of decides.
_OURS: tuple[tuple[type[DatelineError], Kind], ...] = (
    (OverloadedError, OVERLOADED),
    (DeadlineError, TOO_LONG),
    (ClientGoneError, _GONE),
    (RateLimitedError, RATE_LIMITED),
    (UnauthorizedError, UNAUTHORIZED),
    (ForbiddenError, FORBIDDEN),
    (ArticleNotFoundError, NOT_FOUND),
    (JobNotFoundError, NOT_FOUND),
    (UnknownWatchError, NOT_FOUND),
    (IndexBusyError, CONFLICT),
    (RequestError, INVALID),
    (IndexStateError, UNAVAILABLE),
)


def problem_of(error: Exception) -> Problem:
    """Return what is sent when `error` ends a call. Logs what is the server's own fault."""
    for cls, kind in _OURS:
        if isinstance(error, cls):
            return _problem(kind, str(error), _fields(error), _headers(error))
    if isinstance(error, ValidationException):
        return _invalid_fields(error)
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _http_problem(error)
    _log.error("A call failed", exc_info=error)
    # Only errors of our own are known to say nothing that is not for every eye.
    told = isinstance(error, DatelineError)
    return _problem(INTERNAL, str(error) if told else "Something went wrong here. It was logged.")


def _fields(error: DatelineError) -> list[tuple[str, str]]:
    match error:
        case InvalidFieldError():
            return [(error.field, error.message)]
        case ArticleNotFoundError():
            return [("article_id", "is not known")]
        case JobNotFoundError():
            return [("job_id", "is not known")]
        case UnknownWatchError():
            return [("watch_id", "is not known")]
    return []


def _headers(error: DatelineError) -> dict[str, str]:
    match error:
        case OverloadedError() | RateLimitedError():
            return {"Retry-After": str(error.retry_after_s)}
        case ArchiveUnavailableError():
            return {"Retry-After": _AWAY_RETRY_S}
        case UnauthorizedError():
            return {"WWW-Authenticate": error.challenge}
    return {}


def problem_response(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer a call that ended in `error`."""
    problem = problem_of(error)
    return Response(
        problem.body.model_dump_json().encode(),
        status_code=problem.body.status,
        media_type="application/problem+json",
        headers=problem.headers,
    )


def _problem(
    kind: Kind,
    detail: str,
    errors: list[tuple[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Problem:
    body = ProblemBody(
        type=f"/schema#{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        errors=tuple(FieldErrorBody(field=name, detail=what) for name, what in errors or ()),
    )
    return Problem(body, headers or {})


def _invalid_fields(error: ValidationException) -> Problem:
    found = error.extra if isinstance(error.extra, list) else []
    errors = [_wrong_field(one) for one in found]
    detail = "; ".join(f"{name}: {what}" for name, what in errors) or error.detail
    return _problem(INVALID, detail, errors)


def _wrong_field(one: Mapping[str, Any]) -> tuple[str, str]:
    name = _INNER_TYPE.sub("", str(one.get("key") or one.get("source") or "body"))
    # A body that is not there at all is named after the handler's parameter.
    if name == "data":
        return "body", "is empty: send a JSON object"
    return name, _message(str(one["message"]))


def _message(message: str) -> str:
    """Return what pydantic says in the words of those who call from other languages."""
    for pattern, plain in _PLAINER:
        message = pattern.sub(plain, message)
    return message


def _http_problem(error: HTTPException) -> Problem:
    """Return what is sent for what the framework itself refuses."""
    headers = dict(error.headers or {})
    for kind in (INVALID, NOT_FOUND, TOO_LARGE):
        if error.status_code == kind.status:
            detail = _TOO_LARGE_DETAIL if kind is TOO_LARGE else error.detail
            return _problem(kind, detail, headers=headers)
    # RFC 9457, section 4.2.1: a problem that says no more than its HTTP status.
    title = HTTPStatus(error.status_code).phrase
    body = ProblemBody(
        type="about:blank", title=title, status=error.status_code, detail=error.detail
    )
    return Problem(body, headers)
