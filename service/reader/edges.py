"""Where an answer begins and ends: without the marks around it that are not part of it."""

import unicodedata

__all__ = ["trim"]

_PAIRS = {"(": ")", "[": "]", "“": "”", "‘": "’", '"': '"', "'": "'"}
_LOOSE_START = ",;:.–—"
_LOOSE_END = ",;:.!?–—-"
_ABBREVIATIONS = {"inc.", "corp.", "ltd.", "co.", "jr.", "sr."}


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds without white space, loose punctuation and unpaired quotes at the edges.

    Quotes and brackets around the whole go too; the stop of an abbreviation and the point of
    ".22" stay. None when what is left holds no letter, digit or pictograph.

    >>> text = 'He said "no, (never".'
    >>> trim(text, 8, 21)
    (8, 20)
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
