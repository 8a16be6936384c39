"""The rules by which a notice is told from the story, each with a name."""

import re
from dataclasses import dataclass

from corpus.corrections.notice import CorrectionKind

__all__ = ["CHANGE", "RETRACTED", "RULES", "NoticeRule"]

_ARTICLE = (
    r"(?:article|story|report|item|piece|post|page|column|interview|obituary|review|dispatch"
    r"|headline|caption|subheading|summary|chart|graphic|photo caption|video|timeline|newsletter)"
)
# "This article", "this May 5 story", "a photo caption with this article".
_THIS = rf"(?:this|our) (?:[\w.,-]+ ){{0,3}}?{_ARTICLE}"
_OF_THIS = rf"(?:of|in|with|to|on) (?:this|the|our|an?) (?:[\w.,-]+ ){{0,3}}?{_ARTICLE}"
_HAS = r"(?:has been|have been|had been|was|were|is being)(?: since)?(?: (?:later|twice|again))?"
_DATE = r"(?:\s*[,(]\s*[^:()\n]{3,40}\)?|\s+(?:on\s+)?[^:()\n]{3,30})?"
_MARK = r"\s*(?::|[—–]|-\s|\|)"

CHANGE = re.compile(
    r"\b(?:correct(?:s|ed|ion|ions)|clarif(?:y|ies|ied|ication)|amend(?:ed|ment)|retract\w*"
    r"|withdr[ae]wn?|misstated|misspell?ed|misspelt|misidentified|misattributed|misquoted"
    r"|incorrect(?:ly)?|erroneous(?:ly)?|wrong(?:ly)?|inaccurate(?:ly)?|in error"
    r"|(?:earlier|previous|original|initial) version|previously (?:said|stated|reported|gave)"
    r"|(?:has|have) been (?:changed|updated|edited|revised|removed)"
    r"|was (?:changed|updated|edited|revised|removed))\b",
    re.IGNORECASE,
)
"""Words by which a note is about a change."""


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """One way in which notices begin.

    `begins` is matched where a paragraph begins, or any sentence where `anywhere` says so. With
    `of_change` the paragraph must also speak of a change. A paragraph that is only such a `head`
    takes the next one along.
    """

    name: str
    what: str
    kind: CorrectionKind
    begins: re.Pattern[str]
    anywhere: bool = False
    of_change: bool = False
    head: re.Pattern[str] | None = None


def _begins(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _alone(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(patterns)}){_DATE}\s*[:.—–-]?", re.IGNORECASE)


_CORRECTION = r"corrections?(?: (?:and|&|or) clarifications?)?(?: (?:notice|appended|note))?"
_CLARIFICATION = r"clarifications?(?: (?:and|&) corrections?)?(?: notice)?"
_NOTE = r"(?:editor|editors|publisher|public editor)(?:['’]s?|s['’])?(?:\s+|-)(?:note|correction)"

RETRACTED = _begins(
    rf"(?:{_THIS}|the (?:article|story|report)(?: (?:above|below))?) {_HAS} "
    r"(?:formally |fully )?(?:retracted|withdrawn)\b",
    rf"(?:we|the (?:\w+ ){{1,4}}?)(?: ?(?:has|have))? ?(?:retract(?:ed)?|withdr[ae]wn?) {_THIS}\b",
    rf"(?:we|the (?:\w+ ){{1,4}}?) ?(?:is|are) (?:retracting|withdrawing) {_THIS}\b",
)
"""What an outlet says when it takes an article back; in any notice it makes a retraction of it."""

RULES = (
    NoticeRule(
        "retraction-heading",
        '"Retraction:", "Retracted:", "Retraction notice"',
        "retraction",
        _begins(rf"retract(?:ion|ed)(?: notice)?{_DATE}{_MARK}"),
        head=_alone(r"retraction(?: notice)?"),
    ),
    NoticeRule(
        "retracted",
        '"This article has been retracted", "We have withdrawn this story"',
        "retraction",
        RETRACTED,
        anywhere=True,
    ),
    NoticeRule(
        "correction-heading",
        '"Correction:", "Corrections and clarifications:", "For the record:", "Corrected on ...:"',
        "correction",
        _begins(
            rf"{_CORRECTION}{_DATE}{_MARK}",
            rf"corrected(?: (?:on|at))?{_DATE}\s*:",
            r"for the record\s*[:—–]",
        ),
        head=_alone(_CORRECTION, r"for the record"),
    ),
    NoticeRule(
        "clarification-heading",
        '"Clarification:"',
        "clarification",
        _begins(rf"{_CLARIFICATION}{_DATE}{_MARK}"),
        head=_alone(_CLARIFICATION),
    ),
    NoticeRule(
        "editors-note",
        '"Editor\'s note:", where it speaks of a change',
        "editors-note",
        _begins(rf"{_NOTE}{_DATE}{_MARK}"),
        of_change=True,
        head=_alone(_NOTE),
    ),
    NoticeRule(
        "earlier-version",
        '"An earlier version of this article misstated ..."',
        "correction",
        _begins(
            rf"(?:an?|the|our|this|some)? ?(?:earlier|previous|prior|original|initial|first|older) "
            rf"(?:versions?|editions?|drafts?) {_OF_THIS}\b",
            rf"(?:an?|the) (?:earlier|previous|original) (?:{_ARTICLE}|version)"
            r"(?: (?:also|had))? (?:incorrectly|wrongly|mistakenly|erroneously|misstated|misspelled"
            r"|misspelt|misidentified|misattributed|misquoted)\b",
            rf"(?:an?|the) (?:earlier|previous|original) {_ARTICLE} {_OF_THIS}",
            rf"(?:{_THIS}|an? (?:photo )?caption {_OF_THIS}) (?:originally|initially|previously"
            r"|earlier|incorrectly|wrongly|mistakenly|erroneously|misstated|misspelled|misspelt"
            r"|misidentified|misattributed|misquoted)\b",
        ),
        anywhere=True,
    ),
    NoticeRule(
        "amended",
        '"This article was amended on ...", "This story has been corrected to ..."',
        "amendment",
        _begins(
            rf"{_THIS} {_HAS} (?:amended|corrected|clarified)\b",
            rf"{_THIS} {_HAS} (?:updated|changed|edited|revised|modified)\b[^.\n]{{0,60}}?"
            r"\b(?:to (?:correct|clarify|fix|amend|remove|make clear)|because|after (?:it|we)"
            r"|in light of|earlier version)\b",
            rf"the (?:article|story|report|headline|caption)(?: (?:above|below))? {_HAS} "
            r"(?:amended|corrected|clarified|updated|changed)\b[^.\n]{0,60}?"
            r"\b(?:to (?:correct|clarify|reflect|fix|say|show|remove)|because|earlier version)\b",
            rf"we have (?:amended|corrected|clarified) {_THIS}\b",
        ),
        anywhere=True,
    ),
    NoticeRule(
        "corrects",
        '"(Corrects toll in second paragraph)", "(This story corrects ...)"',
        "correction",
        _begins(
            r"\(\s*corrects\b",
            r"\(\s*corrected\b[^)\n]{0,80}\bto\b",
            r"\(\s*refil(?:es|ed|ing) to (?:correct|clarify|fix)\b",
            rf"\(\s*{_THIS} (?:has been )?correct(?:s|ed)\b",
        ),
        anywhere=True,
    ),
)
"""In the order in which they are tried."""
