"""The kept searches side by side, while the passages of a publication come in one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.search.retriever import RetrievalSettings
from index.search.standing import Places, Standing

__all__ = ["LEXICAL_MARGIN", "SideBySide", "Table"]

Keys = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
# Scores that differ by less of themselves, and cosines by less, are not told apart.
LEXICAL_MARGIN, DENSE_MARGIN = 0.02, 0.002
_NO_PASSAGE = -2.0


@dataclass(slots=True)
class SideBySide:
    """One of the two rankings for n searches: the scores of their rows, and their places.

    `scores` are (n, rows), nan where a ranking lacks the row; `places` and `moved` are
    (2, n, rows), the first and the last that each can be: `moved` counts the new passages before a
    row. `worst` is the last place of a search's rows, `least` their lowest score.
    """

    scores: Floats
    places: Ints
    moved: Ints
    worst: Ints
    least: Floats

    @classmethod
    def of(cls, scores: Sequence[Floats], places: Sequence[Ints]) -> "SideBySide":
        """Return a ranking of searches, with the (rows,) scores and (2, rows) places of each."""
        n_rows = max(map(len, scores))
        scored = np.full((len(scores), n_rows), np.nan, np.float32)
        placed = np.full((2, len(scores), n_rows), -1, np.int32)
        for n, (some, where) in enumerate(zip(scores, places, strict=True)):
            scored[n, : len(some)] = some
            placed[:, n, : len(some)] = where
        least = np.where(np.isnan(scored), np.inf, scored).min(axis=1, initial=np.inf)
        # Without a row there is nothing to be behind.
        least[np.isnan(scored).all(axis=1)] = -np.inf
        worst = placed[0].max(axis=1, initial=-1)
        return cls(scored, placed, np.zeros_like(placed), worst, least)

    def enter(self, searches: Keys, scores: Floats, margin: Floats) -> tuple[Ints, Bools]:
        """Let a passage in with a score for each of the searches.

        Return its best place in each, and whether it may be before any of the rows.
        """
        rows = self.scores[searches]
        above = rows > (scores + margin)[:, None]
        may_move = ~above & ~np.isnan(rows)
        self.moved[0][searches] += rows < (scores - margin)[:, None]
        self.moved[1][searches] += may_move
        ahead = np.where(above, self.places[0][searches], -1)
        best: Ints = ahead.max(axis=1, initial=-1) + 1
        return best, np.any(may_move, axis=1)

    def behind_all(self) -> Ints:
        """Return the first place behind a search's rows; -1 where it has none here."""
        return np.where(self.worst >= 0, self.worst + 1, -1)

    def moved_places(self) -> Ints:
        """Return the places after all that came in."""
        return np.where(self.places >= 0, self.places + self.moved, -1)


@dataclass(slots=True)
class Table:
    """All searches side by side.

    `rest` is the highest fused score that any other passage can have: those behind the rows, and
    all that came in since a search was made; `before` are the articles of those that came in before
    a row. `is_met` are the searches for which anything came in now.
    """

    standings: Sequence[Standing]
    lexical: SideBySide
    dense: SideBySide
    settings: RetrievalSettings
    rest: Scores
    is_met: Bools
    before: list[set[int]]

    @classmethod
    def of(
        cls, standings: Sequence[Standing], places: Sequence[Places], settings: RetrievalSettings
    ) -> "Table":
        """Return the table of searches with their places as of the last publication."""
        lexical = SideBySide.of([s.lexical for s in standings], [p.lexical for p in places])
        dense = SideBySide.of([s.dense for s in standings], [p.dense for p in places])
        return cls(
            standings,
            lexical,
            dense,
            settings,
            np.array([one.rest for one in places]),
            np.zeros(len(standings), np.bool_),
            [set(one.before) for one in places],
        )

    def enter(self, article: int, lexical: Floats, dense: Floats) -> None:
        """Let a passage of an article in, with its scores for all searches.

        0 and below -1 stand for a passage that has none of a search's words, or is not for it.
        """
        has_words = lexical > 0
        is_near = (dense >= self.dense.least - DENSE_MARGIN) & (dense > _NO_PASSAGE)
        met = np.flatnonzero(has_words | is_near)
        if not len(met):
            return
        self.is_met[met] = True
        words, cosines = lexical[met], dense[met]
        by_words, moves = self.lexical.enter(met, words, words * LEXICAL_MARGIN)
        margin = np.full(len(met), DENSE_MARGIN, np.float32)
        by_meaning, moves_too = self.dense.enter(met, cosines, margin)
        for search in met[moves | moves_too].tolist():
            self.before[search].add(article)
        # What has no word of a search is in no place of that ranking.
        score = np.where(words > 0, self._share(by_words, 1.0), 0.0)
        score += self._share(by_meaning, self.settings.dense_weight)
        self.rest[met] = np.maximum(self.rest[met], score)

    def is_touched(self) -> Bools:
        """Return which searches may read other passages, or in another order, than before."""
        n_rows = self.lexical.scores.shape[1]
        n_front = np.array([one.n_front for one in self.standings])
        in_front = np.arange(n_rows) < n_front[:, None]
        highest, lowest = self._fused(0), self._fused(1)
        last = np.where(in_front, lowest, np.inf).min(axis=1, initial=np.inf)
        behind = np.where(in_front, -np.inf, highest).max(axis=1, initial=-np.inf)
        behind = np.maximum(behind, self.rest)
        # No word in common, and farther by meaning than all rows.
        far = self._share(self.dense.behind_all(), self.settings.dense_weight)
        is_exchanged = np.any((lowest[:, :-1] <= highest[:, 1:]) & in_front[:, 1:], axis=1)
        is_touched: Bools = (
            np.array([one.is_open for one in self.standings])
            | (far >= last)
            # Where two are alike their keys decide: as long as nothing comes in, as before.
            | (self.is_met & ((behind >= last) | is_exchanged))
        )
        return is_touched

    def places(self) -> list[Places]:
        """Return the places of each search's rows after all that came in."""
        lexical, dense = self.lexical.moved_places(), self.dense.moved_places()
        return [
            Places(
                lexical[:, n, : len(one.keys)],
                dense[:, n, : len(one.keys)],
                float(self.rest[n]),
                tuple(self.before[n]),
            )
            for n, one in enumerate(self.standings)
        ]

    def _fused(self, end: int) -> Scores:
        """Return the fused scores of the rows, the highest (0) or the lowest (1) they can be."""
        lexical = self._share(self.lexical.moved_places()[end], 1.0)
        dense = self._share(self.dense.moved_places()[end], self.settings.dense_weight)
        is_row = (self.lexical.places[0] >= 0) | (self.dense.places[0] >= 0)
        return np.where(is_row, lexical + dense, -np.inf)

    def _share(self, places: Ints, weight: float) -> Scores:
        """Return what places in a ranking count; see `index.search.retriever.fuse`."""
        share = weight / (self.settings.rrf_k + places + 1.0)
        return np.where((places >= 0) & (places < self.settings.depth), share, 0.0)
