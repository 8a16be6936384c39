"""Lists of other stories, under a heading that says so."""

import re

from corpus.cleaning.quotations import is_quoted

__all__ = ["drop_related"]

_HEADING = re.compile(
    r"(?:related|recommended|more|popular|trending|latest|most read)\s+"
    r"(?:posts?|stories|articles?|news|coverage|reading|topics|links|content|videos?)"
    r"(?: from [^.!?]{2,40})?\s*:?"
    r"|(?:you (?:may|might) (?:also )?(?:like|be interested in)|read (?:next|also)|see also"
    r"|also read|most (?:read|popular)|recommended for you|editors?['’]s? picks?|related"
    r"|(?:das könnte sie auch interessieren|mehr zum thema|lesen sie auch|à lire aussi|lire aussi"
    r"|sur le même sujet|te puede interesar|lee también|noticias relacionadas))\s*:?",
    re.IGNORECASE,
)
# Headlines may end with a question mark, hardly ever with a full stop.
_ENDS_SENTENCE = re.compile(r"[.!…]['\"”’)]*$")
_BULLET = re.compile(r"[-•*·–►▪]\s?\S")
_MAX_TAIL_LINES = 12
_MAX_HEADING_CHARS = 80


def drop_related(lines: list[str]) -> list[str]:
    """Drop headings such as "Related Posts", and the headlines under them.

    Headlines are told by being all that is left of the text, or by bullets: of a story that goes
    on no more than the heading is dropped.
    """
    position = 0
    while position < len(lines):
        if len(lines[position]) > _MAX_HEADING_CHARS or not _HEADING.fullmatch(lines[position]):
            position += 1
            continue
        lines = lines[:position] + lines[_end_of_list(lines, position + 1) :]
        # What lies before may be a list up to the end now.
        position = 0
    return lines


def _end_of_list(lines: list[str], start: int) -> int:
    rest = [line for line in lines[start:] if line]
    if len(rest) <= _MAX_TAIL_LINES and all(map(_is_headline, rest)):
        return len(lines)
    end = start
    for position in range(start, min(start + 2 * _MAX_TAIL_LINES, len(lines))):
        if not lines[position]:
            continue
        if not _BULLET.match(lines[position]) or not _is_headline(lines[position]):
            break
        end = position + 1
    return end


def _is_headline(line: str) -> bool:
    return not _ENDS_SENTENCE.search(line) and not is_quoted(line)
