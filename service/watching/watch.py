"""Watched questions, and what changed in their answers."""

from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID, uuid5

from index.search.query import Filters
from service.answering.answer import AskResult
from service.api.bodies.answers import AnswerBody
from service.api.bodies.requests import Body
from service.api.rendering.answers import answer_body

__all__ = ["CHANGES", "Change", "Entry", "Outcome", "Watch", "entry_id"]

Change = Literal["answered", "new-value", "conflict", "corrected", "withdrawn", "unanswered"]
CHANGES: dict[Change, str] = {
    "answered": "Answered now",
    "new-value": "Another answer",
    "conflict": "Outlets differ now",
    "corrected": "Corrected: the article says something else now",
    "withdrawn": "Withdrawn: no article gives the earlier answer any more",
    "unanswered": "No longer answered",
}
"""The ways in which an answer changes, in words."""

_ENTRIES = UUID("5b0f3d6e-6c0d-4f7e-9a42-1d7f5a3c8e21")


class Outcome(Body):
    """What a watched question led to: an answer with its citations, or the reason for none."""

    answer: AnswerBody | None
    reason: str | None

    @classmethod
    def of(cls, result: AskResult) -> Self:
        """Return what is kept of a result."""
        answer = answer_body(result.answer) if result.answer else None
        return cls(answer=answer, reason=result.reason)


@dataclass(frozen=True, slots=True)
class Watch:
    """A question that is asked again. `owner` is the id of a key, None: whoever has the index.

    `name` is for whom it is. Times are ISO 8601 in UTC. `outcome` is None until it was asked;
    `checked` and `snapshot` are when and of which snapshot its answer is known to be current,
    `trouble` is why it could not be asked last time. `is_due` while it is still to be asked.
    """

    id: str
    owner: str | None
    name: str | None
    question: str
    filters: Filters
    webhook: str | None
    created: str
    outcome: Outcome | None
    checked: str | None
    snapshot: int | None
    is_due: bool
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A changed answer. `number` grows with each entry; `id` is the same for ever.

    `at` is when it was noticed, ISO 8601 in UTC, and `snapshot` the one that changed it.
    """

    number: int
    id: str
    watch: str
    name: str | None
    question: str
    snapshot: int
    at: str
    change: Change
    before: Outcome
    after: Outcome


def entry_id(watch: str, turn: int) -> str:
    """Return the id of the entry for the `turn`-th time that a watch was asked."""
    return str(uuid5(_ENTRIES, f"{watch}/{turn}"))
