"""Earlier wordings of articles, as rows of archive.db."""

import json
import zlib
from collections.abc import Sequence
from datetime import date

from corpus.article import Article
from index.search.history import KeptVersion
from index.store.rows import ARTICLE_COLUMNS, LIVE, article_row, live, read_article
from index.store.sqlite import Connection, Row

__all__ = [
    "check_versions",
    "keep_version",
    "moved_articles",
    "read_versions",
    "stood_on",
]

_LIVE = live("v")
_NAMES = ARTICLE_COLUMNS.split(", ")
_LEVEL = 6


def keep_version(
    db: Connection, article: Article, article_id: str, until: date, number: int, most: int
) -> None:
    """Keep what stood under an id until a day, and mark what is beyond the `most` newest.

    The caller commits.
    """
    if most > 0:
        content = json.dumps(article_row(article), ensure_ascii=False).encode()
        db.execute(
            "INSERT INTO versions (id, version, published, until, content, added_in) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                article_id,
                article.version,
                article.published,
                until.isoformat(),
                zlib.compress(content, _LEVEL),
                number,
            ),
        )
    db.execute(
        "UPDATE versions SET removed_in = :n WHERE id = :id AND removed_in IS NULL AND key NOT IN "
        "(SELECT key FROM versions WHERE id = :id AND removed_in IS NULL "
        "ORDER BY key DESC LIMIT :most)",
        {"id": article_id, "n": number, "most": most},
    )


def read_versions(db: Connection, article_id: str, number: int) -> tuple[KeptVersion, ...]:
    """Return the earlier wordings that a generation has of an id, newest first."""
    rows = db.execute(
        f"SELECT * FROM versions v WHERE v.id = :id AND {_LIVE} ORDER BY v.key DESC",
        {"id": article_id, "n": number},
    )
    return tuple(KeptVersion(_article(row), date.fromisoformat(row["until"])) for row in rows)


def check_versions(db: Connection, number: int) -> int:
    """Return how many earlier wordings a generation has, each of them read.

    Raises:
        ValueError: one is not as it was written.
    """
    count = 0
    rows = db.execute(f"SELECT * FROM versions v WHERE {_LIVE}", {"n": number})
    for count, row in enumerate(rows, start=1):  # noqa: B007 - read after the loop
        _article(row)
    return count


def stood_on(db: Connection, ids: Sequence[str], day: date, number: int) -> dict[str, Article]:
    """Return what stood on a day under those of the ids that were changed later.

    Of an id whose oldest wordings are no longer kept it is the oldest that is.
    """
    found: dict[str, Article] = {}
    for article_id in ids:
        row = db.execute(
            f"SELECT * FROM versions v WHERE v.id = :id AND v.until > :day "
            f"AND {_LIVE} ORDER BY v.until, v.key LIMIT 1",
            {"id": article_id, "day": day.isoformat(), "n": number},
        ).fetchone()
        if row:
            found[article_id] = _article(row)
    return found


def moved_articles(db: Connection, day: date, number: int, most: int) -> list[str]:
    """Return ids of articles that carry a later date now, and stood there before on a day.

    At most `most`, those changed last first.
    """
    rows = db.execute(
        "SELECT v.id, max(v.key) AS last FROM versions v JOIN articles a ON a.id = v.id "
        f"WHERE {_LIVE} AND {LIVE}"
        " AND v.until > :day AND substr(v.published, 1, 10) <= :day "
        "AND substr(a.published, 1, 10) > :day GROUP BY v.id ORDER BY last DESC LIMIT :most",
        {"day": day.isoformat(), "n": number, "most": most},
    )
    return [row["id"] for row in rows]


def _article(row: Row) -> Article:
    try:
        columns = json.loads(zlib.decompress(row["content"]))
    except zlib.error as error:
        raise ValueError("a kept version is not as it was written") from error
    article = read_article(dict.fromkeys(_NAMES) | dict(zip(_NAMES, columns, strict=False)))
    if article.version != row["version"]:
        raise ValueError("a kept version is not as it was written")
    return article
