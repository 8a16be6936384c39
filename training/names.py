"""Names in texts, and other names of the same kind to put in their place."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from service.answering.places import is_country, is_us_state

__all__ = ["NameBook", "names_in"]

_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: (?:of the |of |the |and )?[A-Z][\w’'-]+)*")
_STARTS_SENTENCE = ("", *".?!:;“”\"'()\n-–—")
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|across|outside|to) $", re.IGNORECASE)
_MIN_PLACE_SHARE = 0.35
# A word that begins so many different names of two words is a first name...
_MIN_SURNAMES = 6
# ...unless it begins the names of places, schools and buildings.
_NO_FIRST_NAME = frozenset(
    "American Air Big Black British Central Early East Eastern El First Fort French German Grand "
    "Great Greek High Holy House International La Lake Las Le Little Los Lower Middle Mount "
    "National New North Northern Old Port Prime Red Roman Royal Saint San Santa Second South "
    "Southern St State Super Supreme The Third United University Upper West Western White "
    "World".split()
)
# Rarer names are often no names at all.
_MIN_COUNT = 2


def names_in(text: str) -> list[re.Match[str]]:
    """Return the names in a text, but not words whose capital may come from their place."""
    return [
        match
        for match in _NAME.finditer(text)
        if text[: match.start()].rstrip(" ")[-1:] not in _STARTS_SENTENCE
    ]


class NameBook:
    """The names of a collection of texts, by kind.

    A kind is "country", "state", "place", "person" or the number of words of any other name. It is
    guessed from lists (countries, states), from the word before a name (places) and from the
    names that share its first word (persons).
    """

    def __init__(self, texts: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        as_place: Counter[str] = Counter()
        for text in texts:
            for match in names_in(text):
                counts[match[0]] += 1
                as_place[match[0]] += bool(_PLACE_BEFORE.search(text[: match.start()][-9:]))
        self._places = {
            name for name, n in counts.items() if n >= 2 and as_place[name] >= _MIN_PLACE_SHARE * n
        }
        surnames: dict[str, set[str]] = defaultdict(set)
        for name in counts:
            first, *rest = name.split()
            if len(rest) == 1:
                surnames[first].add(rest[0])
        self._first_names = {
            first for first, some in surnames.items() if len(some) >= _MIN_SURNAMES
        } - _NO_FIRST_NAME
        self._by_kind: dict[str, list[str]] = defaultdict(list)
        for name, n in sorted(counts.items()):
            if n >= _MIN_COUNT:
                self._by_kind[self.kind(name)].append(name)

    def kind(self, name: str) -> str:
        """Return the kind of a name, whether it is in the book or not."""
        words = name.split()
        if is_country(name):
            return "country"
        if is_us_state(name):
            return "state"
        if 2 <= len(words) <= 3 and words[0] in self._first_names and name not in self._places:
            return "person"
        return "place" if name in self._places else str(len(words))

    def others(self, name: str, rng: random.Random, n: int = 20) -> list[str]:
        """Return at most `n` names of the kind of `name`, drawn at random."""
        alike = self._by_kind.get(self.kind(name), [])
        return rng.sample(alike, min(n, len(alike)))
