"""A follow-up that is only the part of the last question that changes: "And in November 2024?"."""

import re

from service.answering.english import ASKING, CAPITALISED, MONTH, WEEKDAY

__all__ = ["exchanged"]

_TIME = rf"(?:{MONTH}(?: \d{{1,2}},?)?(?: (?:19|20)\d\d)?|(?:19|20)\d\d)(?!\w)"
_BEFORE_TIME = r"(?:in|on|since|during|by|for)"
_BESIDE_EVENT = r"(?:before|after|during|since|until)"
_NAME = rf"{CAPITALISED}(?: {CAPITALISED})*"
# "Why?", "Monday?", "Really?" begin with a capital too.
_NO_NAME = re.compile(rf"{ASKING}|{WEEKDAY}|yes|no|ok|okay|really|and|more", re.IGNORECASE)
_OWNS = re.compile(r"['’]s?$")
_NOUN = r"(?:[\w-]+(?:['’]s?)? ){1,3}"


def exchanged(question: str, part: str) -> str | None:
    """Return the question with the part of its kind replaced; None where it has no such part.

    A time takes the place of a time, what is after something of what is before something, a name
    after a preposition that of the name after the same one, another name that of a name, and a
    thing that of another of its kind.

    >>> exchanged("How did the board vote in June 2024?", "in November 2024?")
    'How did the board vote in November 2024?'
    >>> exchanged("What was her ranking a week before she won?", "after the final?")
    'What was her ranking after the final?'
    >>> exchanged("Who is the chief executive of Halden?", "Brightwater's?")
    'Who is the chief executive of Brightwater?'
    >>> exchanged("Who came second in the women's race in Northfield?", "the men's race.")
    "Who came second in the men's race in Northfield?"
    >>> exchanged("How cold is it?", "in the harbour?")
    """
    part = part.strip().rstrip("?.! ")
    if match := re.fullmatch(rf"(?:{_BEFORE_TIME} )?(?P<time>{_TIME})", part):
        return _with_last(rf"\b{_TIME}", match["time"], question)
    if re.fullmatch(rf"{_BESIDE_EVENT} .+", part):
        return _with_last(rf"\b(?:an? \w+ )?{_BESIDE_EVENT} [^?]*[^?\s]", part, question)
    if match := re.fullmatch(rf"(?P<before>in|at|of|for|from|by|to) (?P<name>{_NAME})", part):
        return _with_last(rf"(?<=\b{match['before']} ){_NAME}(?<!\?)", match["name"], question)
    if re.fullmatch(_NAME, part) and not _NO_NAME.fullmatch(part):
        name = _OWNS.sub("", part)
        return _with_last(rf"(?<=[a-z] ){_NAME}(?<![?.])(?<!['’]s)", name, question)
    if match := re.fullmatch(rf"the {_NOUN}(?P<head>[a-z-]+)", part):
        return _with_last(rf"\bthe {_NOUN}{match['head']}\b", part, question)
    return None


def _with_last(pattern: str, replacement: str, question: str) -> str | None:
    """Return the question with the last match replaced; None without one, or where it is equal."""
    found = list(re.finditer(pattern, question))
    if not found or found[-1].group() == replacement:
        return None
    return question[: found[-1].start()] + replacement + question[found[-1].end() :]
