"""Misspelt words of a question, put right by the words of the archive."""

import re
from collections.abc import Callable

from index.engines.archive import ArchiveSnapshot
from index.lexical.bm25 import query_terms

__all__ = ["corrected"]

_WORD = re.compile(r"[^\W\d_]{4,}")


def corrected(question: str, snapshot: ArchiveSnapshot, knows: Callable[[str], bool]) -> str:
    """Return a question with each misspelt word as the archive spells it.

    A word that no article has, and that `knows` does not know either, is taken for misspelt. Where
    the archive has nothing like it, it stays: it may be a name that no article mentions.
    """

    def spelt(match: re.Match[str]) -> str:
        word = match[0]
        if not query_terms(word) or knows(word) or snapshot.n_passages_with(word):
            return word
        return snapshot.spelt_like(word) or word

    return _WORD.sub(spelt, question)
