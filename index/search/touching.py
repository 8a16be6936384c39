"""Which kept searches a publication touches: those that may find other passages to read now.

Each new passage is scored for all searches at once, by words (BM25, with the frequencies that each
search knew) and by meaning. It touches a search if it may be read itself, or if the places that it
takes in the two rankings change the order of what is read. Otherwise it only moves passages down
that are read neither before nor after, and the search would find what it found. So the work grows
with what was published and with the number of searches, not with the archive.

The frequencies of words move with each publication. A search is touched as well once they have
moved further than the margin that is left between any two scores that are compared.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from index.lexical.bm25 import stems
from index.lexical.scores import WordStatistics, word_weights
from index.search.query import Filters
from index.search.retriever import RetrievalSettings
from index.search.side_by_side import Table
from index.search.standing import Places, Standing

__all__ = ["NewPassage", "Publication", "Touch", "touched"]

Keys = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
# Half of what two scores must differ by to be told apart.
_MAX_DRIFT = 0.01
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage with its headline; `day` is a proleptic ordinal, 0 when unknown."""

    key: int
    article: int
    text: str
    source: str | None
    day: int


@dataclass(frozen=True, slots=True)
class Publication:
    """The passages that were added, with their (n, dim) vectors, and articles removed, by key."""

    passages: Sequence[NewPassage]
    vectors: Floats
    removed: Keys


@dataclass(frozen=True, slots=True)
class Touch:
    """Whether each search is touched, and the places of its passages after the publication."""

    is_touched: Bools
    places: list[Places]


def touched(
    standings: Sequence[Standing],
    places: Sequence[Places],
    publication: Publication,
    statistics: WordStatistics,
    settings: RetrievalSettings,
) -> Touch:
    """Return which searches a publication touches.

    `places` are those of each standing as of the last publication; `statistics` are those of the
    archive now, for all terms of the standings.
    """
    if not standings:
        return Touch(np.zeros(0, np.bool_), [])
    table = Table.of(standings, places, settings)
    is_touched = np.array([_drifted(one, statistics) for one in standings], np.bool_)
    if len(publication.removed):
        gone = set(publication.removed.tolist())
        is_touched |= [
            not gone.isdisjoint(standing.articles.tolist()) or not gone.isdisjoint(where.before)
            for standing, where in zip(standings, places, strict=True)
        ]
    scored = _scored(standings, publication, statistics.mean_length)
    for passage, lexical, dense in scored:
        table.enter(passage.article, lexical, dense)
    if publication.passages:
        is_touched |= table.is_touched()
    return Touch(is_touched, table.places())


def _drifted(standing: Standing, statistics: WordStatistics) -> bool:
    """Whether frequencies moved so far apart that scores may compare otherwise than before."""
    if not standing.terms:
        return False
    now = np.array([statistics.idf[term] for term in standing.terms])
    ratios = now / np.maximum(standing.idf, 1e-6)
    moved = ratios.max() / max(float(ratios.min()), 1e-6) - 1
    longer = abs(statistics.mean_length / standing.mean_length - 1)
    return bool(max(moved, longer) > min(_MAX_DRIFT, standing.slack))


def _scored(
    standings: Sequence[Standing], publication: Publication, mean_length: float
) -> Iterator[tuple[NewPassage, Floats, Floats]]:
    """Yield each new passage with its BM25 scores and cosines with the (n,) searches.

    0 and -2 stand where the filters of a search keep the passage out.
    """
    with_term = _with_terms(standings)
    queries = np.stack([one.vector for one in standings]).astype(np.float32)
    filtered = _filtered(standings)
    for first in range(0, len(publication.passages), _BLOCK):
        some = publication.passages[first : first + _BLOCK]
        cosines = publication.vectors[first : first + _BLOCK] @ queries.T
        for passage, dense in zip(some, cosines, strict=True):
            lexical = np.zeros(len(standings), np.float32)
            for word, weight in word_weights(stems(passage.text), mean_length).items():
                if word in with_term:
                    searches, idf = with_term[word]
                    lexical[searches] += weight * idf
            for filters, searches in filtered.items():
                if not _passes(passage, filters):
                    lexical[searches], dense[searches] = 0.0, -2.0
            yield passage, lexical, dense


def _with_terms(
    standings: Sequence[Standing],
) -> dict[str, tuple[Keys, Floats]]:
    """Return for each term the searches that have it, and the idf that each knew."""
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, one in enumerate(standings):
        for term, idf in zip(one.terms, one.idf, strict=True):
            found[term].append((place, float(idf)))
    return {
        term: (
            np.array([place for place, _ in pairs], np.int64),
            np.array([idf for _, idf in pairs], np.float32),
        )
        for term, pairs in found.items()
    }


def _filtered(standings: Sequence[Standing]) -> dict[Filters, Keys]:
    """Return the searches with each of the filters that let not all through."""
    found: defaultdict[Filters, list[int]] = defaultdict(list)
    for place, one in enumerate(standings):
        if one.filters != Filters():
            found[one.filters].append(place)
    return {filters: np.array(places, np.int64) for filters, places in found.items()}


def _passes(passage: NewPassage, filters: Filters) -> bool:
    if filters.sources:
        # An outlet is found whatever its case.
        wanted = {name.casefold() for name in filters.sources}
        if (passage.source or "").casefold() not in wanted:
            return False
    return filters.allow_day(date.fromordinal(passage.day) if passage.day else None)
