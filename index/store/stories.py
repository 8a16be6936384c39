"""Puts every article into a story: the group of those that are nearly the same."""

from collections.abc import Iterator

import numpy as np

from corpus.duplicates import MIN_SIMILARITY, SCHEME, Signature, bucket_keys, signature, similarity
from index.store.sqlite import Connection

__all__ = ["drop_unused_buckets", "group_new_articles"]

# What thousands of articles share is a template, not a story.
_MAX_CANDIDATES = 200


def group_new_articles(db: Connection) -> Iterator[int]:
    """Give each article without a story one, in the order of their keys; yield each key.

    An article joins the story of the one most like it, if any is like enough, and begins its own
    otherwise. Signatures that were made in another way are made again. The caller commits.
    """
    _drop_other_signatures(db)
    missing = db.execute(
        "SELECT key FROM articles WHERE key NOT IN (SELECT article FROM signatures) ORDER BY key"
    ).fetchall()
    for (key,) in missing:
        text = db.execute("SELECT text FROM articles WHERE key = ?", (key,)).fetchone()["text"]
        hashes = signature(text)
        story, blob = key, None
        if hashes is not None:
            blob = hashes.astype("<u4").tobytes()
            buckets = bucket_keys(hashes)
            story = _story_of_most_like(db, hashes, buckets) or key
            db.executemany(
                "INSERT OR IGNORE INTO buckets VALUES (?, ?)", [(bucket, key) for bucket in buckets]
            )
        db.execute("INSERT INTO signatures VALUES (?, ?, ?)", (key, story, blob))
        yield key


def _drop_other_signatures(db: Connection) -> None:
    row = db.execute("SELECT value FROM meta WHERE name = 'minhash'").fetchone()
    if row is None or row["value"] != SCHEME:
        db.execute("DELETE FROM signatures")
        db.execute("DELETE FROM buckets")
        db.execute("INSERT OR REPLACE INTO meta VALUES ('minhash', ?)", (SCHEME,))


def drop_unused_buckets(db: Connection) -> None:
    """Forget the buckets of articles that are gone."""
    db.execute("DELETE FROM buckets WHERE article NOT IN (SELECT key FROM articles)")


def _story_of_most_like(db: Connection, hashes: Signature, buckets: list[int]) -> int | None:
    marks = ", ".join("?" * len(buckets))
    rows = db.execute(
        "SELECT s.story, s.minhash FROM signatures s WHERE s.article IN (SELECT article FROM "
        f"buckets WHERE bucket IN ({marks}) GROUP BY article ORDER BY count(*) DESC LIMIT ?)",
        (*buckets, _MAX_CANDIDATES),
    ).fetchall()
    found = [
        (similarity(hashes, np.frombuffer(row["minhash"], "<u4")), row["story"]) for row in rows
    ]
    best, story = max(found, default=(0.0, 0))
    return story if best >= MIN_SIMILARITY else None
