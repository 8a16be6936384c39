"""`GET /v1/articles` and the page of the same list: an archive to look through."""

import re
from dataclasses import dataclass
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.params import FromQuery

from index.search.browsing import Browse, Cursor
from service.api.bodies.archive import ArticleListBody
from service.api.bodies.responses import AT_THE_DOOR, problems
from service.api.context import Api, Context
from service.api.errors import InvalidFieldError
from service.api.problem_pages import html_problem, page_problems
from service.api.rendering.archive import article_list_body
from service.api.routes.ask import check_length
from service.web.browsing import BrowseView, browse_page

__all__ = ["list_articles", "show_articles"]

_MAX_LIMIT = 100
_SHOWN = 25
_MONTH = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?|unknown")
_CURSOR = re.compile(r"([0-9]{1,9})-([0-9]{1,15})")
_MAX_VALUE_CHARS = 300
_MAX_SOURCES = 100


@dataclass(frozen=True, slots=True)
class _Asked:
    """The parameters of the list as they came."""

    q: str | None
    source: list[str] | None
    month: str | None
    language: str | None
    cursor: str | None
    limit: int

    def browse(self, api: Context) -> Browse:
        """Return what is to be listed.

        Raises:
            InvalidFieldError: a parameter cannot be right.
        """
        text = (self.q or "").strip()
        check_length("q", text, api.settings)
        if "\0" in text:
            raise InvalidFieldError("q", "holds a NUL character")
        if not 1 <= self.limit <= _MAX_LIMIT:
            raise InvalidFieldError("limit", f"must be a number from 1 to {_MAX_LIMIT}")
        if self.month and not _MONTH.fullmatch(self.month):
            raise InvalidFieldError("month", "must be a month such as 2024-03, or `unknown`")
        sources = tuple(source for source in self.source or () if source)
        if len(sources) > _MAX_SOURCES:
            raise InvalidFieldError("source", f"may be given {_MAX_SOURCES} times")
        for name, value in (*(("source", one) for one in sources), ("language", self.language)):
            if value and len(value) > _MAX_VALUE_CHARS:
                raise InvalidFieldError(name, f"may have {_MAX_VALUE_CHARS} characters")
        language, month = self.language or None, self.month or None
        return Browse(text, sources, month, language, self._after(), self.limit)

    def _after(self) -> Cursor | None:
        if not self.cursor:
            return None
        match = _CURSOR.fullmatch(self.cursor)
        if not match:
            raise InvalidFieldError("cursor", "must be the `next` of the page before")
        return Cursor(int(match[1]), int(match[2]))


@get(
    "/v1/articles",
    summary="Look through the articles",
    description=(
        "Lists articles, the newest first and undated ones at the end, with counts by outlet, "
        "month and language. With `q` only those that have all of its words in one passage, in a "
        "row where they are in double quotes. `unknown` as `source`, `month` or `language` takes "
        "those that state none. Pages follow on each other by `cursor`, even if the archive "
        "changes meanwhile."
    ),
    responses=problems(),
)
async def list_articles(
    api: Api,
    q: FromQuery[str | None] = None,
    source: FromQuery[list[str] | None] = None,
    month: FromQuery[str | None] = None,
    language: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int] = 20,
) -> ArticleListBody:
    """List articles."""
    return await _listed(api, _Asked(q, source, month, language, cursor, limit).browse(api))


async def _listed(api: Context, browse: Browse) -> ArticleListBody:
    def work() -> ArticleListBody:
        snapshot = api.archive.current()
        page = snapshot.browse(browse)
        return article_list_body(page, browse.text, snapshot.status.snapshot)

    return await api.reading.run(work)


@get(
    "/articles",
    media_type=MediaType.HTML,
    summary="Show the articles as a page",
    description="The list of `GET /v1/articles` as a page; it takes the same parameters.",
    responses=page_problems(*AT_THE_DOOR),
    exception_handlers={Exception: html_problem},
)
async def show_articles(
    api: Api,
    request: Request[Any, Any, Any],
    q: FromQuery[str | None] = None,
    source: FromQuery[list[str] | None] = None,
    month: FromQuery[str | None] = None,
    language: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the list as a page."""
    browse = _Asked(q, source, month, language, cursor, _SHOWN).browse(api)
    page = browse_page(BrowseView(await _listed(api, browse), browse))
    return Response(page, media_type=MediaType.HTML)
