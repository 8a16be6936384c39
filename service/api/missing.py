"""Why an article, or a version of one, is not there any more."""

from datetime import date

from service.api.errors import ArticleNotFoundError
from service.words import day as in_words

__all__ = ["ArticleRemovedError", "VersionNotFoundError"]


class ArticleRemovedError(ArticleNotFoundError):
    """The archive had an article with this id, and it was removed."""

    def __init__(self, article_id: str, day: date) -> None:
        super().__init__(article_id)
        self.args = (f"This article was removed from the archive on {in_words(day.isoformat())}.",)


class VersionNotFoundError(ArticleNotFoundError):
    """No version of an article with this name is kept."""

    def __init__(self, article_id: str, version: str) -> None:
        super().__init__(article_id)
        self.args = (
            f"The version {version[:40]!r} of the article {article_id[:100]!r} is not kept: "
            "the article itself is there.",
        )
