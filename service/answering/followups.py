"""A follow-up question made to stand alone, out of words that were already said."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.answering.answer import Turn
from service.answering.ellipsis import exchanged
from service.answering.english import ASKING, AUXILIARIES, MODALS, MONTH, WEEKDAY, WRITING

__all__ = ["Reading", "is_named", "names_in", "readings"]

_CONTINUES = re.compile(r"^(?:and|but|or|so|also|what about|how about)\b[\s,]*", re.IGNORECASE)
_CORRECTS = re.compile(
    r"^(?:(?:no|sorry|oh|oops|wait)\b[\s,.]*)*i (?:meant|mean)\b[\s,:]*", re.IGNORECASE
)
_PERSON = re.compile(r"\b(?:he|she|him|her)\b", re.IGNORECASE)
_OWNER = re.compile(r"\b(?:his|her)(?=\s+\w)", re.IGNORECASE)
_POINTS = re.compile(r"\b(?:they|them|their|its?|there|then|else)\b", re.IGNORECASE)
# These point back only where nothing is named: "the age that marchers in Valmora opposed".
_MAY_POINT = re.compile(r"\b(?:this|that|these|those|the same|ones?|others?)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"^(?:(?:in|on|at|by|for|from|to|with|under|of)\s+)?(?:"
    rf"{ASKING}|{AUXILIARIES}|{MODALS})\s+\S+\s+\S+",
    re.IGNORECASE,
)
# "Where?" asks what the last question asked, but for its first word; "why" asks of its answer.
_BARE = re.compile(r"(where|when|how (?!many|much)\w+)\s*\?*", re.IGNORECASE)
_LAST_ASKED = re.compile(
    r"\b(?:where|when|why|how (?!many|much)\w+)\b(?=[^?]*\??\s*$)", re.IGNORECASE
)
# "By what score?", "For how much?" take the place of the asking words of the last question.
_PHRASE = re.compile(
    r"((?:(?:by|at|in|on|from|to|for|with|of|since|until|against|under) (?:what|which|when|whom?"
    r"|how (?:many|much|long|far|often))|(?:what|which|whose|how many))(?: \w+)?)\s*\?*",
    re.IGNORECASE,
)
_ASKED_FIRST = re.compile(rf"^(?:how \w+|which \w+|{ASKING})\b", re.IGNORECASE)
_IT = re.compile(r"\b(its?|they|them|their)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\s+")
# A name: capitalised words, with the small words that names hold inside.
_NAME = re.compile(
    r"\b[^\W\d_a-z]\w*(?:['’.-]\w+)*"
    r"(?:\s+(?:of|the|de|del|van|von|al|la|da)\b(?=\s+[^\W\d_a-z])"
    r"|\s+[^\W\d_a-z]\w*(?:['’.-]\w+)*)*"
)
_NO_NAME = re.compile(
    rf"(?:{ASKING}|{AUXILIARIES}|{MODALS}|in|on|at|by|for|from|to|and|but|the|an?|according|no|not"
    rf"|mr|mrs|ms|dr|sorry|i|{WEEKDAY}|{MONTH}"
    # Questions of other languages begin with a capital too.
    r"|wer|was|wann|wo|warum|wie|welche[rs]?|qui|que|quoi|quand|où|comment|pourquoi|combien|quel(?:le)?"
    r"|quién|qué|cuándo|dónde|cómo|cuánt[oa]s?|quando|dove|chi|come|perché)\.?",
    re.IGNORECASE,
)
_WISH = re.compile(rf"{WRITING}|tell|show|give|find|list|name|please|write", re.IGNORECASE)
# Without a name, so many words of some weight tell what a question is about: "Who first identified
# the reed fever virus?", but not "Who wrote the bill?".
_TELLING_WORDS = 4
_TELLS_NOTHING = re.compile(
    rf"{ASKING}|{AUXILIARIES}|be|been|{MODALS}"
    r"|in|on|at|by|for|from|to|with|of|and|or|the|an?|as|up|out|after"
    r"|before|during|many|much|long|old|far|new|now|time|day|days|year|years|people|name|set|last"
    r"|take|took|effect|begin|began|start|started|end|ended|go|went|come|came|make|made|get|got"
    r"|worth|cost|called|happen|happened|want|wants|say|said|s|t",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(?:open|cup|bank|university|college|school|party|union|court|council|hills?|bay|river"
    r"|street|museum|prize|league|club|city|county|airport|company|corp|inc|ltd|group|institute"
    r"|trust|agency|hospital|line|bridge|dam|island|north|south|east|west|new)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question: what is searched for, and what is read for in it.

    They differ where a topic is needed to find the passages; in them a reader would answer the
    topic instead.
    """

    query: str
    asked: str


def readings(question: str, history: Sequence[Turn]) -> list[Reading]:
    """Return the ways to understand a question after others, the plainest first; most often one.

    What it takes from `history` is put in. "He" and "she" give way to the name last spoken of.
    What points back, or is no clause, has the last whole question set before it, or takes the place
    of its counterpart there. A clause that names nothing and points at nothing may be either: "Who
    is the governor?" may be a new question.
    """
    if not history:
        return [Reading(question, question)]
    alone = _alone(question)
    history = _with_names(history)
    if is_named(history[-1].question):
        return [_of_named(history[-1].question.strip(), alone)]
    topic = _topic(history)
    if correction := _CORRECTS.match(question):
        meant = question[correction.end() :]
        whole = exchanged(topic, meant) or f"{topic} {meant}"
        return [Reading(whole, whole)]
    rest = alone.asked
    if _has_open_pronoun(rest) and (name := _last_person(history)):
        whole = _put_name(rest, name)
        return [Reading(whole, whole)]
    if _is_whole(rest):
        return [alone]
    is_clause = _CLAUSE.match(rest) is not None
    if (bare := _BARE.fullmatch(rest)) and (asked := _LAST_ASKED.search(topic)):
        clause = f"{bare[1].capitalize()}{topic[asked.end() :]}"
        return [Reading(f"{topic[: asked.start()]}{clause}", clause)]
    if short := _with_phrase(topic, rest):
        return [Reading(f"{topic} {rest}", short)]
    # "And Halden?" asks the same of another, "Halden" may begin something new.
    new = [alone] if is_named(question) else []
    if not is_clause and (changed := exchanged(topic, rest)):
        return [Reading(changed, changed), *new]
    whole = f"{topic} {rest}".strip()
    on_topic = Reading(whole, rest if is_clause else whole)
    points_back = _POINTS.search(rest) or _MAY_POINT.search(rest)
    return new or ([on_topic, alone] if is_clause and not points_back else [on_topic])


def _with_phrase(topic: str, phrase: str) -> str | None:
    """Return the last question with its asking words replaced: "By what score" for "who"."""
    last = topic.rstrip(" ?").rpartition("?")[2].strip()
    found, asked = _PHRASE.fullmatch(phrase), _ASKED_FIRST.match(last)
    return f"{found[1].capitalize()}{last[asked.end() :]}?" if found and asked else None


def _alone(question: str) -> Reading:
    """Return a question as if nothing had been asked before."""
    return Reading(question, _CONTINUES.sub("", question))


def is_named(text: str) -> bool:
    """Tell whether a text is a name, and nothing else."""
    return names_in(text) == [text.strip()]


def _with_names(history: Sequence[Turn]) -> list[Turn]:
    """Return the turns with each name that was typed alone put into the question after it."""
    turns: list[Turn] = []
    for turn in history:
        if turns and is_named(turns[-1].question) and not _is_whole(turn.question):
            name = turns.pop().question.strip()
            turn = replace(turn, question=_of_named(name, _alone(turn.question)).query)
        turns.append(turn)
    return turns


def _of_named(name: str, alone: Reading) -> Reading:
    """Return a question about what was named: in place of "she" or "it", else before it."""
    question = alone.asked
    if _is_whole(question) or is_named(question.rstrip("?! ")):
        return alone
    if _has_open_pronoun(question):
        whole = _put_name(question, name)
        return Reading(whole, whole)

    def put(match: re.Match[str]) -> str:
        return f"{name}'s" if match[0].casefold() in ("its", "their") else name

    whole = _IT.sub(put, question, count=1) if _IT.search(question) else f"{name}: {question}"
    return Reading(whole, whole)


def _is_whole(question: str) -> bool:
    """Whether a question is a clause that says what it is about."""
    if not _CLAUSE.match(question):
        return False
    pointer = _POINTS.search(question)
    if names := names_in(question):
        # "Its" after a name means that name.
        return pointer is None or question.find(names[0]) < pointer.start()
    n_telling = sum(not _TELLS_NOTHING.fullmatch(word) for word in re.findall(r"\w+", question))
    return n_telling >= _TELLING_WORDS and not (pointer or _MAY_POINT.search(question))


def _has_open_pronoun(question: str) -> bool:
    """Whether "he" or "she" stands before any name that it could mean."""
    pronoun = _PERSON.search(question) or _OWNER.search(question)
    if pronoun is None:
        return False
    return not any(_is_person(name) for name in names_in(question[: pronoun.start()]))


def _put_name(question: str, name: str) -> str:
    if owner := _OWNER.search(question):
        return f"{question[: owner.start()]}{name}'s{question[owner.end() :]}"
    return _PERSON.sub(name, question, count=1)


def _last_person(history: Sequence[Turn]) -> str | None:
    """Return the name that a pronoun most likely means: of the last answer, else a question."""
    anyone = None
    for turn in reversed(history):
        for text in filter(None, (turn.answer, turn.question)):
            names = names_in(text)
            if people := [name for name in names if _is_person(name)]:
                return people[0]
            anyone = anyone or (names[-1] if names else None)
    return anyone


def _is_person(name: str) -> bool:
    return 2 <= len(name.split()) <= 4 and not _NO_PERSON.search(name)


def names_in(text: str) -> list[str]:
    """Return the names in a question or an answer, without the titles and words before them.

    >>> names_in("How long does the trip on Northfield's Lake Line take?")
    ['Northfield', 'Lake Line']
    """
    found = []
    # One name may own another: articles have each, and seldom both in a row.
    for name in (one for match in _NAME.finditer(text) for one in _POSSESSIVE.split(match.group())):
        words = name.split()
        while words and (_NO_NAME.fullmatch(words[0]) or _is_wish(words[0], text)):
            words = words[1:]
        name = re.sub(r"['’]s?$", "", " ".join(words))
        if len(name) > 1 and not _NO_NAME.fullmatch(name):
            found.append(name)
    return found


def _is_wish(word: str, text: str) -> bool:
    """Whether a text begins with this word, and it wants something: "Compare", "Tell"."""
    return text.lstrip().startswith(word) and _WISH.fullmatch(word) is not None


def _topic(history: Sequence[Turn]) -> str:
    """Return the last whole question, and the clause asked since, if there is one."""
    topic: list[str] = []
    for number, turn in reversed(list(enumerate(history))):
        question = turn.question.strip()
        if number == 0 or _is_whole(_CONTINUES.sub("", question)):
            return " ".join([question, *topic])
        if not topic and _CLAUSE.match(question):
            topic = [question]
    return ""
