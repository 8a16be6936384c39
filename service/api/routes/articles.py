"""Articles, as JSON and as the page that permalinks open."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from litestar import MediaType, Request, get
from litestar.params import FromPath, FromQuery

from corpus.article import Article
from service.api.bodies.archive import ArticleBody
from service.api.bodies.responses import AT_THE_DOOR, problems
from service.api.context import Api, Context
from service.api.errors import ArticleNotFoundError, InvalidFieldError
from service.api.problem_pages import html_problem, page_problems
from service.web.pages import article_page

__all__ = ["find_article", "id_in_path", "read_article", "show_article"]

# int() reads the digits of all scripts, and takes long for very many of them.
_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@get(
    "/v1/articles/{article_id:path}",
    summary="Read an article",
    description=(
        "Returns the article as the archive holds it; all offsets count its code points. An id may "
        "have any characters; those that a path cannot hold are percent-encoded, slashes too."
    ),
    responses=problems(404),
)
async def read_article(
    api: Api, request: Request[Any, Any, Any], article_id: FromPath[Path]
) -> ArticleBody:
    """Return an article."""
    return ArticleBody.of(await find_article(api, id_in_path(request)))


@get(
    "/articles/{article_id:path}",
    media_type=MediaType.HTML,
    summary="Show an article, opened at a quote",
    description="The permalink of citations. `q` is `START-END`, in code points of the article.",
    responses=page_problems(404, *AT_THE_DOOR),
    exception_handlers={Exception: html_problem},
)
async def show_article(
    api: Api,
    request: Request[Any, Any, Any],
    article_id: FromPath[Path],
    q: FromQuery[str | None] = None,
) -> str:
    """Show an article as a page."""
    article = await find_article(api, id_in_path(request))
    start, end = (0, 0) if q is None else _range(q, len(article.text))
    return article_page(article, start, end)


def _range(q: str, n: int) -> tuple[int, int]:
    """Return the `[start, end)` that `q` names, in an article of `n` code points."""
    match = _RANGE.fullmatch(q)
    if not match:
        raise InvalidFieldError("q", f"{q[:40]!r} is not a range: write it as START-END")
    start, end = int(match[1]), int(match[2])
    if not start < end <= n:
        raise InvalidFieldError("q", f"{q} does not lie in the article, which is 0-{n}")
    return start, end


def id_in_path(request: Request[Any, Any, Any]) -> str:
    """Return the id at the end of a call's path, as it was before it was put into one.

    The framework takes doubled slashes and one at the end for none, and addresses have them.
    """
    raw: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    return unquote(raw.partition(b"?")[0].partition(b"/articles/")[2].decode("ascii", "replace"))


async def find_article(api: Context, article_id: str, *, hidden: bool = False) -> Article:
    """Return an article of the snapshot that is served; with `hidden` an embargoed one too.

    Raises:
        ArticleNotFoundError: it has none with this id or name.
        RequestError: several have the name.
    """
    article = await api.reading.run(lambda: api.archive.current().article(article_id))
    if article is None or (not hidden and article.is_embargoed(datetime.now(UTC))):
        raise ArticleNotFoundError(article_id)
    return article
