"""Words of a passage that a question can be asked about: a name, a number or a thing."""

import random
import re

from training.cloze import NAME

__all__ = ["askable_span"]

_NUMBER = re.compile(
    r"\$\d[\d,.]*\d(?: (?:million|billion|trillion))?"
    r"|\b\d[\d,.]*(?:%| percent| years?| days?| miles?| people)"
    r"|\b\d[\d,]*(?:\.\d+)? (?:million|billion)\b|\b(?:19|20)\d\d\b"
)
# Up to three small words behind an article, before a stop or a word that ends the phrase.
_THING = re.compile(
    r"\b(?:a|an|the|its|their|his|her) ((?:[a-z][a-z-]+ ){0,2}[a-z][a-z-]{3,})"
    r"(?=[.,;]|\s(?:of|in|on|to|for|from|with|by|at|and|or|that|which|who|was|were|is|are|has|have"
    r"|had|will|would|could)\b)"
)
# Words with a capital that are no names, or that news pages repeat.
_NO_NAME = re.compile(
    r"^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:The|A|An|In|It|He|She|They|We|I|But|And|This"
    r"|That|If|When|As|For|On|At|CNN|AP|USA TODAY|Contributing|You|There|What|How|Why|Read|More"
    r"|Photo|Getty)\b)",
    re.IGNORECASE,
)
_THING_SHARE, _NUMBER_SHARE = 0.3, 0.2


def askable_span(text: str, rng: random.Random) -> tuple[int, int] | None:
    """Return one place drawn at random, `[start, end)` in code points; None where there is none.

    Three times in ten a thing, twice a number, else a name; a name where the text has no other.
    """
    kind = rng.random()
    found: list[tuple[int, int]] = []
    if kind < _THING_SHARE:
        found = [match.span(1) for match in _THING.finditer(text)]
    elif kind < _THING_SHARE + _NUMBER_SHARE:
        found = [match.span() for match in _NUMBER.finditer(text)]
    found = found or _names(text)
    return rng.choice(found) if found else None


def _names(text: str) -> list[tuple[int, int]]:
    return [
        match.span()
        for match in NAME.finditer(text)
        if not _NO_NAME.match(match[0])
        # A single word at the very beginning has its capital from its place.
        and (match.start() > 0 or " " in match[0])
    ]
