"""What one snapshot has that an earlier one had not, with its texts and vectors."""

from collections.abc import Collection

import numpy as np

from index.search.touching import NewPassage, Publication
from index.store.changes import changes_since
from index.store.rows import StoredPassage, read_passages, read_vectors
from index.store.sqlite import Connection

__all__ = ["published_since"]


def published_since(
    db: Connection, since: int, until: int, dim: int, most: int, hidden: Collection[int]
) -> Publication | None:
    """Return what was published after snapshot `since` up to `until`, without `hidden` passages.

    None when that is not known, or more than `most` passages were added.
    """
    changes = changes_since(db, since, until)
    # An article has one passage at least.
    if changes is None or len(changes.added) > most:
        return None
    article_of = {
        row["key"]: article
        for article in changes.added
        for row in db.execute("SELECT key FROM passages WHERE article = ? ORDER BY key", (article,))
    }
    keys = [key for key in article_of if key not in hidden]
    if len(keys) > most:
        return None
    vectors = np.zeros((len(keys), dim), np.float32)
    places = {key: place for place, key in enumerate(keys)}
    for found, some in read_vectors(db, np.array(keys, np.int64), dim):
        vectors[[places[int(key)] for key in found]] = some
    passages = tuple(_new(stored, article_of[stored.key]) for stored in read_passages(db, keys))
    return Publication(passages, vectors, np.array(changes.removed, np.int64))


def _new(stored: StoredPassage, key: int) -> NewPassage:
    article = stored.article
    day = article.known_by.toordinal() if article.known_by else 0
    return NewPassage(stored.key, key, stored.headed_text, article.source, day)
