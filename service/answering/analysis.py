"""What a question asks for, found out once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.sentences import sentence_spans
from index.lexical.bm25 import query_terms, stems
from service.answering.english import ASKING, AUXILIARIES, MODALS, WEEKDAY
from service.answering.followups import names_in
from service.answering.periods import asked_day, asked_years, is_of_these_days
from service.answering.places import is_country, is_us_state
from service.answering.values.value import Value

__all__ = [
    "Analysis",
    "AnswerType",
    "QuestionKind",
    "analyse",
    "as_news_writes",
    "as_question",
    "fits",
    "may_change",
    "parts_of",
    "question_kind",
]

QuestionKind = Literal["fact", "list", "reason", "yes-no"]
AnswerType = Literal["country", "state", "city", "percent", "age", "number", "date", "person"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A question taken apart.

    `text` stands alone, `asked` is what is read for: of a question that follows on others the last
    clause. `expected` is the type of its answer, None when any may be right. `terms`
    are the stems that tell what it is about, `own` all of its stems. `names` are the names in it
    as written. `years` are those that it speaks of, `day` the last day of the time that it asks
    about, None when it names none.
    """

    text: str
    asked: str
    kind: QuestionKind
    expected: AnswerType | None
    terms: tuple[str, ...]
    own: frozenset[str]
    names: tuple[str, ...]
    years: frozenset[int]
    day: date | None
    as_of: date | None


def analyse(text: str, asked: str | None = None, as_of: date | None = None) -> Analysis:
    """Return what a question that stands alone asks for, seen from the day `as_of`."""
    asked = as_news_writes(asked or text)
    asking = _last_sentence(asked)
    return Analysis(
        text=text,
        asked=asked,
        kind=question_kind(asking),
        expected=_expected_type(asking),
        terms=tuple(query_terms(text)),
        own=frozenset(stems(text)),
        names=tuple(dict.fromkeys(names_in(text))),
        years=asked_years(text),
        day=asked_day(text, as_of),
        as_of=as_of,
    )


_BARE_NUMBER = re.compile(r"(?<![\w.,])(?:\d{4,}|\d{1,3}(?:,\d{3})+)(?![\w,]|\.\d)")
# What comes after these is a year or a name.
_BEFORE_YEAR = re.compile(
    r"\b(?:in|since|by|until|before|after|of|flight|room|route|number|no\.) $", re.IGNORECASE
)
_FIRST_YEAR, _LAST_YEAR = 1500, 2100


def as_news_writes(text: str) -> str:
    """Return a text with its large numbers as news writes them; years stay.

    >>> as_news_writes("What cost 2800000 and passed 9000 in 2024?")
    'What cost 2.8 million and passed 9,000 in 2024?'
    """

    def written(match: re.Match[str]) -> str:
        number = int(match[0].replace(",", ""))
        is_year = _FIRST_YEAR <= number < _LAST_YEAR or _BEFORE_YEAR.search(text[: match.start()])
        if "," not in match[0] and (is_year or match[0].startswith("0")):
            return match[0]
        for scale, name in ((10**9, "billion"), (10**6, "million")):
            if number >= scale and number % (scale // 100) == 0:
                return f"{number / scale:g} {name}"
        return f"{number:,}"

    return _BARE_NUMBER.sub(written, text)


_PARTS = re.compile(
    rf"^(?P<first>(?:{ASKING})\b.+?\w),? (?:and|or) "
    rf"(?P<second>(?:{ASKING})\s+\S+\s+\S.*)$",
    re.IGNORECASE,
)


_ROLE = (
    r"(?:owner|winner|champion|mayor|captain|skipper|ceo|boss|chief executive|president|premier"
    r"|(?:prime )?minister|chancellor|governor|director|author|writer|coach|manager|head|leader"
    r"|founder|editor|chair(?:man|woman|person)?|spokes(?:man|woman|person)|senator|king|queen|pope"
    r"|host|inventor|architect)"
)
_ASKS_FOR_ROLE = re.compile(
    rf"(?:the )?((?:[\w’'&.-]+ ){{1,5}}{_ROLE}(?: (?:in )?\d{{4}})?|{_ROLE} of [\w’'&. -]+)",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(rf"\b(?:{ASKING}|{AUXILIARIES}|{MODALS})\b", re.IGNORECASE)


def as_question(text: str) -> str:
    """Return key words that ask who somebody is as a question; any other text as it is.

    >>> as_question("Kessock Dam owner"), as_question("captain of the Santa Brígida")
    ('Who is the Kessock Dam owner?', 'Who is the captain of the Santa Brígida?')
    >>> as_question("Kessock Dam"), as_question("Who was the winner")
    ('Kessock Dam', 'Who was the winner')
    """
    words = _ASKS_FOR_ROLE.fullmatch(text.strip().rstrip("?"))
    return f"Who is the {words[1]}?" if words and not _IN_WORDS.search(text) else text


_ASKING = re.compile(rf"\s*(?:and |but |or )?(?:{ASKING})\b", re.IGNORECASE)


def parts_of(text: str) -> tuple[str, ...]:
    """Return the questions that are asked at once, in one sentence or two; most often it is one.

    >>> parts_of("Who is the captain and how many people were rescued?")
    ('Who is the captain?', 'how many people were rescued?')
    """
    whole = re.findall(r"[^?]*\?", text)
    if len(whole) == 2 and all(_ASKING.match(one) for one in whole):
        return (whole[0].strip(), whole[1].strip())
    parts = _PARTS.match(text)
    return (f"{parts['first']}?", parts["second"]) if parts else (text,)


def _last_sentence(text: str) -> str:
    # What stands before it tells of the matter, it asks for nothing.
    bounds = sentence_spans(text)
    return text[slice(*bounds[-1])] if bounds else text


_REASON = re.compile(
    r"^(?:\w+ ){0,2}?(?:why\b|how come\b|for what reasons?\b"
    r"|what (?:was|is|were|are) the reasons?\b"
    r"|how (?:did|does|do|was|were|is|are|will|would|can|could|has|have|had)\b)",
    re.IGNORECASE,
)
_PLURAL = r"(?!(?:was|has|is|its|does|this)\b)[\w-]+(?<![su])s"
# What comes after a plural; after a verb in the third person comes something else.
_VERB = (
    r"(?:were|are|have|had|do|did|will|would|can|could|may|might|must|should|took|made|won|lost|cut"
    r"|went|came|got|gave|left|fell|rose|hit|beat|saw|sold|bought|said|who|that|of|\w+ed)"
)
_LIST = re.compile(
    r"^(?:(?:in|on|at|by|from|to|for|with|of|against) )?(?:"
    rf"(?:which|what)(?! of)(?: \w+){{0,2}} {_PLURAL} {_VERB}\b"
    r"|(?:which|what) (?:\w+ )?(?:people|men|women|children|countries|data|criteria)\b"
    r"|who (?:were|are|have been)\b"
    r"|(?:what|who) (?:else )?(?:were|are) (?:the|some|all)\b"
    r"|(?:name|list) (?:the|all|some|two|three|four|five)\b)",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    rf"^(?:{AUXILIARIES}|{MODALS}|may|must)\b"
    r"(?!.*\b(?:or|who|whom|what|which|when|where|why)\b)",
    re.IGNORECASE,
)


def question_kind(question: str) -> QuestionKind:
    """Return whether a question asks for a fact, for several, for a reason, or for yes or no.

    >>> question_kind("Which villages were flooded?"), question_kind("How did the fire start?")
    ('list', 'reason')
    >>> question_kind("Was anyone hurt?")
    'yes-no'
    """
    if _REASON.search(question):
        return "reason"
    if _YES_NO.search(question):
        return "yes-no"
    return "list" if _LIST.search(question) else "fact"


# What is so, was so, or is counted; what did happen has no such verb: "Who won the cup?".
_LASTS = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|does|do|will|would)\b|['’]s\b"
    r"|\bhow (?:many|much|old|long|big|high|deep|tall|large|far|fast)\b"
    r"|\b(?:own|lead|run|operate|hold|head|manage|coach|play|cause)(?:s|ed)?\b|\b(?:led|held)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(
    rf"\bnext (?:week|weekend|month)\b|\b(?:announced|recently)\b|\b{WEEKDAY}\b", re.IGNORECASE
)


def may_change(question: str) -> bool:
    """Tell whether the answer to a question may be another one at another time.

    >>> may_change("Who owns the ferry?"), may_change("Who won the cup?")
    (True, False)
    """
    return bool(_LASTS.search(question)) and not (
        is_of_these_days(question) or _ONCE.search(question)
    )


# Before a noun that is asked for; a verb or an article there begins something else.
_ADJECTIVES = (
    r"(?:(?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|the|an?)\b)[\w.-]+ )"
    r"{0,3}?"
)
_WHICH = rf"\b(?:which|what) {_ADJECTIVES}"
# A city's mayor is no city. But "which country's president resigned" asks for the country.
_ITSELF = r"\b(?!['’]s|s['’])"
_PATTERNS: Mapping[AnswerType, str] = {
    "country": rf"{_WHICH}(?:country|countries|nations?)\b",
    "state": rf"{_WHICH}(?:US|U\.S\.|American|southern|swing) states?{_ITSELF}"
    rf"|\b(?:which|what) states?{_ITSELF}",
    "city": rf"{_WHICH}(?:city|cities|towns?){_ITSELF}",
    "percent": rf"{_WHICH}percent(?:age)?\b|\bhow many percent\b",
    "age": r"\bhow old\b",
    "number": r"\bhow (?:many|much)\b",
    "date": rf"{_WHICH}(?:year|month|day|date){_ITSELF}"
    r"|^when\b (?:is|are|was|were|do|does|did|has|have|had|will)\b|\bsince: *$",
    "person": r"^who(?:m|se)?\b|\b(?:by|to|from|for|with|of|against) who(?:m|se)?\b"
    rf"|{_WHICH}(?:person|man|woman|act(?:or|ress)|singer|rapper|celebrity|politician|senator"
    r"|lawmaker|governor|mayor|congress(?:wo)?man|president|director|author|musician|minister"
    rf"|candidate|coach|player|comedian|host){_ITSELF}|\bwhat(?: is|['’]s| was) (?:his|her) name\b",
}
# A question's own words, and those that stand for something named elsewhere.
_NO_ANSWERS = frozenset(
    "what who which when where why how whose whom this that these those it he she they him her "
    "them his its their there here i we you".split()
)
_TIME_WORD = re.compile(r"\b(?:ago|years?|months?|weeks?|days?|since|(?:1[6-9]|20)\d\d)\b", re.I)


def _expected_type(asking: str) -> AnswerType | None:
    found = (name for name, one in _PATTERNS.items() if re.search(one, asking, re.IGNORECASE))
    return next(found, None)


def fits(expected: AnswerType | None, text: str, value: Value | None) -> bool:
    """Tell whether an answer may be one of the type that is expected, by its words and value."""
    if text.casefold() in _NO_ANSWERS:
        return False
    if expected is None:
        return True
    is_date = value is not None and value.type == "date"
    if expected == "country":
        return is_country(text)
    if expected == "state":
        return is_us_state(text)
    if expected == "percent":
        return value is not None and value.type in ("percent", "range")
    if expected == "age" and text.endswith("-year"):
        # "A 22-year veteran" is older.
        return False
    if expected in ("age", "number"):
        return not is_date and (value is not None or any(map(str.isdigit, text)))
    if expected == "date":
        return is_date or _TIME_WORD.search(text) is not None
    is_name = value is None and text != text.lower() and not is_country(text)
    # There are cities that are called like their state.
    return is_name and (expected == "city" or not is_us_state(text))
