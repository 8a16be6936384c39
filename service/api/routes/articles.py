"""Articles, as JSON and as the page that permalinks open."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from litestar import MediaType, Request, get
from litestar.params import FromPath, FromQuery

from corpus.article import Article
from index.search.history import ArticleHistory, KeptVersion
from service.api.bodies.archive import ArticleBody
from service.api.bodies.responses import AT_THE_DOOR, problems
from service.api.bodies.versions import VersionsBody
from service.api.context import Api, Context
from service.api.errors import (
    ArticleNotFoundError,
    InvalidFieldError,
)
from service.api.missing import ArticleRemovedError, VersionNotFoundError
from service.api.problem_pages import html_problem, page_problems
from service.api.rendering.archive import article_body, versions_body
from service.web.article import ArticleView, comparison_page

__all__ = ["VERSIONS", "find_article", "find_history", "id_in_path", "read_article", "show_article"]

VERSIONS = "/versions"
"""What comes after an article's id in the address of its versions."""

# int() reads the digits of all scripts, and takes long for very many of them.
_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@get(
    "/v1/articles/{article_id:path}",
    summary="Read an article",
    description=(
        "Returns the article as the archive holds it; all offsets count its code points. An id may "
        "have any characters; those that a path cannot hold are percent-encoded, slashes too. With "
        "`v` it is the version of that name, as long as that is kept."
    ),
    responses=problems(404),
)
async def read_article(
    api: Api,
    request: Request[Any, Any, Any],
    article_id: FromPath[Path],
    v: FromQuery[str | None] = None,
) -> ArticleBody | VersionsBody:
    """Return an article, or its versions."""
    asked = id_in_path(request)
    try:
        article = await find_article(api, asked)
    except ArticleNotFoundError:
        # A whole id may end so, too.
        if not asked.endswith(VERSIONS):
            raise
        article = await find_article(api, asked.removesuffix(VERSIONS))
        return versions_body(article, await find_history(api, article.id))
    if v is None or v == article.version:
        return article_body(article)
    return article_body((await _kept(api, article, v)).article)


@get(
    "/articles/{article_id:path}",
    media_type=MediaType.HTML,
    summary="Show an article, opened at a quote",
    description=(
        "The permalink of citations. `q` is `START-END`, in code points of the version `v` of the "
        "article, or of the current one; the page says what has changed since. With `compare` it "
        "shows that version beside the one that `v` names."
    ),
    responses=page_problems(404, *AT_THE_DOOR),
    exception_handlers={Exception: html_problem},
)
async def show_article(
    api: Api,
    request: Request[Any, Any, Any],
    article_id: FromPath[Path],
    q: FromQuery[str | None] = None,
    v: FromQuery[str | None] = None,
    compare: FromQuery[str | None] = None,
) -> str:
    """Show an article as a page."""
    article = await find_article(api, id_in_path(request))
    if compare is not None:
        old = await _kept(api, article, compare)
        if v is None or v == article.version:
            return comparison_page(old, article)
        new = await _kept(api, article, v)
        return comparison_page(old, new.article, new.until.isoformat())
    start, end = (0, 0) if q is None else _range(q)
    view = ArticleView(article, await find_history(api, article.id), v, start, end)
    if not view.fits and not view.is_changed:
        n = len(article.text)
        raise InvalidFieldError("q", f"{q} does not lie in the article, which is 0-{n}")
    return view.page()


def _range(q: str) -> tuple[int, int]:
    """Return the `[start, end)` that `q` names, in code points of an article."""
    match = _RANGE.fullmatch(q)
    if not match:
        raise InvalidFieldError("q", f"{q[:40]!r} is not a range: write it as START-END")
    start, end = int(match[1]), int(match[2])
    if start >= end:
        raise InvalidFieldError("q", f"{q} ends before it begins: write it as START-END")
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
        ArticleRemovedError: it had one, which was removed.
        RequestError: several have the name.
    """
    article = await api.reading.run(lambda: api.archive.current().article(article_id))
    if article is None:
        removed = (await find_history(api, article_id)).removed
        if removed:
            raise ArticleRemovedError(article_id, removed)
    if article is None or (not hidden and article.is_embargoed(datetime.now(UTC))):
        raise ArticleNotFoundError(article_id)
    return article


async def find_history(api: Context, article_id: str) -> ArticleHistory:
    """Return what became of an article, by its id."""
    return await api.reading.run(lambda: api.archive.current().history(article_id))


async def _kept(api: Context, article: Article, version: str) -> KeptVersion:
    """Return an earlier version of an article.

    Raises:
        VersionNotFoundError: none of this name is kept.
    """
    kept = (await find_history(api, article.id)).version(version)
    if kept is None:
        raise VersionNotFoundError(article.id, version)
    return kept
