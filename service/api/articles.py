"""Articles as JSON and as pages: what a citation points at."""

import re
from urllib.parse import urlsplit

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from corpus.article import Article
from service.api.context import Api, Context
from service.api.errors import WrongField, WrongFieldsError
from service.api.schemas import ArchiveBody, ArticleBody
from service.web.pages import article_page

__all__ = ["archive_status", "article", "article_html"]

_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


@get("/v1/archive", tags=["Archive"], summary="What the archive holds")
async def archive_status(api: Api) -> ArchiveBody:
    """Return facts about the snapshot that is served: counts, outlets, first and last day."""
    return await api.reading.start(lambda: ArchiveBody.of(api.archive.current().status))


@get("/v1/articles/{article_id:str}", tags=["Archive"], summary="One article")
async def article(article_id: FromPath[str], api: Api) -> ArticleBody:
    """Return an article whose text every offset of its citations counts in."""
    return ArticleBody.of(await _find(article_id, api))


@get("/articles/{article_id:str}", media_type="text/html", tags=["Pages"], summary="Permalink")
async def article_html(
    article_id: FromPath[str], api: Api, q: FromQuery[str | None] = None
) -> Response[bytes]:
    """Return an article as a page; `q=START-END` (code points) is marked and scrolled to."""
    found = await _find(article_id, api)
    quote = _quote_of(q, found) if q is not None else None
    page = article_page(found, quote, _safe_url(found.url))
    return Response(page.encode(errors="replace"), media_type="text/html; charset=utf-8")


async def _find(article_id: str, api: Context) -> Article:
    found = await api.reading.start(lambda: api.archive.current().article(article_id))
    if found is None:
        raise NotFoundException(f"The archive has no article {article_id[:200]!r}.")
    return found


def _quote_of(raw: str, found: Article) -> tuple[int, int]:
    match = _RANGE.fullmatch(raw)
    if not match:
        raise _wrong_q("is not START-END, two numbers of code points as in 120-245")
    start, end = int(match[1]), int(match[2])
    if not start < end:
        raise _wrong_q(f"ends at {end}, which is not after its start {start}")
    if end > len(found.text):
        raise _wrong_q(
            f"ends at {end}, but the article has {len(found.text)} characters: "
            "it may have been replaced since it was cited"
        )
    return start, end


def _wrong_q(message: str) -> WrongFieldsError:
    return WrongFieldsError(WrongField("q", message))


def _safe_url(url: str | None) -> str | None:
    """Return `url` if it may be linked: `javascript:` and its like would run on our page."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
