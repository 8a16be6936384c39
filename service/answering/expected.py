"""What an answer must be like: a country where a country is asked for."""

import re
from collections.abc import Mapping
from typing import Literal

from corpus.sentences import sentence_spans
from service.answering.places import is_country, is_us_state
from service.answering.values.value import Value

__all__ = ["AnswerType", "expected_type", "fits"]

AnswerType = Literal["country", "state", "city", "percent", "number", "date", "person"]

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
    "number": r"\bhow (?:many|old|much)\b",
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


def expected_type(question: str) -> AnswerType | None:
    """Return what a question asks for, None when any answer may be right.

    >>> expected_type("Which other South American country left the bloc?")
    'country'
    """
    # What stands before the last sentence tells of the matter, it asks for nothing.
    bounds = sentence_spans(question)
    asking = question[slice(*bounds[-1])] if bounds else question
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
    if expected == "number":
        return not is_date and (value is not None or any(map(str.isdigit, text)))
    if expected == "date":
        return is_date or _TIME_WORD.search(text) is not None
    is_name = value is None and text != text.lower() and not is_country(text)
    # There are cities that are called like their state.
    return is_name and (expected == "city" or not is_us_state(text))
