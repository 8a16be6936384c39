"""The names that articles are found by besides their ids, as rows of archive.db."""

from collections.abc import Sequence

from corpus.article import Article
from corpus.errors import RequestError
from corpus.identity import legacy_id, names_of, plain_id
from index.store.rows import ARTICLE_COLUMNS, LIVE, read_article
from index.store.sqlite import Connection

__all__ = ["add_names", "find_by_name", "legacy_row", "migrate"]

_MAX_SHOWN = 5


def add_names(db: Connection, key: int, article: Article) -> None:
    """Keep what else an article is found by; the caller commits."""
    db.executemany(
        "INSERT OR IGNORE INTO names VALUES (?, ?)", [(name, key) for name in names_of(article)]
    )


def find_by_name(db: Connection, name: str, number: int) -> str | None:
    """Return the id of the one article of a generation that is called `name`, or None.

    Raises:
        RequestError: several are, and only their ids tell them apart.
    """
    for exact in dict.fromkeys((name, plain_id(name))):
        found = db.execute(
            f"SELECT a.id FROM articles a WHERE a.id = :id AND {LIVE}", {"id": exact, "n": number}
        ).fetchone()
        if found:
            return str(found["id"])
    rows = db.execute(
        "SELECT DISTINCT a.id FROM names m JOIN articles a ON a.key = m.article "
        f"WHERE m.name = :name AND {LIVE} ORDER BY a.id LIMIT {_MAX_SHOWN}",
        {"name": plain_id(name), "n": number},
    ).fetchall()
    if len(rows) > 1:
        shown = ", ".join(repr(row["id"]) for row in rows)
        raise RequestError(f"several articles are called {name!r}: give one of the ids {shown}.")
    return str(rows[0]["id"]) if rows else None


def legacy_row(db: Connection, article: Article) -> tuple[int, bytes] | None:
    """Return key and hash of the row that the first schema made of an article, or None.

    Its id was the hash of an address, or unique in its outlet only.
    """
    ids = [name for name in names_of(article) if name == legacy_id(name)]
    marks = ", ".join("?" * len(ids))
    rows = db.execute(
        f"SELECT key, hash, {ARTICLE_COLUMNS} FROM articles "
        f"WHERE id IN ({marks}) AND removed_in IS NULL AND is_legacy",
        ids,
    )
    for row in rows:
        held = read_article(row)
        # An id of the first schema may be another article's now.
        if held.source == article.source and article.title in (held.title, held.text):
            return row["key"], row["hash"]
    return None


def migrate(db: Connection, columns: Sequence[str]) -> None:
    """Bring the articles of an archive of the first schema to this one; their ids stay.

    `columns` are those that the table of articles has: a run that was killed may have added some.
    The caller commits.
    """
    if "embargo" not in columns:
        db.execute("ALTER TABLE articles ADD COLUMN embargo TEXT")
    if "is_legacy" not in columns:
        db.execute("ALTER TABLE articles ADD COLUMN is_legacy INTEGER NOT NULL DEFAULT 0")
    db.execute("UPDATE articles SET is_legacy = 1")
    # One by one: all texts together may be more than the memory holds.
    for (key,) in db.execute("SELECT key FROM articles").fetchall():
        row = db.execute(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE key = ?", (key,)).fetchone()
        add_names(db, key, read_article(row))
