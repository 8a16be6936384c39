"""How an archive looks as tables of Milvus.

dateline_passages     a row for each passage: words for BM25, vector, and what filters look at
dateline_articles     the articles as JSON, in as many parts as the limit on texts makes of them
dateline_publication  `current`: the number of the published generation; `7/0`, `7/1` …: the
                      manifest of generation 7, in parts; `catalog/…`: the list of all articles

Keys are those of archive.db. Generation n holds the rows with `added_in <= n < removed_in`.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator

import numpy as np
from pydantic import BaseModel, ConfigDict

from corpus.article import Article
from corpus.errors import IndexStateError
from index.engines.milvus.client import MAX_TEXT_BYTES, Field, Row, Table
from index.lexical.bm25 import stems
from index.search.history import Hold
from index.search.query import Query
from index.store.portable import Fingerprint, WholeArticle, WholePassage, article_of
from index.vectors.kinds import DenseKind

__all__ = [
    "ALIVE",
    "ARTICLES",
    "ARTICLE_FIELDS",
    "MilvusManifest",
    "PASSAGES",
    "PASSAGE_FIELDS",
    "PUBLICATION",
    "SCHEMA_VERSION",
    "article_rows",
    "filter_of",
    "id_name",
    "in_list",
    "live_in",
    "passage_rows",
    "read_articles",
    "slices",
    "tables",
    "whole_articles",
]

SCHEMA_VERSION = "1"
PASSAGES, ARTICLES = "dateline_passages", "dateline_articles"
PUBLICATION = "dateline_publication"
# The `removed_in` of what was not removed.
ALIVE = 2**62

# All that is written of a row; Milvus makes the rest of it.
PASSAGE_FIELDS = (
    "key", "article", "ordinal", "sentences", "words", "source", "day", "story",
    "added_in", "removed_in", "vector",
)  # fmt: skip
ARTICLE_FIELDS = (
    "key", "article", "part", "n_parts", "body", "id_name", "hash", "digest", "story",
    "added_in", "removed_in", "vector",
)  # fmt: skip
# What Milvus calls them; of a large archive it keeps a graph, over 8-bit codes.
_INDEX_KINDS = {"exact": "FLAT", "hnsw": "HNSW", "ivf-pq": "HNSW_SQ"}
# Milvus has no table without a vector.
_NO_VECTOR = Field("vector", "vector", dim=2, index="FLAT")


class MilvusManifest(BaseModel):
    """What a published generation holds and was made with.

    `catalog` names the texts of the list of its articles; earlier versions published none.
    """

    # Other versions noted more.
    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_version: str
    number: int
    embedder: str
    dim: int
    dense_kind: DenseKind
    max_tokens: int
    n_articles: int
    n_passages: int
    checksum: int
    last_key: int
    sources: tuple[str, ...]
    first_day: str | None
    last_day: str | None
    newest: tuple[int, ...]
    published_at: str
    held: tuple[tuple[str, str], ...] = ()
    catalog: tuple[str, ...] | None = None

    def hold_of(self, article_id: str) -> Hold | None:
        """Return the hold on an article; Milvus knows only since when it lasts."""
        return next((Hold(one, "", "", at) for one, at in self.held if one == article_id), None)

    @property
    def fingerprint(self) -> Fingerprint:
        """What tells this archive from any other."""
        return Fingerprint(self.n_articles, self.n_passages, self.checksum)


def tables(dim: int, kind: DenseKind) -> tuple[Table, ...]:
    """Return the tables of an archive whose vectors have `dim` numbers."""
    marks = (
        Field("added_in", "int", index="INVERTED"),
        Field("removed_in", "int", index="INVERTED"),
    )
    passages = Table(
        PASSAGES,
        (
            Field("key", "int", is_key=True),
            Field("article", "int", index="INVERTED"),
            Field("ordinal", "int"),
            Field("sentences", "text"),
            Field("words", "text"),
            Field("source", "text", index="INVERTED"),
            Field("day", "int", index="INVERTED"),
            Field("story", "int"),
            *marks,
            Field("vector", "vector", dim=dim, index=_INDEX_KINDS[kind]),
            Field("bm25", "bm25", index="SPARSE_INVERTED_INDEX", bm25_of="words"),
        ),
    )
    articles = Table(
        ARTICLES,
        (
            Field("key", "text", is_key=True),
            Field("article", "int", index="INVERTED"),
            Field("part", "int"),
            Field("n_parts", "int"),
            Field("body", "text"),
            Field("id_name", "text", index="INVERTED"),
            Field("hash", "text"),
            Field("digest", "int"),
            Field("story", "int"),
            *marks,
            _NO_VECTOR,
        ),
    )
    publication = Table(
        PUBLICATION, (Field("key", "text", is_key=True), Field("value", "text"), _NO_VECTOR)
    )
    return passages, articles, publication


def passage_rows(one: WholeArticle, added_in: int) -> Iterator[Row]:
    """Yield the rows of an article's passages."""
    article = one.article
    facts = {
        "article": one.key,
        "story": one.story,
        "source": _source_name(article.source),
        # 0 when unknown: it passes no filter on days, which all begin with 1.
        "day": article.known_by.toordinal() if article.known_by else 0,
        "added_in": added_in,
        "removed_in": ALIVE,
    }
    for passage in one.passages:
        # The words as the embedded engine knows them, so that both find the same.
        words = " ".join(stems(one.headed_text(passage)))
        yield facts | {
            "key": passage.key,
            "ordinal": passage.ordinal,
            "sentences": passage.sentences,
            "words": next(slices(words)),
            "vector": np.frombuffer(passage.vector, "<f2").astype(np.float32),
        }


def article_rows(one: WholeArticle, added_in: int) -> list[Row]:
    """Return the rows of an article's parts, the first part last: where it is, all are."""
    parts = list(slices(json.dumps(one.row, ensure_ascii=False)))
    digest = one.digest()
    return [
        {
            "key": f"{one.key}/{part}",
            "article": one.key,
            "part": part,
            "n_parts": len(parts),
            "body": parts[part],
            "id_name": id_name(one.article.id),
            "hash": one.hash.hex(),
            "digest": digest,
            "story": one.story,
            "added_in": added_in,
            "removed_in": ALIVE,
            "vector": [0.0, 0.0],
        }
        for part in reversed(range(len(parts)))
    ]


def whole_articles(articles: Iterable[Row], passages: Iterable[Row]) -> Iterator[WholeArticle]:
    """Yield what rows of articles and of all their passages say, by key.

    Raises:
        IndexStateError: an article is not as it was written.
    """
    of_article: dict[int, list[WholePassage]] = {}
    for row in sorted(passages, key=lambda row: int(row["key"])):
        vector = np.asarray(row["vector"], np.float32).astype("<f2").tobytes()
        passage = WholePassage(row["key"], row["ordinal"], row["sentences"], vector)
        of_article.setdefault(row["article"], []).append(passage)
    for key, parts in sorted(_by_article(articles).items()):
        one = _whole(key, parts, of_article.get(key, []))
        if one is None or one.digest() != parts[0]["digest"]:
            raise IndexStateError(
                f"article {one.article.id if one else key} is not as it was written: run `dateline "
                "verify --rebuild` with the index directory that it was written from."
            )
        yield one


def _whole(key: int, parts: list[Row], passages: list[WholePassage]) -> WholeArticle | None:
    """Return the article that rows are the parts of, None when one is missing."""
    if len(parts) != parts[0]["n_parts"]:
        return None
    content, columns = bytes.fromhex(parts[0]["hash"]), tuple(json.loads(_joined(parts)))
    return WholeArticle(key, content, parts[0]["story"], columns, tuple(passages))


def read_articles(parts: Iterable[Row]) -> dict[int, Article]:
    """Return the articles that rows are the parts of, by key, without those that lack a part."""
    return {
        key: article_of(json.loads(_joined(rows)))
        for key, rows in _by_article(parts).items()
        if len(rows) == rows[0]["n_parts"]
    }


def _by_article(parts: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in parts:
        found.setdefault(row["article"], []).append(row)
    return found


def _joined(parts: Iterable[Row]) -> str:
    """Return the text that was cut into parts."""
    return "".join(row["body"] for row in sorted(parts, key=lambda row: int(row["part"])))


def slices(text: str, limit: int = MAX_TEXT_BYTES) -> Iterator[str]:
    """Yield `text` in parts of at most `limit` bytes of UTF-8, cut between code points.

    At least one part, and `limit` is at least 4.
    """
    raw = text.encode()
    start = 0
    while True:
        end = min(start + limit, len(raw))
        # Not in front of a byte that goes on with a code point (0b10xxxxxx).
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        yield raw[start:end].decode()
        if end == len(raw):
            return
        start = end


def filter_of(query: Query, number: int) -> str:
    """Return the filter of what a query may find in generation `number`."""
    clauses = [live_in(number)]
    filters = query.filters
    if filters.sources:
        clauses.append(in_list("source", (_source_name(source) for source in filters.sources)))
    last = min((day for day in (filters.published_to, query.as_of) if day), default=None)
    if filters.published_from or last:
        first = filters.published_from.toordinal() if filters.published_from else 1
        clauses.append(f"day >= {first}")
    if last:
        clauses.append(f"day <= {last.toordinal()}")
    return " and ".join(clauses)


def live_in(number: int) -> str:
    """Return the filter of the rows that generation `number` holds."""
    return f"added_in <= {number} and removed_in > {number}"


def in_list(field: str, values: Iterable[int | str]) -> str:
    """Return the filter of the rows with one of the values: numbers, or texts made here."""
    return f"{field} in {json.dumps(list(values))}"


def id_name(article_id: str) -> str:
    """Return the name by which an article is looked up: what callers send is in no filter."""
    return hashlib.sha256(article_id.encode()).hexdigest()


def _source_name(source: str | None) -> str:
    """Return the name by which an outlet is filtered; "" is that of none."""
    return hashlib.sha256(source.encode()).hexdigest()[:32] if source else ""
