"""Finds the notices in a text."""

import re
from collections.abc import Iterable, Iterator

from corpus.corrections.day import notice_day
from corpus.corrections.notice import Correction
from corpus.corrections.rules import CHANGE, RETRACTED, RULES, NoticeRule

__all__ = ["find_corrections", "outside"]

Bounds = tuple[int, int]

# One of these words is in every notice: most texts have none, and are done with one look.
_HINT = re.compile(
    r"correct|clarif|amend|retract|withdr|(?:earlier|previous|prior|original|initial|first|older)"
    r" (?:version|edition|draft)|editor|publisher['’]s|for the record|misstated|incorrectly|wrongly"
    r"|mistakenly|erroneously|originally|initially|previously|refil|to reflect",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"[^\n]+")
# What may stand before the first word of a notice.
_LEAD = re.compile(r"[\s*_•·†‡>\[(]*")
# Where a sentence begins inside a paragraph: after a stop, or a bracket that opens.
_SENTENCE = re.compile(r"(?<=[.!?…])[”’\"')\]]*\s+(?=[\[(*]?[A-Z])|(?<=\s)(?=[\[(][A-Z])")
_BRACKETS = {"(": ")", "[": "]"}
# A longer paragraph is a story that happens to begin like a notice.
_MAX_CHARS = 1500
_MAX_NOTICES = 20


def find_corrections(text: str, published: str | None = None) -> tuple[Correction, ...]:
    r"""Return the notices in a text, in its order, without overlap.

    `published` is the day of the article, which a notice's day without a year comes after.

    >>> find_corrections("It sank.\n\nCorrection: An earlier version said it burned.")[0].kind
    'correction'
    """
    if not _HINT.search(text):
        return ()
    found: list[Correction] = []
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text)]
    taken = 0
    for place, (start, end) in enumerate(paragraphs):
        if start < taken or end - start > _MAX_CHARS or len(found) >= _MAX_NOTICES:
            continue
        following = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
        for rule, bounds in _in_paragraph(text, start, end, following):
            taken = bounds[1]
            words = text[bounds[0] : bounds[1]]
            kind = "retraction" if RETRACTED.search(words) else rule.kind
            found.append(Correction(kind, words, notice_day(words, published), *bounds))
    return tuple(found)


def outside(start: int, end: int, corrections: Iterable[Correction]) -> list[Bounds]:
    """Return the parts of `[start, end)` of a text that are in none of its notices.

    `corrections` are in the order of the text.
    """
    parts: list[Bounds] = []
    for one in corrections:
        if one.start is None or one.end is None or one.end <= start or one.start >= end:
            continue
        if one.start > start:
            parts.append((start, one.start))
        start = max(start, one.end)
    if start < end:
        parts.append((start, end))
    return parts


def _in_paragraph(
    text: str, start: int, end: int, following: Bounds | None
) -> Iterator[tuple[NoticeRule, Bounds]]:
    paragraph = text[start:end]
    if not _HINT.search(paragraph):
        return
    for rule in RULES:
        if following and rule.head and rule.head.fullmatch(paragraph.strip(" *_[]()")):
            last = following[1]
            if not rule.of_change or CHANGE.search(text[slice(*following)]):
                yield rule, (start, last)
                return
    at = start
    while at < end:
        begun = _rule_at(text, at, end, is_first=at == start)
        if begun:
            bounds = _bounds(text, at, end)
            yield begun, bounds
            at = bounds[1]
        nexts = _SENTENCE.search(text, at, end)
        if nexts is None:
            return
        at = max(nexts.end(), at + 1)


def _rule_at(text: str, at: int, end: int, *, is_first: bool) -> NoticeRule | None:
    """Return the rule by which a notice begins at this place, or None."""
    lead = _LEAD.match(text, at, end)
    begin = lead.end() if lead else at
    for rule in RULES:
        if not is_first and not rule.anywhere:
            continue
        # Some begin with the bracket that others may have before them.
        match = rule.begins.match(text, begin, end)
        if match is None and begin > at:
            match = rule.begins.match(text, begin - 1, end)
        if match and (not rule.of_change or CHANGE.search(text, match.end(), end)):
            return rule
    return None


def _bounds(text: str, at: int, end: int) -> Bounds:
    """Return where a notice that begins at `at` ends: with its bracket or its paragraph."""
    while at < end and text[at].isspace():
        at += 1
    closing = _BRACKETS.get(text[at])
    if closing:
        close = _closing(text, at, end, text[at], closing)
        if close is not None:
            return at, close
    while end > at and text[end - 1].isspace():
        end -= 1
    return at, end


def _closing(text: str, at: int, end: int, opens: str, closes: str) -> int | None:
    depth = 0
    for place in range(at, end):
        depth += (text[place] == opens) - (text[place] == closes)
        if depth == 0:
            return place + 1
    return None
