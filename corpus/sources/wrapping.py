"""Lines that were broken to fit a page become paragraphs again."""

import re
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["is_wrapped", "joined", "unwrapped"]

_ENDS_SENTENCE = re.compile(r"[.!?:…]['\"”’)]*$")
_MAX_WRAPPED_CHARS = 130
_LEAST_SHARE = 0.6
_LEAST_LINES = 3


def unwrapped(text: str) -> str:
    """Return a text with one line a paragraph; one that is not wrapped is returned as it is.

    Paragraphs are parted by blank lines or by an indent.
    """
    lines = text.expandtabs(4).splitlines()
    if not is_wrapped(lines):
        return text
    return "\n\n".join(joined(paragraph) for paragraph in _paragraphs(lines))


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines break inside sentences: most that another follows do not end one."""
    followed = [one.rstrip() for one, after in pairwise(lines) if one.strip() and after.strip()]
    if len(followed) < _LEAST_LINES or max(map(len, followed)) > _MAX_WRAPPED_CHARS:
        return False
    inside = sum(not _ENDS_SENTENCE.search(line) for line in followed)
    return inside >= _LEAST_SHARE * len(followed)


def _paragraphs(lines: Sequence[str]) -> list[list[str]]:
    margin = min((_indent(line) for line in lines if line.strip()), default=0)
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if not line.strip() or _indent(line) > margin:
            paragraphs.append([])
        if line.strip():
            paragraphs[-1].append(line.strip())
    return [paragraph for paragraph in paragraphs if paragraph]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def joined(lines: Sequence[str]) -> str:
    """Return lines as one; a word that was parted at the end of a line is whole again.

    >>> joined(["The ferry was car-", "rying 212 people."])
    'The ferry was carrying 212 people.'
    """
    pieces: list[str] = []
    for line in lines:
        last = pieces[-1] if pieces else ""
        if last.endswith("-") and last[-2:-1].islower() and line[:1].islower():
            pieces[-1] = last[:-1]
        elif pieces:
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)
