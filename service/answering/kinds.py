"""What kind of answer a question asks for."""

import re
from typing import Literal

__all__ = ["QuestionKind", "question_kind"]

QuestionKind = Literal["fact", "list", "reason"]

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


def question_kind(question: str) -> QuestionKind:
    """Return whether a question asks for one fact, for several, or for a reason or manner.

    >>> question_kind("Which villages were flooded?"), question_kind("How did the fire start?")
    ('list', 'reason')
    """
    if _REASON.search(question):
        return "reason"
    return "list" if _LIST.search(question) else "fact"
