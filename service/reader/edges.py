"""Where an answer begins and ends: whole words, without the marks around them."""

import unicodedata

__all__ = ["trim", "widen"]

_PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", '"': '"', "'": "'"}
_LOOSE_START = ",;:.–—"
_LOOSE_END = ",;:.!?–—-"
_ABBREVIATIONS = {"inc.", "corp.", "ltd.", "co.", "jr.", "sr."}
# Before this code point are the scripts of Europe; some of the others write words without spaces.
_FIRST_OF_OTHERS = "\u0530"


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds without white space, loose punctuation and unpaired quotes at the edges.

    Quotes and brackets around the whole go too; the stop of an abbreviation and the point of
    ".22" stay. None when what is left holds no letter, digit or pictograph.

    >>> text = 'He said "no, (never".'
    >>> trim(text, 8, 21)
    (9, 19)
    """
    while start < end:
        first, last = text[start], text[end - 1]
        inside = text[start:end]
        if first.isspace() or _is_loose_start(inside) or _is_unpaired_opening(inside):
            start += 1
        elif last.isspace() or _is_loose_end(inside) or _is_unpaired_closing(inside):
            end -= 1
        elif _PAIRS.get(first) == last and len(inside) > 1 and last not in inside[1:-1]:
            start, end = start + 1, end - 1
        else:
            return (start, end) if any(map(_is_substance, inside)) else None
    return None


def widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds without a word or figure cut in two at the edges.

    A figure takes its sign, its points and its percent: a model reads pieces of words.

    >>> text = "some $2,500 of 7.5% in Norhavn"
    >>> widen(text, 8, 11), widen(text, 17, 18), widen(text, 23, 26)
    ((5, 11), (15, 19), (23, 30))
    """
    while 0 < start < end and _belong_together(text, start):
        start -= 1
    while start < end < len(text) and _belong_together(text, end):
        end += 1
    return start, end


def _belong_together(text: str, at: int) -> bool:
    """Whether the characters before and after a place are of one word or figure."""
    before, after = text[at - 1], text[at]
    if _is_of_word(before) and _is_of_word(after):
        return True
    if after.isdigit():
        is_point = before in ".," and at > 1 and text[at - 2].isdigit()
        return is_point or unicodedata.category(before) == "Sc"
    if before.isdigit():
        is_point = after in ".," and text[at + 1 : at + 2].isdigit()
        return is_point or after == "%"
    return False


def _is_of_word(mark: str) -> bool:
    return mark.isalnum() and mark < _FIRST_OF_OTHERS


def _is_substance(mark: str) -> bool:
    return mark.isalnum() or unicodedata.category(mark) == "So"


def _is_loose_start(inside: str) -> bool:
    return inside[0] in _LOOSE_START and not (inside[0] == "." and inside[1:2].isdigit())


def _is_unpaired_opening(inside: str) -> bool:
    closing = _PAIRS.get(inside[0])
    # An apostrophe before a digit stands for a century: "'90s".
    if inside[0] in "'‘" and inside[1:2].isdigit():
        return False
    return closing is not None and closing not in inside[1:]


def _is_unpaired_closing(inside: str) -> bool:
    openings = [opening for opening, closing in _PAIRS.items() if closing == inside[-1]]
    # An apostrophe at the end belongs to a plural: "the workers'".
    if not openings or inside[-1] in "'’":
        return False
    return not any(opening in inside[:-1] for opening in openings)


def _is_loose_end(inside: str) -> bool:
    if inside[-1] != ".":
        return inside[-1] in _LOOSE_END
    # The stop of "U.S.", "J." or "Acme Inc." belongs to it, the one of "$3.5." does not.
    is_initial = inside[-2:-1].isalpha() and inside[-3:-2] in (".", "")
    return not (is_initial or inside.rsplit(" ", 1)[-1].lower() in _ABBREVIATIONS)
