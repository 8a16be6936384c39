"""What changed between two answers to one question."""

from collections.abc import Callable, Sequence
from typing import Literal

from service.answering.analysis import analyse
from service.answering.mentions import Words, same
from service.answering.values.value import Value
from service.api.bodies.answers import AnswerBody, CitationBody
from service.watching.watch import Change, Outcome

__all__ = ["Proof", "change_between", "is_same_answer"]

Proof = Literal["stands", "changed", "gone"]
"""What became of a citation: its quote stands, its article says something else, or is gone."""


def change_between(
    before: Outcome, after: Outcome, question: str, proof_of: Callable[[CitationBody], Proof]
) -> Change | None:
    """Return what changed, None when both say the same.

    Sameness is that of `service.answering.mentions`: "20" and "twenty" are one answer, and so is
    one that is cited from elsewhere.
    """
    old, new = before.answer, after.answer
    if old is None:
        return "answered" if new else None
    if new and is_same_answer(old, new, question):
        return "conflict" if new.conflict and not old.conflict else None
    proofs = [proof_of(citation) for citation in old.citations]
    if all(proof == "gone" for proof in proofs):
        return "withdrawn"
    if new is None:
        return "unanswered"
    # Where one of its articles still says it, others have something else to say.
    return "corrected" if "changed" in proofs and "stands" not in proofs else "new-value"


def is_same_answer(one: AnswerBody, other: AnswerBody, question: str) -> bool:
    """Tell whether two answers say the same; those with items, whether each has all items."""
    asked = analyse(question)

    def has_all(some: Sequence[Words], others: Sequence[Words]) -> bool:
        return all(any(same(word, known, asked) for known in others) for word in some)

    first, second = _said(one), _said(other)
    return has_all(first, second) and has_all(second, first)


def _said(answer: AnswerBody) -> list[Words]:
    told = answer.items or (answer,)
    return [Words(one.text, Value(**one.value) if one.value else None) for one in told]  # type: ignore[arg-type]
