"""The bodies that tell of the versions of an article, and of holds."""

from typing import Self

from corpus.article import Article
from index.search.history import ArticleHistory, Hold
from service.api.bodies.requests import Body
from service.links import article_address, comparison_address

__all__ = ["HoldBody", "VersionBody", "VersionsBody"]


class VersionBody(Body):
    """One wording of an article."""

    version: str
    """Names it: the `v` of the article and of its page."""
    title: str
    published: str | None
    until: str | None
    """The day on which it was changed, ISO 8601; null for the current version."""
    n_code_points: int
    permalink: str
    """Path of its page on this server."""
    comparison: str | None
    """Path of the page that compares it with the current one; null for the current one."""

    @classmethod
    def of(cls, article: Article, article_id: str, until: str | None) -> Self:
        """Return a version as it is sent; the current one has no `until`."""
        name = article.version
        return cls(
            version=name,
            title=article.title,
            published=article.published,
            until=until,
            n_code_points=len(article.text),
            permalink=article_address(article_id, name),
            comparison=comparison_address(article_id, name) if until else None,
        )


class VersionsBody(Body):
    """The wordings of an article that are kept, the current one first."""

    id: str
    versions: tuple[VersionBody, ...]
    held_at: str | None
    """Since when it is on hold, ISO 8601 in UTC; null when it is not."""

    @classmethod
    def of(cls, article: Article, history: ArticleHistory) -> Self:
        """Return an article's versions as they are sent."""
        earlier = (
            VersionBody.of(one.article, article.id, one.until.isoformat())
            for one in history.versions
        )
        return cls(
            id=article.id,
            versions=(VersionBody.of(article, article.id, None), *earlier),
            held_at=history.hold.held_at if history.hold else None,
        )


class HoldBody(Body):
    """An article that was taken out of the answers."""

    id: str
    why: str
    held_by: str
    held_at: str
    """ISO 8601, UTC."""
    released_by: str | None
    """Null as long as the hold lasts."""
    released_at: str | None

    @classmethod
    def of(cls, hold: Hold) -> Self:
        """Return a hold as it is sent."""
        return cls.model_validate(hold, from_attributes=True)
