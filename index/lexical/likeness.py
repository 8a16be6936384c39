"""The only door to rapidfuzz: how like one another two spellings are."""

import unicodedata
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

__all__ = ["likeness", "most_alike", "n_edits"]

_MAX_ALIKE = 50


def n_edits(word: str, other: str) -> int:
    """Return how many letters of a word are left out, put in, exchanged or swapped in another.

    Optimal string alignment; accents and capitals make no difference.

    >>> n_edits("govenor", "Governor"), n_edits("Brigida", "Brígida")
    (1, 0)
    """
    distance: int = OSA.distance(_plain(word), _plain(other))
    return distance


def likeness(word: str, other: str) -> float:
    """Return the share, in [0, 1], of the letters that are in place, the first four above all.

    Jaro-Winkler; accents and capitals make no difference.
    """
    similarity: float = JaroWinkler.similarity(_plain(word), _plain(other))
    return similarity


def most_alike(stem: str, known: Mapping[str, int], most: int) -> str | None:
    """Return the one of `known` that `stem` is at most `most` edits from, None without one.

    The fewest edits count, then the likeness, then how common it is: the numbers of `known`.
    """
    alike = process.extract(
        stem, list(known), scorer=OSA.distance, score_cutoff=most, limit=_MAX_ALIKE
    )
    ranked = sorted(
        (distance, -JaroWinkler.similarity(stem, one), -known[one], one)
        for one, distance, _ in alike
    )
    return ranked[0][-1] if ranked else None


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))
