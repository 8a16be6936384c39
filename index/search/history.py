"""What became of an article: its earlier wordings, and whether it is on hold or was removed."""

from dataclasses import dataclass
from datetime import date

from corpus.article import Article

__all__ = ["ArticleHistory", "Hold", "KeptVersion", "day_of_change"]


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


def day_of_change(old: Article, new: Article, today: date) -> date:
    """Return the day from which on an article has its new wording.

    That of its new notice, else the date that it carries now, else today; it is after the day of
    the old wording, or today.
    """
    known = {(one.kind, one.text) for one in old.corrections}
    told = (one.day for one in new.corrections if (one.kind, one.text) not in known)
    days = [date.fromisoformat(day[:10]) for day in told if day]
    first = old.known_by or date.min
    stated = max(days, default=None) or new.day
    return stated if stated and first < stated <= today else today
