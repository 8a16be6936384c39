"""The bodies that tell of the archive and of its articles."""

import dataclasses
from collections.abc import Mapping
from typing import Self

from corpus.article import Article
from corpus.sentences import sentence_spans
from index.engines.archive import ArchiveStatus
from index.search.browsing import ArticlePage, Cursor, Facets
from service.api.bodies.corrections import CorrectionBody
from service.api.bodies.freshness import FollowedBody, FreshnessBody
from service.api.bodies.requests import Body
from service.excerpts import excerpt_in
from service.following.freshness import Freshness
from service.links import article_path, permalink

__all__ = [
    "ArchiveBody",
    "ArchiveQuestionsBody",
    "ArticleBody",
    "ArticleListBody",
    "FacetBody",
    "FacetsBody",
    "ListedArticleBody",
    "cursor_text",
]


class ArticleBody(Body):
    """An article as the archive holds it; every offset counts code points of `text`."""

    id: str
    title: str
    text: str
    url: str | None
    source: str | None
    authors: tuple[str, ...]
    published: str | None
    language: str | None
    section: str | None
    n_code_points: int
    """Length of `text`, to check that both sides count alike."""
    embargo: str | None = None
    """The article is hidden until then; null without an embargo."""
    version: str | None = None
    """Names this wording of the article: the `v` of its page."""
    corrections: tuple[CorrectionBody, ...] = ()
    """What its outlet said of it afterwards, the notices in the text in their order."""
    retracted: bool = False
    """Whether its outlet took it back: then no answer is made of it."""

    @classmethod
    def of(cls, article: Article) -> Self:
        """Return the article as it is sent."""
        notices = [CorrectionBody(kind=o.kind, text=o.text, day=o.day) for o in article.corrections]
        told = dataclasses.asdict(article) | {"corrections": tuple(notices)}
        return cls(
            **told,
            n_code_points=len(article.text),
            version=article.version,
            retracted=article.is_retracted,
        )


class ArchiveBody(Body):
    """Facts about the archive that is served."""

    snapshot: int
    n_articles: int
    n_passages: int
    n_embedded: int
    """Passages that are found by meaning too; fewer than all during a build."""
    embedder: str
    sources: tuple[str, ...]
    """The outlets, as `filters.sources` takes them."""
    first_day: str | None
    last_day: str | None
    published_at: str | None
    """When the snapshot was published, in UTC."""
    languages: dict[str, int] = {}
    """Articles in each language, the most common first; "" stands for an unknown language."""
    freshness: FreshnessBody | None = None
    """How fresh the archive is."""
    followed: tuple[FollowedBody, ...] = ()
    """The sources that it is kept in step with."""

    @classmethod
    def of(cls, status: ArchiveStatus, freshness: Freshness) -> Self:
        """Return the facts as they are sent."""
        facts = cls.model_validate(status, from_attributes=True)
        followed = tuple(map(FollowedBody.of, freshness.sources))
        told = {"freshness": FreshnessBody.of(freshness), "followed": followed}
        return facts.model_copy(update=told)


class ArchiveQuestionsBody(Body):
    """Questions to begin with."""

    questions: tuple[str, ...]
    """At most six; none if the archive has no articles in English."""


class ListedArticleBody(Body):
    """An article in a list: what is needed to tell it from others."""

    id: str
    title: str
    source: str | None
    published: str | None
    language: str | None
    section: str | None
    url: str | None
    excerpt: str
    """Its first sentences, or those that have most of the words searched for."""
    marks: tuple[tuple[int, int], ...]
    """Where these words are in `excerpt`, `[start, end)` in code points."""
    permalink: str
    """Path of the article's page on this server, opened at the excerpt where one was searched."""

    @classmethod
    def of(cls, article: Article, text: str) -> Self:
        """Return the article as it is listed for a search for `text`, which may be empty."""
        found = excerpt_in(article.text, sentence_spans(article.text), text)
        start, end = found.start, found.end
        return cls(
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


class FacetBody(Body):
    """One value to choose, and how many articles of the list have it."""

    value: str
    """As the parameter takes it; `unknown` stands for articles that state none."""
    n: int


class FacetsBody(Body):
    """Values to choose from, counted with all other filters applied."""

    sources: tuple[FacetBody, ...]
    """Outlets, the commonest first; at most 200."""
    months: tuple[FacetBody, ...]
    """Months of publication, the newest first; at most 600."""
    languages: tuple[FacetBody, ...]
    """Languages, the commonest first; at most 200."""

    @classmethod
    def of(cls, facets: Facets) -> Self:
        """Return the facets as they are sent."""
        return cls(
            sources=_counted(facets.sources),
            months=_counted(facets.months),
            languages=_counted(facets.languages),
        )


class ArticleListBody(Body):
    """One page of the articles that fit, the newest first."""

    articles: tuple[ListedArticleBody, ...]
    n_total: int
    """How many articles fit, on all pages."""
    is_complete: bool
    """False where only a part of the archive was looked through: an archive in Milvus lists its
    hundred newest articles, or those that a search for the words finds."""
    facets: FacetsBody
    next: str | None
    """The `cursor` of the next page; null on the last one."""
    snapshot: int
    """Number of the snapshot of the archive."""

    @classmethod
    def of(cls, page: ArticlePage, text: str, snapshot: int) -> Self:
        """Return a page as it is sent."""
        return cls(
            articles=tuple(ListedArticleBody.of(article, text) for article in page.articles),
            n_total=page.n_total,
            is_complete=page.is_complete,
            facets=FacetsBody.of(page.facets),
            next=cursor_text(page.next) if page.next else None,
            snapshot=snapshot,
        )


def cursor_text(cursor: Cursor) -> str:
    """Return a cursor as it is sent."""
    return f"{cursor.day}-{cursor.key}"


def _counted(values: Mapping[str, int]) -> tuple[FacetBody, ...]:
    return tuple(FacetBody(value=value, n=n) for value, n in values.items())
