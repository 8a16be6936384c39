"""What a sentence itself calls a thing of the past does not answer a question about now."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from index.lexical.bm25 import stems
from service.answering.analysis import Analysis
from service.answering.mentions import Mention
from service.answering.scoring import article_stems

__all__ = ["without_former"]

# What is asked for is of the past, or where something came from.
_ASKS_OF_BEFORE = re.compile(
    r"\b(?:from|before|previous\w*|earlier|former\w*|original\w*|initial\w*|old|first|until|leav\w*|left"
    r"|predecessor|succeed\w*|success\w*|replac\w*|oust\w*|unseat\w*|beat\w*|defeat\w*|used to)\b",
    re.IGNORECASE,
)
_ABOUT = r"(?:(?:an?|the|about|around|some|roughly|nearly|almost|just|only|over|more than) ){0,2}"
_NUMBER = r"[$€£]?(?:\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b)"
# "to 5% from 4.75%", "up from 52%"; "from 63 to 66" goes on behind the value.
_CAME_FROM = re.compile(
    rf"\b(?:(?:up|down) from|to {_ABOUT}{_NUMBER}[^;:()\n]{{0,40}} from) {_ABOUT}$", re.IGNORECASE
)
_FROM = re.compile(rf"\bfrom {_ABOUT}$", re.IGNORECASE)
_GOES_TO = re.compile(rf"(?: [\w%-]+){{0,3}} to {_ABOUT}{_NUMBER}", re.IGNORECASE)
# "moves its base from Brandwick to Kelderport".
_MOVES = re.compile(
    r"\b(?:mov|relocat|switch|shift|transfer|renam|chang)\w*\b[^;:()\n]{0,60}\bfrom (?:the )?$",
    re.IGNORECASE,
)
_TO_NAME = re.compile(r" to (?:the )?[^\W\d_a-z]")
# "the former mayor, Ada Munn", "succeeds Ada Munn".
# The post may be named by its place: "the former Pell mayor".
_FORMER = re.compile(
    r"\b(?:[Ff]ormer|[Oo]utgoing|[Ee]x-?)\s?(?P<post>(?:[A-Z][\w’'-]* )?(?:[a-z][\w’'-]*,? ){1,5})$"
)
_AFTER = (
    r"\b(?:succeed(?:s|ed|ing)?|replac(?:es?|ed|ing)|oust(?:s|ed|ing)?|unseat(?:s|ed|ing)?"
    r"|t(?:ake|ook|akes|aking) over from|predecessor)"
)
_GONE = re.compile(rf"{_AFTER} (?:[\w’'.-]+ ){{0,3}}$", re.IGNORECASE)
_SAID_OF_OTHERS = re.compile(rf" {_AFTER}", re.IGNORECASE)
_NAME = r"[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'.-]+)*"
# "Ines Calder ousts Mayor Emil Hartz", "defeated the incumbent Emil Hartz", "beat Emil Hartz in the
# mayoral election".
_WHOM = re.compile(
    rf"(?:(?i:{_AFTER})|(?P<beat>\b(?:beat|defeat)(?:s|ed|en|ing)?)) (?:[\w’'.-]+ ){{0,3}}?"
    rf"(?P<name>{_NAME})[^.;]{{0,60}}"
)
_ELECTION = re.compile(r"\b(?:(?:re-)?elect|vot|poll|runoff|incumbent|sitting)\w*\b", re.IGNORECASE)
# Not who resigned or died: that is one who is gone.
_WHO_IS = re.compile(
    r"(?:and )?who(?:['’]s| is| are| runs?| leads?| heads?| chairs?| owns?| coach(?:es)?| manages?"
    r"| governs?)\b",
    re.IGNORECASE,
)
_MAX_BEFORE = 80


def without_former(mentions: Sequence[Mention], question: Analysis) -> list[Mention]:
    """Return the mentions but for those that their own sentence says are of the past.

    "4.75%" of "raised it to 5% from 4.75%", Ada Munn of "succeeds Ada Munn". A question about the
    past, or as of a day before the article, may well be answered by one. Where it is asked who
    holds a post, mentions in older articles of who is gone since are marked as past.
    """
    if _ASKS_OF_BEFORE.search(question.text):
        return list(mentions)
    kept = [one for one in mentions if not _is_former(one, question)]
    if not _WHO_IS.match(question.asked):
        return kept
    gone = _gone(mentions, question)
    return [one for mention in kept for one in _of_holder(_cut(mention), gone)]


def _gone(mentions: Sequence[Mention], question: Analysis) -> Mapping[str, date]:
    """Return who holds a post no more, by the last word of the name, and since what day.

    As articles tell in their headline or a passage read, if they have all that the question is
    about.
    """
    found: dict[str, date] = {}
    for one in {mention.hit.passage: mention.hit for mention in mentions}.values():
        day = one.article.day
        names = set(_gone_in(f"{one.article.title}\n{one.text}"))
        if not names or day is None or (question.day and question.day < day):
            continue
        if article_stems(one.article).issuperset(question.terms):
            found |= {name: max(day, found.get(name, day)) for name in names}
    return found


def _gone_in(text: str) -> Iterator[str]:
    for match in _WHOM.finditer(text):
        if not match["beat"] or _ELECTION.search(match[0]):
            yield _surname(match["name"])


def _of_holder(mention: Mention, gone: Mapping[str, date]) -> Iterator[Mention]:
    """Yield a mention unless its own article tells that who it names is gone.

    Older articles were right in their time: what they say is a value of the past.
    """
    day, since = mention.hit.article.day, gone.get(_surname(mention.text))
    if since is None or day is None or day > since:
        yield mention
    elif day < since:
        yield replace(mention, is_past=True)


def _surname(name: str) -> str:
    return re.sub(r"['’]s?$", "", name.split()[-1]).casefold()


def _cut(mention: Mention) -> Mention:
    """Return a mention without what it says of others: "Calder" of "Calder ousts Hartz"."""
    said = _SAID_OF_OTHERS.search(mention.text)
    if not said:
        return mention
    return replace(mention, end=mention.start + said.start(), text=mention.text[: said.start()])


def _is_former(mention: Mention, question: Analysis) -> bool:
    day = mention.hit.article.day
    if question.day and day and question.day < day:
        return False
    text = mention.field_text
    before = text[max(mention.quote_start, mention.start - _MAX_BEFORE) : mention.start]
    if mention.value:
        after = text[mention.end : mention.quote_end]
        return mention.value.type != "date" and bool(
            _CAME_FROM.search(before) or (_FROM.search(before) and _GOES_TO.match(after))
        )
    if _MOVES.search(before) and _TO_NAME.match(text, mention.end):
        return True
    if not _WHO_IS.match(question.asked):
        return False
    former = _FORMER.search(before)
    is_post = former and not set(stems(former["post"])).isdisjoint(question.terms)
    return bool(is_post or _GONE.search(before))
