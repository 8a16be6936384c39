"""Misspelt words of a question, put right by the words of the archive.

The only door to pyspellchecker: which words are English.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias

from spellchecker import SpellChecker

from index.engines.archive import ArchiveSnapshot
from index.lexical.bm25 import query_terms
from index.lexical.likeness import likeness, n_edits

__all__ = ["corrected"]

_Knows: TypeAlias = Callable[[str], bool]

_WORD = re.compile(r"[^\W\d_]{4,}")
# The list of English words is American: "analyse", "privatisation".
_BRITISH = re.compile(r"(?<=[iy])s(?=(?:e[drs]?|ers|ing|ations?)$)")
# Shorter words have many others one letter away.
_MIN_ENGLISH = 5
# From so many letters on two may be wrong.
_MIN_TWO_WRONG, _MIN_TWO_WRONG_IN_NAME = 7, 9
# A word of the archive must be so like what was written; more so a name that is no common word,
# because it may be another's, and where two letters are wrong.
_LIKE, _VERY_LIKE = 0.9, 0.93
# Articles have misspelt words too: so many times rarer than what it may be, a word is one of them.
_RARER = 100
# Ten times as common is worth so much likeness.
_COMMON = 0.03


def corrected(question: str, snapshot: ArchiveSnapshot, knows: _Knows) -> str:
    """Return a question with each misspelt word as it is spelt right.

    Misspelt is what neither a list of English words has nor `knows` knows, and no article, or very
    few where an English word one letter away is in many. It becomes the English word that is most
    like it and that articles have, else the name in an article that is. Where there is none it
    stays: it may be a name that no article mentions.
    """

    def spelt(match: re.Match[str]) -> str:
        word = match[0]
        # "SpaceX", "iPhone", "DMCA": whoever writes so, means it.
        if not (word.islower() or word.istitle()) or not query_terms(word):
            return word
        if knows(word) or _is_english(word):
            return word
        return _meant(word, word[0].isupper() and match.start() > 0, snapshot, knows) or word

    return _WORD.sub(spelt, question)


def _meant(word: str, is_name: bool, snapshot: ArchiveSnapshot, knows: _Knows) -> str | None:
    """Return the word that a misspelt one means, None where it may be right."""
    n_own = snapshot.n_passages_with(word)
    found = {one: snapshot.n_passages_with(one) for one in _english_like(word, is_name)}
    archived = None if n_own else _archived_like(word, is_name, snapshot, knows)
    if archived and _is_english(archived):
        found[archived] = snapshot.n_passages_with(archived)
    return _most_like(word, found, n_own) or archived


def _most_like(word: str, found: Mapping[str, int], n_own: int) -> str | None:
    """Return the word that is like `word` and common; `found` has the passages of each."""
    common = [one for one, n in found.items() if n >= max(1, _RARER * n_own)]

    def rank(one: str) -> float:
        return likeness(word, one) + _COMMON * math.log10(found[one])

    return max(common, key=rank, default=None)


def _archived_like(
    word: str, is_name: bool, snapshot: ArchiveSnapshot, knows: _Knows
) -> str | None:
    one = snapshot.spelt_like(word)
    if one is None or (is_name and not one[0].isupper()):
        return None
    wrong = n_edits(word, one)
    most = 1 if len(word) < (_MIN_TWO_WRONG_IN_NAME if is_name else _MIN_TWO_WRONG) else 2
    is_strange = is_name and not knows(one)
    least = _VERY_LIKE if is_strange or wrong > 1 else _LIKE
    return one if wrong <= most and likeness(word, one) >= least else None


def _is_english(word: str) -> bool:
    return word in _english() or _BRITISH.sub("z", word) in _english()


def _english_like(word: str, is_name: bool) -> list[str]:
    """Return the English words one letter away, but not at the front, in alphabetical order."""
    if is_name or len(word) < _MIN_ENGLISH:
        return []
    word = word.lower()
    return sorted(one for one in _english().candidates(word) or () if one[0] == word[0])


# A tenth of a second, and most questions have no word that is looked up.
@lru_cache(maxsize=1)
def _english() -> SpellChecker:
    return SpellChecker(language="en", distance=1)
