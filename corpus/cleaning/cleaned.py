"""A text after all rules, and what each of them dropped."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.cleaning.characters import normalise
from corpus.cleaning.rules import RULES

__all__ = ["Cleaned", "clean_text"]

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text as it is stored, and how many of its lines each rule dropped or cut, by its name."""

    text: str
    dropped: Mapping[str, int]


def clean_text(text: str) -> Cleaned:
    r"""Normalise a story's text and drop what is not the story; quotations are never touched.

    >>> clean_text("It rained.\n\nRead more: Ferry fares rise")
    Cleaned(text='It rained.', dropped={'read-more': 1})
    """
    lines = normalise(text).split("\n")
    dropped: dict[str, int] = {}
    for rule in RULES:
        kept = rule.apply(lines)
        if n_changed := _n_changed(lines, kept):
            dropped[rule.name] = n_changed
        lines = kept
    return Cleaned(_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip(), dropped)


def _n_changed(before: list[str], after: list[str]) -> int:
    """Return how many lines are gone, those that were cut included."""
    if before == after:
        return 0
    gone = Counter(before) - Counter(after)
    return gone.total() - gone[""]
