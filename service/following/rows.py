"""What is kept of sources and their items, as rows of `following.db`."""

import dataclasses
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal, Self

from pydantic import TypeAdapter

from corpus.article import Article
from index.store.sqlite import Row

__all__ = [
    "Followed",
    "Listed",
    "Rhythm",
    "Step",
    "Validator",
    "Waiting",
    "digest_of",
    "pack_article",
    "unpack_article",
]

_ARTICLE = TypeAdapter(Article)
_MIN_INTERVALS = 5
Step = Literal["page", "raw", "add", "remove"]


@dataclass(frozen=True, slots=True)
class Followed:
    """What is known of a source; all times in seconds since 1970. See `schema.sql`."""

    key: str
    name: str
    every_s: float | None = None
    moved_to: str | None = None
    asked_at: float | None = None
    before_at: float | None = None
    looked_at: float | None = None
    gave_at: float | None = None
    newest_at: float | None = None
    usual_s: float | None = None
    longest_s: float | None = None
    next_at: float = 0.0
    n_failures: int = 0
    trouble: str | None = None
    is_ended: bool = False
    cursor: str | None = None

    @classmethod
    def of(cls, row: Row) -> Self:
        """Return what a row of the table `sources` tells."""
        return cls(**{**dict(row), "is_ended": bool(row["is_ended"])})


@dataclass(frozen=True, slots=True)
class Validator:
    """What a server said of a version, to ask whether there is another; `digest` of its bytes."""

    etag: str | None = None
    modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An item that a source has: its article, or the page (`url`) where that is to be read.

    With both the article is what is published when the page cannot be read. `place` is the file it
    is in, `at` when it was published, in seconds since 1970.
    """

    name: str
    digest: str
    article: Article | None = None
    url: str | None = None
    place: str = ""
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is not published yet, and the step it waits for."""

    number: int
    source: str
    name: str
    step: Step
    digest: str
    place: str
    url: str | None
    article: Article | None
    raw: bytes | None
    robots: str | None
    n_tries: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How articles of a source come: the usual and the longest time between two, in seconds."""

    usual_s: float | None = None
    longest_s: float | None = None

    @classmethod
    def of(cls, arrivals: Sequence[float]) -> "Rhythm":
        """Return the rhythm of times that are in order; with few of them nothing is usual yet.

        >>> Rhythm.of([0, 60, 60, 120, 180, 300, 360])
        Rhythm(usual_s=60.0, longest_s=120)
        """
        gaps = [later - one for one, later in pairwise(arrivals) if later > one]
        if len(gaps) < _MIN_INTERVALS:
            return cls()
        return cls(float(median(gaps)), max(gaps))


def digest_of(article: Article) -> str:
    """Return 32 hex digits that change when anything of an article does."""
    told = json.dumps(dataclasses.asdict(article), sort_keys=True)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def pack_article(article: Article) -> bytes:
    """Return an article as it is kept while it waits."""
    return zlib.compress(json.dumps(dataclasses.asdict(article)).encode())


def unpack_article(packed: bytes) -> Article:
    """Return the article that was kept."""
    return _ARTICLE.validate_python(json.loads(zlib.decompress(packed)))
