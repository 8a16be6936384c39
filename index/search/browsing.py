"""The articles of a snapshot as a list to look through: newest first, counted, in pages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from corpus.article import Article
from corpus.dates import last_day

__all__ = ["UNKNOWN", "ArticlePage", "ArticleRow", "Browse", "Catalog", "Cursor", "Facets"]

# What stands for a missing outlet, date or language, in filters and in counts.
UNKNOWN = "unknown"
# Beyond so many values a list is of no use, and each is sent with every page.
_MAX_VALUES = 200
_MAX_MONTHS = 600

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last article of a page: its day, a proleptic ordinal (0 when undated), and its key."""

    day: int
    key: int


@dataclass(frozen=True, slots=True)
class Browse:
    """Which articles to list. Empty fields allow all; `month` is `2024-03`, `2024` or `unknown`.

    All words of `text` must be in one passage of the article, those in double quotes in a row.
    `after` is the cursor of the page before.
    """

    text: str = ""
    sources: tuple[str, ...] = ()
    month: str | None = None
    language: str | None = None
    after: Cursor | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Facets:
    """How many articles have each value, were only its own filter changed.

    Outlets and languages come with the commonest first, months with the newest first.
    """

    sources: Mapping[str, int]
    months: Mapping[str, int]
    languages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of articles. `n_total` counts all pages; `next` is None on the last one.

    `is_complete` is False where the engine looked at a part of the archive only.
    """

    articles: tuple[Article, ...]
    n_total: int
    facets: Facets
    next: Cursor | None
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """What is known of an article without reading it."""

    key: int
    published: str | None
    source: str | None
    language: str | None
    embargo: str | None

    @classmethod
    def of(cls, key: int, article: Article) -> "ArticleRow":
        """Return the row of an article that has the key `key`."""
        return cls(key, article.published, article.source, article.language, article.embargo)


@dataclass(frozen=True, slots=True)
class _Values:
    """A column of texts: (n,) codes into `names`."""

    codes: npt.NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> "_Values":
        known: dict[str, int] = {}
        codes = [known.setdefault(text or UNKNOWN, len(known)) for text in texts]
        return cls(np.array(codes, np.int32), tuple(known))

    def having(self, wanted: Collection[str]) -> Mask | None:
        """Return which rows have one of these values, None where none is wanted."""
        if not wanted:
            return None
        names = {name.casefold() for name in wanted}
        codes = [code for code, name in enumerate(self.names) if name.casefold() in names]
        return np.isin(self.codes, codes)

    def counts(self, mask: Mask) -> dict[str, int]:
        counted = np.bincount(self.codes[mask], minlength=len(self.names))
        found = {name: int(n) for name, n in zip(self.names, counted, strict=True) if n}
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


class Catalog:
    """All articles of a snapshot, the newest first, undated ones at the end."""

    def __init__(self, rows: Sequence[ArticleRow]) -> None:
        days = np.array([_day(row) for row in rows], np.int64)
        keys = np.array([row.key for row in rows], np.int64)
        order = np.lexsort((-keys, -days))
        self._days, self._keys = days[order], keys[order]
        rows = [rows[i] for i in order]
        self._sources = _Values.of(row.source for row in rows)
        self._months = _Values.of(row.published and row.published[:7] for row in rows)
        self._languages = _Values.of(row.language for row in rows)
        self._embargoed = [(i, row) for i, row in enumerate(rows) if row.embargo]

    def page(self, browse: Browse, matching: npt.NDArray[np.int64] | None) -> "Listed":
        """Return the keys of one page; `matching` has those that have the text, None all."""
        allowed = self._visible()
        if matching is not None:
            allowed &= np.isin(self._keys, matching)
        filters = {
            "sources": self._sources.having(browse.sources),
            "months": self._months.having((browse.month,) if browse.month else ()),
            "languages": self._languages.having((browse.language,) if browse.language else ()),
        }
        places = np.flatnonzero(_all_of(allowed, filters.values()))
        first = 0 if browse.after is None else self._place_after(places, browse.after)
        shown = places[first : first + browse.limit]
        is_last = first + browse.limit >= len(places)
        last = None if is_last or not len(shown) else int(shown[-1])
        return Listed(
            keys=self._keys[shown].tolist(),
            n_total=len(places),
            facets=self._facets(allowed, filters),
            next=None if last is None else Cursor(int(self._days[last]), int(self._keys[last])),
        )

    def _visible(self) -> Mask:
        visible = np.ones(len(self._keys), np.bool_)
        now = datetime.now(UTC)
        for place, row in self._embargoed:
            visible[place] = not Article("", "", "", embargo=row.embargo).is_embargoed(now)
        return visible

    def _place_after(self, places: npt.NDArray[np.int64], after: Cursor) -> int:
        days, keys = self._days[places], self._keys[places]
        is_later = (days < after.day) | ((days == after.day) & (keys < after.key))
        return int(np.argmax(is_later)) if is_later.any() else len(places)

    def _facets(self, allowed: Mask, filters: Mapping[str, Mask | None]) -> Facets:
        def others(name: str) -> Mask:
            return _all_of(allowed, (mask for one, mask in filters.items() if one != name))

        months = self._months.counts(others("months"))
        newest = sorted(months, key=lambda month: (month != UNKNOWN, month), reverse=True)
        return Facets(
            sources=_first(self._sources.counts(others("sources")), _MAX_VALUES),
            months={month: months[month] for month in newest[:_MAX_MONTHS]},
            languages=_first(self._languages.counts(others("languages")), _MAX_VALUES),
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A page by the keys of its articles; see `ArticlePage`."""

    keys: Sequence[int]
    n_total: int
    facets: Facets
    next: Cursor | None

    def page(self, articles: Mapping[int, Article], *, is_complete: bool = True) -> ArticlePage:
        """Return the page with its articles, given by their keys."""
        found = tuple(articles[key] for key in self.keys if key in articles)
        return ArticlePage(found, self.n_total, self.facets, self.next, is_complete)


def _day(row: ArticleRow) -> int:
    return last_day(row.published).toordinal() if row.published else 0


def _all_of(allowed: Mask, masks: Iterable[Mask | None]) -> Mask:
    result = allowed.copy()
    for mask in masks:
        if mask is not None:
            result &= mask
    return result


def _first(counts: Mapping[str, int], n: int) -> dict[str, int]:
    return dict(list(counts.items())[:n])
