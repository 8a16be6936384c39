"""A follow-up question made to stand alone, out of words that were already said."""

import re
from collections.abc import Sequence

from service.answering.answer import Turn

__all__ = ["make_standalone"]

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_CONTINUES = re.compile(r"^(?:and|but|or|so|also|what about|how about)\b[\s,]*", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|she|him|her|they|them)\b", re.IGNORECASE)
_OWNER = re.compile(r"\b(?:his|her|their|its)(?=\s+\w)", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:it|this|that|these|those|there|then|the same|one|ones|others?)\b", re.IGNORECASE
)
# A name: capitalised words, with the small words that names hold inside.
_NAME = re.compile(
    r"\b[^\W\d_a-z]\w*(?:['’.-]\w+)*(?:\s+(?:of|the|de|del|van|von|al|la|da)\b(?=\s+[^\W\d_a-z])"
    r"|\s+[^\W\d_a-z]\w*(?:['’.-]\w+)*)*"
)
_QUESTION_WORDS = frozenset(
    "who whom whose what which when where why how is are was were did does do has have had can "
    "could will would should in on at by for from to and but the a an according".split()
)
# "Why?", "When exactly?": with so few words the topic must lie in what was said before.
_FEW_WORDS = 3


def make_standalone(question: str, history: Sequence[Turn]) -> str:
    """Return `question` with what it takes from `history` put in; itself when it takes nothing.

    A person's pronoun gives way to the name last spoken of; what else points back (or is too
    short to stand alone) has the last question set before it.
    """
    if not history or not _points_back(question):
        return question
    name = _last_name(history)
    if name and (_PERSON.search(question) or _OWNER.search(question)):
        return _put_name(question, name)
    topic = _topic(history)
    return f"{topic} {_CONTINUES.sub('', question)}".strip()


def _points_back(question: str) -> bool:
    if _CONTINUES.match(question) or _PERSON.search(question) or _OWNER.search(question):
        return True
    if len(_WORD.findall(question)) <= _FEW_WORDS:
        return not _names(question)
    # "Is there a …" and a clause with "that" say nothing of earlier turns when the question
    # brings a name of its own.
    return bool(_THING.search(question)) and not _names(question)


def _put_name(question: str, name: str) -> str:
    question = _CONTINUES.sub("", question)
    question = _OWNER.sub(f"{name}'s", question)
    return _PERSON.sub(name, question)


def _last_name(history: Sequence[Turn]) -> str | None:
    """Return the name that a pronoun most likely means: the last answer, else in a question."""
    for turn in reversed(history):
        for text in (turn.answer, turn.question):
            if text and (names := _names(text)):
                return names[-1]
    return None


def _names(text: str) -> list[str]:
    found = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and words[0].casefold() in _QUESTION_WORDS:
            words = words[1:]
        if words:
            found.append(" ".join(words))
    return found


def _topic(history: Sequence[Turn]) -> str:
    """Return the last question that stands alone, and those after it."""
    topic: list[str] = []
    for turn in reversed(history):
        topic.insert(0, turn.question.strip())
        if not _points_back(turn.question):
            break
    return " ".join(topic)
