"""Numbers and days in words, for the pages and the command line; `text.js` says the same."""

__all__ = ["correction", "count", "day", "degree", "percent", "sources"]

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DEGREES = (
    (0.9, "almost certainly right"),
    (0.7, "probably right"),
    (0.5, "more likely right than wrong"),
    (0.3, "uncertain"),
    (0.0, "doubtful"),
)

_NOTICES = {
    "clarification": "Clarification",
    "editors-note": "Editor’s note",
    "retraction": "Retraction",
}


def count(n: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count(1, "article"), count(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def day(published: str | None) -> str:
    """Return a day, month or year as newspapers print it.

    >>> day("2024-09-14T08:00:00Z"), day("2024-09"), day("2024"), day(None)
    ('14 Sep 2024', 'Sep 2024', '2024', 'undated')
    """
    if not published:
        return "undated"
    year, *rest = published[:10].split("-")
    month = _MONTHS[int(rest[0]) - 1] if rest else ""
    number = str(int(rest[1])) if len(rest) > 1 else ""
    return " ".join(part for part in (number, month, year) if part)


def correction(kind: str, stated: str | None) -> str:
    """Return what a notice is called, with the day that it states.

    >>> correction("amendment", "2024-03-08"), correction("editors-note", None)
    ('Correction, 8 Mar 2024', 'Editor’s note')
    """
    name = _NOTICES.get(kind, "Correction")
    return f"{name}, {day(stated)}" if stated else name


def degree(confidence: float) -> str:
    """Return how sure a confidence is, as rounded for `percent`: the two are shown together.

    >>> degree(0.896), percent(0.896)
    ('almost certainly right', '90%')
    """
    return next(word for least, word in _DEGREES if _hundredths(confidence) >= 100 * least)


def percent(confidence: float) -> str:
    """Return a share of 1 in hundredths.

    >>> percent(0.906)
    '91%'
    """
    return f"{_hundredths(confidence)}%"


def _hundredths(confidence: float) -> int:
    # Halves up, as in JavaScript; Python's own rounding goes to the even one.
    return int(100 * confidence + 0.5)


def sources(n: int, n_articles: int) -> str:
    """Return how many say something: copies of one report are one source.

    >>> sources(1, 1), sources(2, 3)
    ('1 source', '2 independent sources in 3 articles')
    """
    said = "1 source" if n == 1 else f"{n} independent sources"
    return f"{said} in {n_articles} articles" if n_articles > n else said
