"""Lines that were broken to fit a page become paragraphs again."""

import re
from collections.abc import Container, Sequence
from itertools import pairwise

__all__ = ["is_wrapped", "joined", "unwrapped", "vocabulary"]

_ENDS_SENTENCE = re.compile(r"[.!?:…]['\"”’)]*$")
_MAX_WRAPPED_CHARS = 130
_MIN_SHARE = 0.6
_MIN_LINES = 3
_MIN_PART = 3
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")


def unwrapped(text: str) -> str:
    """Return a text with one line a paragraph; one that is not wrapped is returned as it is.

    Paragraphs are parted by blank lines or by an indent.
    """
    lines = text.expandtabs(4).splitlines()
    if not is_wrapped(lines):
        return text
    known = vocabulary([line.rstrip() for line in lines])
    return "\n\n".join(joined(paragraph, known) for paragraph in _paragraphs(lines))


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines break inside sentences: most that another follows do not end one."""
    followed = [one.rstrip() for one, after in pairwise(lines) if one.strip() and after.strip()]
    if len(followed) < _MIN_LINES or max(map(len, followed)) > _MAX_WRAPPED_CHARS:
        return False
    inside = sum(not _ENDS_SENTENCE.search(line) for line in followed)
    return inside >= _MIN_SHARE * len(followed)


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


def vocabulary(lines: Sequence[str]) -> frozenset[str]:
    """Return the words of a document, small; those that stand whole, not parted at a line's end.

    Nothing where no line ends with a hyphen: then nobody asks.
    """
    if not any(line.endswith("-") for line in lines):
        return frozenset()
    found: set[str] = set()
    is_parted = False
    for line in lines:
        words = _WORD.findall(line.casefold())
        ends = len(words) - line.endswith("-")
        found.update(words[is_parted:ends])
        is_parted = line.endswith("-")
    return frozenset(found)


def joined(lines: Sequence[str], known: Container[str] = frozenset()) -> str:
    """Return lines as one; a word that was parted at the end of a line is whole again.

    `known` are the words of the document: they tell whether a hyphen belongs to the word.

    >>> joined(["The ferry was car-", "rying 212 people."])
    'The ferry was carrying 212 people.'
    >>> joined(["A well-", "known diver"], {"well", "known"})
    'A well-known diver'
    """
    pieces: list[str] = []
    for line in lines:
        last = pieces[-1] if pieces else ""
        if last.endswith("-") and last[-2:-1].isalpha() and line[:1].isalnum():
            pieces[-1] = last if _keeps_hyphen(last, line, known) else last[:-1]
        elif pieces:
            pieces.append(" ")
        pieces.append(line)
    return "".join(pieces)


def _keeps_hyphen(last: str, line: str, known: Container[str]) -> bool:
    """Whether a hyphen at a line's end would stand in the word anywhere."""
    ahead, behind = _LAST_WORD.search(last[-_MAX_WRAPPED_CHARS:]), _WORD.match(line)
    if not ahead or not behind or not line[0].islower() or not last[-2].islower():
        return True
    one, other = ahead[1].casefold(), behind[0].casefold()
    if f"{one}{other}" in known:
        return False
    # "state-owned" elsewhere, or two words that are words by themselves.
    is_pair = one in known and other in known and min(len(one), len(other)) >= _MIN_PART
    return f"{one}-{other}" in known or is_pair
