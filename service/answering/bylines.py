"""Who wrote an article stands in lines of their own, which answer nothing else."""

import re
from collections.abc import Sequence

from service.answering.analysis import Analysis
from service.answering.english import CAPITALISED
from service.answering.mentions import Mention

__all__ = ["without_bylines"]

_NAME = rf"{CAPITALISED}(?: {CAPITALISED}){{0,3}}"
_NAMES = rf"{_NAME}(?:(?:,(?: and)?| and| &) {_NAME})*"
# "By Ada Munn", "- Ada Munn and Emil Hartz, Pell Courier", "Contributing: Ada Munn", "Follow Ada
# Munn on Twitter".
_BYLINE = re.compile(
    rf"(?:[Bb]y |BY ){_NAMES}\.?"
    rf"|[-–—−]{{1,2}} ?{_NAMES}\.?"
    r"|(?:[Cc]ontributing|CONTRIBUTING)(?: reporters?| writers?)?:.*"
    r"|\(?(?:[Aa]dditional )?(?:[Rr]eport|[Ww]rit|[Ee]dit)(?:ing|ed) by .*"
    r"|[Ff]ollow .{3,80} on (?:Twitter|Facebook|Instagram|Threads|X)\b.*"
)
# Who said a quotation stands below it in the same way.
_QUOTES = ('"', "”", "»", "’", "'")
_ASKS_FOR_AUTHOR = re.compile(
    r"\b(?:wr(?:o|i)t|auth?or|journalist|report|said|say|quot|edit|contribut)", re.IGNORECASE
)


def without_bylines(mentions: Sequence[Mention], question: Analysis) -> list[Mention]:
    """Return the mentions but for those in lines that only tell who wrote something.

    Unless that may be what is asked for.
    """
    if _ASKS_FOR_AUTHOR.search(question.text):
        return list(mentions)
    return [one for one in mentions if not _is_in_byline(one)]


def _is_in_byline(mention: Mention) -> bool:
    text = mention.field_text
    start = text.rfind("\n", 0, mention.start) + 1
    end = text.find("\n", mention.end)
    line = text[start : end if end >= 0 else len(text)].strip()
    return bool(_BYLINE.fullmatch(line)) and not text[:start].rstrip().endswith(_QUOTES)
