"""The page to ask on and the files that pages load."""

import hashlib
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from pydantic import ValidationError

from corpus.errors import IndexStateError
from service.api.asking import answer, fresh
from service.api.bodies.requests import AskRequest, FiltersBody
from service.api.bodies.responses import AT_THE_DOOR, problems
from service.api.context import Api, Context
from service.api.errors import Problem, problem_of
from service.api.guards.access import PUBLIC
from service.api.guards.limits import OverloadedError
from service.api.problem_pages import html_problem, page_problems
from service.api.rendering.answers import ask_response
from service.api.routes.ask import to_question
from service.web.addresses import FilterError, PageFilters
from service.web.home import HomeView, empty_page, home_page
from service.web.pages import static_files
from service.web.turn import failed_turn, turn

__all__ = ["show_chat", "static_file"]

# Few and small: they are read once, and no path of a request ever meets the file system.
_FILES = static_files()
_TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


@get(
    "/",
    media_type=MediaType.HTML,
    summary="The page to ask on",
    description=(
        "With `q` it holds the answer to that question, so that it works without JavaScript. The "
        "filters are `source` (repeatable), `from`, `to` and `as_of`."
    ),
    responses=page_problems(*AT_THE_DOOR, 504),
    exception_handlers={Exception: html_problem},
)
async def show_chat(api: Api, request: Request[Any, Any, Any]) -> Response[str]:
    """Show the page to ask on."""
    given = request.query_params.dict()
    filters = PageFilters.read(given)
    question = next(iter(given.get("q", ())), "").strip()
    try:
        status = (await api.reading.run(api.archive.current)).status
    except IndexStateError as error:
        return _html(empty_page(str(error)), HTTPStatus.SERVICE_UNAVAILABLE)
    if not status.n_articles:
        return _html(empty_page("This archive has no articles yet."))
    view = HomeView(
        status,
        filters,
        question,
        freshness=await fresh(api),
        max_question_chars=api.settings.max_question_chars,
        max_history_turns=api.settings.max_history_turns,
    )
    if not question:
        view = replace(view, examples=await _examples(api))
        return _html(home_page(view))
    return await _answered(api, request, view)


async def _answered(api: Context, request: Request[Any, Any, Any], view: HomeView) -> Response[str]:
    """Return the page with the answer to its question, or with what went wrong."""
    try:
        asked = _asked(view.question, view.filters)
        result = await answer(api, to_question(asked, api.settings), request.receive)
    except FilterError as error:
        return _html(home_page(replace(view, crossed=str(error))), HTTPStatus.BAD_REQUEST)
    except Exception as error:  # whatever ends a question is told on the page it was asked on
        problem = problem_of(error)
        failed = failed_turn(view.question, problem.body.detail)
        return _failed(home_page(replace(view, turn=failed)), problem)
    return _html(home_page(replace(view, turn=turn(ask_response(result), view.filters))))


async def _examples(api: Context) -> tuple[str, ...] | None:
    """Return the questions to begin with; None where they are not known, and have them found."""
    known = await api.reading.run(api.first_questions.known)
    if known is None:
        # A server that has no room for it has no time for examples.
        with suppress(OverloadedError):
            api.first_questions.begin(api.asking.submit)
    return known


def _asked(question: str, filters: PageFilters) -> AskRequest:
    """Return the question in an address, checked like one in a body.

    Raises:
        FilterError: a filter cannot be right.
        RequestError: the question cannot be.
    """
    allowed, as_of = filters.checked()
    try:
        return AskRequest(question=question, filters=FiltersBody.of(allowed), as_of=as_of)
    except ValidationError as error:
        raise FilterError(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from error


def _html(page: str, status: HTTPStatus = HTTPStatus.OK) -> Response[str]:
    return Response(page, media_type=MediaType.HTML, status_code=status)


def _failed(page: str, problem: Problem) -> Response[str]:
    return Response(
        page,
        media_type=MediaType.HTML,
        status_code=problem.body.status,
        headers=problem.headers,
    )


@get(
    "/static/{name:str}",
    summary="Files that pages load",
    responses=problems(400, 404, guarded=False),
    # The page that asks for a key looks like the others.
    opt=PUBLIC,
    sync_to_thread=False,
)
def static_file(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return a script, a style sheet or an image of the pages."""
    content = _FILES.get(name)
    if content is None:
        raise NotFoundException(f"There is no file {name[:100]!r}.")
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers={"ETag": etag})
    media_type = f"{_TYPES[name.rpartition('.')[2]]}; charset=utf-8"
    return Response(content, media_type=media_type, headers={"ETag": etag})
