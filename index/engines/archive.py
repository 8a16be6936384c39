"""What the service needs of an archive: its current snapshot, to search and to quote from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from corpus.article import Article
from index.lexical.scores import WordStatistics
from index.search.browsing import ArticlePage, Browse
from index.search.history import ArticleHistory
from index.search.hit import Hit
from index.search.query import Query
from index.search.retriever import RetrievalSettings
from index.search.standing import Places, Standing
from index.search.touching import Publication

__all__ = [
    "Archive",
    "ArchiveSnapshot",
    "ArchiveStatus",
    "BrowsableArchive",
    "BrowsableSnapshot",
    "WatchableSnapshot",
]


@dataclass(frozen=True, slots=True)
class ArchiveStatus:
    """Facts about a snapshot. `n_embedded` < `n_passages` while a build is still embedding.

    `published_at` is when the snapshot was published, ISO 8601 in UTC; None when unknown. `trouble`
    says why a newer one that was published is not served; None when there is none. `languages`
    counts the articles in each, the commonest first; "" stands for an unknown one. Passages have at
    most `max_tokens` tokens.
    """

    snapshot: int
    n_articles: int
    n_passages: int
    n_embedded: int
    embedder: str
    sources: tuple[str, ...]
    first_day: str | None
    last_day: str | None
    published_at: str | None = None
    trouble: str | None = None
    languages: Mapping[str, int] = field(default_factory=dict)
    max_tokens: int = 0


class ArchiveSnapshot(Protocol):
    """The archive as one published snapshot holds it; it does not change while it is held."""

    @property
    def status(self) -> ArchiveStatus:
        """Facts about the snapshot."""
        ...

    def search(self, query: Query, k: int) -> list[Hit]:
        """Return at most `k` hits, best first. Safe to call from several threads."""
        ...

    def n_passages_with(self, text: str) -> int:
        """Return how many passages have the words of a text in a row, whatever their form."""
        ...

    def spelt_like(self, word: str) -> str | None:
        """Return the word of the archive that a misspelt one most likely means, None without one.

        It is meant for words that no passage has.
        """
        ...

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id or other name, or None when the snapshot has none.

        One that is embargoed is returned as well: whoever shows it looks at that.

        Raises:
            RequestError: several have the name.
        """
        ...

    def newest(self, n: int) -> list[Article]:
        """Return at most `n` articles, those published last first, undated ones at the end."""
        ...


class Archive(Protocol):
    """An index directory that is being served."""

    def current(self) -> ArchiveSnapshot:
        """Return the newest published snapshot that can be read.

        Raises:
            IndexStateError: nothing was published yet, or it is damaged and none is held from
                before.
        """
        ...


class BrowsableSnapshot(ArchiveSnapshot, Protocol):
    """A snapshot whose articles can also be looked through."""

    def history(self, article_id: str) -> ArticleHistory:
        """Return what is known of an article, by its id, besides what it is now."""
        ...

    def browse(self, browse: Browse) -> ArticlePage:
        """Return one page of the articles that are asked for, without those under embargo."""
        ...


class BrowsableArchive(Protocol):
    """An index directory that is being served to people, who look through it as well."""

    def current(self) -> BrowsableSnapshot:
        """See `Archive.current`."""
        ...


@runtime_checkable
class WatchableSnapshot(ArchiveSnapshot, Protocol):
    """A snapshot that tells which searches a publication touches (`index.search.touching`)."""

    @property
    def settings(self) -> RetrievalSettings:
        """What ranks its hits."""
        ...

    def standing(self, query: Query, n_read: int) -> tuple[Standing, Places]:
        """Search, and return what is to be kept of it for a reader of `n_read` passages.

        A day to look from (`as_of`) is not heeded.
        """
        ...

    def statistics(self, terms: Iterable[str]) -> WordStatistics:
        """Return what BM25 takes from the archive for some stems."""
        ...

    def published_since(self, number: int, most: int) -> Publication | None:
        """Return what was published after the snapshot with this number.

        None when that is not known any more, or more than `most` passages were added.
        """
        ...
