"""Problems as pages, for whoever looks at this server with a browser."""

from typing import Any

from litestar import MediaType, Request, Response
from litestar.openapi.datastructures import ResponseSpec

from service.api.errors import problem_of, problem_response
from service.web.pages import error_page

__all__ = ["html_problem", "page_problems", "told_as_wanted"]


def page_problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return what the OpenAPI document says of a page that cannot be shown."""
    return {
        status: ResponseSpec(
            str,
            description="A page that says why",
            media_type=MediaType.HTML,
            generate_examples=False,
        )
        for status in statuses
    }


def html_problem(_: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """Answer with a page: whoever follows a permalink looks at it with a browser."""
    problem = problem_of(error)
    return Response(
        error_page(problem.body.status, problem.body.title, problem.body.detail),
        status_code=problem.body.status,
        media_type=MediaType.HTML,
        headers=problem.headers,
    )


def told_as_wanted(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer with a page where a browser opens an address, else with problem+json."""
    # Scripts and programs send `*/*` or name JSON; only the address bar and links ask for HTML.
    if "text/html" in request.headers.get("accept", "") and request.method in ("GET", "HEAD"):
        return html_problem(request, error)
    return problem_response(request, error)
