"""Which of the articles read are wanted: by date and by language."""

from dataclasses import dataclass
from datetime import date

from corpus.article import Article

__all__ = ["Selection"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Articles published on `since` or later, and in `language`.

    `language` is a code as in BCP 47: `en` stands for `en-GB` as well, not the other way round. An
    article whose date or language is not known passes no choice by it: nothing shows that it is
    wanted. A month or year counts by its last day.
    """

    since: date | None = None
    language: str | None = None

    def reason_against(self, article: Article) -> str | None:
        """Return why an article is not wanted, or None when it is."""
        if self.since:
            if article.known_by is None:
                return f"it has no date, and only what is from {self.since} on is wanted"
            if article.known_by < self.since:
                return f"it is of {article.published}, before {self.since}"
        if self.language:
            if not article.language:
                return f"its language is not known, and only {self.language!r} is wanted"
            if not _is_in(article.language, self.language):
                return f"its language is {article.language!r}, not {self.language!r}"
        return None


def _is_in(stated: str, wanted: str) -> bool:
    """Whether a stated language is the wanted one or a kind of it.

    >>> _is_in("en_GB.utf8", "EN"), _is_in("en", "en-GB")
    (True, False)
    """
    parts, asked = _parts(stated), _parts(wanted)
    return parts[: len(asked)] == asked


def _parts(code: str) -> list[str]:
    return code.strip().split(".")[0].replace("_", "-").lower().split("-")
