"""The list of all articles as texts for Milvus, cut so that few of them change.

A block has the articles of a thousand keys: a line of JSON with a column for each field of
`ArticleRow`. Each of its texts is named after its content. So what is there under a name need not
be sent again, and a publication sends only the blocks in which an article came or went.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from index.engines.milvus.layout import slices
from index.search.browsing import ArticleRow

__all__ = ["catalog_texts", "read_catalog"]

_BLOCK_KEYS = 1000


def catalog_texts(rows: Iterable[ArticleRow]) -> dict[str, str]:
    """Return the texts of a list of articles by their names, in the order of the keys."""
    found = {}
    ordered = sorted(rows, key=lambda row: row.key)
    for block, some in groupby(ordered, lambda row: row.key // _BLOCK_KEYS):
        # A block is one text, unless its outlets have very long names.
        for part, text in enumerate(slices(_line(list(some)))):
            found[f"catalog/{block}/{part}/{_digest(text)}"] = text
    return found


def read_catalog(names: Sequence[str], texts: Mapping[str, str]) -> list[ArticleRow] | None:
    """Return the list whose texts have these names, None when one is missing or was changed."""
    if any(name.rpartition("/")[2] != _digest(texts.get(name, "")) for name in names):
        return None
    rows: list[ArticleRow] = []
    for line in "".join(texts[name] for name in names).split("\n")[:-1]:
        keys, *columns = json.loads(line)
        values = ([known[code] for code in codes] for known, codes in columns)
        rows += map(ArticleRow, keys, *values)
    return rows


def _line(rows: Sequence[ArticleRow]) -> str:
    columns = [
        [row.key for row in rows],
        # The time of the day is in no list.
        _coded(row.published and row.published[:10] for row in rows),
        _coded(row.source for row in rows),
        _coded(row.language for row in rows),
        _coded(row.embargo for row in rows),
    ]
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")) + "\n"


def _coded(texts: Iterable[str | None]) -> tuple[list[str | None], list[int]]:
    """Return each text once, and for each row the place of its text."""
    known: dict[str | None, int] = {}
    codes = [known.setdefault(text or None, len(known)) for text in texts]
    return list(known), codes


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
