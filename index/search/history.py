"""What became of an article: its earlier wordings, and whether it is on hold or was removed."""

from dataclasses import dataclass
from datetime import date

from corpus.article import Article

__all__ = ["ArticleHistory", "Hold", "KeptVersion"]


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """An earlier wording of an article, which stood there until the day `until`."""

    article: Article
    until: date


@dataclass(frozen=True, slots=True)
class Hold:
    """An article was taken out of the answers: why, by whom, and when (ISO 8601, UTC).

    `released_by` and `released_at` are None as long as it lasts.
    """

    id: str
    why: str
    held_by: str
    held_at: str
    released_by: str | None = None
    released_at: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """What an archive knows of an id besides the article that it has now.

    `versions` come newest first. `hold` is the one that lasts; `removed` is the day on which the
    article was removed, where it was and did not come back.
    """

    versions: tuple[KeptVersion, ...] = ()
    hold: Hold | None = None
    removed: date | None = None

    def version(self, name: str) -> KeptVersion | None:
        """Return the kept wording that is named so (`Article.version`), or None."""
        return next((one for one in self.versions if one.article.version == name), None)
