"""Articles, their versions, and facts about the archive as they are sent."""

import dataclasses
from collections.abc import Mapping

from corpus.article import Article
from corpus.sentences import sentence_spans
from index.engines.archive import ArchiveStatus
from index.search.browsing import ArticlePage, Cursor, Facets
from index.search.history import ArticleHistory, Hold
from service.api.bodies.archive import (
    ArchiveBody,
    ArticleBody,
    ArticleListBody,
    FacetBody,
    FacetsBody,
    ListedArticleBody,
)
from service.api.bodies.corrections import CorrectionBody
from service.api.bodies.freshness import FollowedBody, FreshnessBody
from service.api.bodies.versions import HoldBody, VersionBody, VersionsBody
from service.excerpts import excerpt_in
from service.following.freshness import Freshness, SourceFreshness
from service.links import article_address, article_path, comparison_address, permalink

__all__ = [
    "archive_body",
    "article_body",
    "article_list_body",
    "cursor_text",
    "freshness_body",
    "hold_body",
    "versions_body",
]


def article_body(article: Article) -> ArticleBody:
    """Return the article as it is sent."""
    notices = [CorrectionBody(kind=o.kind, text=o.text, day=o.day) for o in article.corrections]
    told = dataclasses.asdict(article) | {"corrections": tuple(notices)}
    return ArticleBody(
        **told,
        n_code_points=len(article.text),
        version=article.version,
        retracted=article.is_retracted,
    )


def archive_body(status: ArchiveStatus, freshness: Freshness) -> ArchiveBody:
    """Return the facts as they are sent."""
    facts = ArchiveBody.model_validate(status, from_attributes=True)
    followed = tuple(map(followed_body, freshness.sources))
    told = {"freshness": freshness_body(freshness), "followed": followed}
    return facts.model_copy(update=told)


def listed_article_body(article: Article, text: str) -> ListedArticleBody:
    """Return the article as it is listed for a search for `text`, which may be empty."""
    found = excerpt_in(article.text, sentence_spans(article.text), text)
    start, end = found.start, found.end
    return ListedArticleBody(
        id=article.id,
        title=article.title,
        source=article.source,
        published=article.published,
        language=article.language,
        section=article.section,
        url=article.url,
        excerpt=article.text[start:end],
        marks=tuple((one - start, two - start) for one, two in found.marks_inside()),
        permalink=permalink(article.id, start, end)
        if text and start < end
        else f"/articles/{article_path(article.id)}",
    )


def facets_body(facets: Facets) -> FacetsBody:
    """Return the facets as they are sent."""
    return FacetsBody(
        sources=_counted(facets.sources),
        months=_counted(facets.months),
        languages=_counted(facets.languages),
    )


def article_list_body(page: ArticlePage, text: str, snapshot: int) -> ArticleListBody:
    """Return a page as it is sent."""
    return ArticleListBody(
        articles=tuple(listed_article_body(article, text) for article in page.articles),
        n_total=page.n_total,
        is_complete=page.is_complete,
        facets=facets_body(page.facets),
        next=cursor_text(page.next) if page.next else None,
        snapshot=snapshot,
    )


def freshness_body(freshness: Freshness) -> FreshnessBody:
    """Return it as it is sent."""
    late = tuple(source.name for source in freshness.late)
    return FreshnessBody(newest=freshness.newest, checked=freshness.checked, late=late)


def followed_body(source: SourceFreshness) -> FollowedBody:
    """Return it as it is sent."""
    return FollowedBody(
        name=source.name,
        checked=source.checked,
        newest=source.newest,
        usual_s=source.usual_s,
        late=source.late,
    )


def version_body(article: Article, article_id: str, until: str | None) -> VersionBody:
    """Return a version as it is sent; the current one has no `until`."""
    name = article.version
    return VersionBody(
        version=name,
        title=article.title,
        published=article.published,
        until=until,
        n_code_points=len(article.text),
        permalink=article_address(article_id, name),
        comparison=comparison_address(article_id, name) if until else None,
    )


def versions_body(article: Article, history: ArticleHistory) -> VersionsBody:
    """Return an article's versions as they are sent."""
    earlier = (
        version_body(one.article, article.id, one.until.isoformat()) for one in history.versions
    )
    return VersionsBody(
        id=article.id,
        versions=(version_body(article, article.id, None), *earlier),
        held_at=history.hold.held_at if history.hold else None,
    )


def hold_body(hold: Hold) -> HoldBody:
    """Return a hold as it is sent."""
    return HoldBody.model_validate(hold, from_attributes=True)


def cursor_text(cursor: Cursor) -> str:
    """Return a cursor as it is sent."""
    return f"{cursor.day}-{cursor.key}"


def _counted(values: Mapping[str, int]) -> tuple[FacetBody, ...]:
    return tuple(FacetBody(value=value, n=n) for value, n in values.items())
