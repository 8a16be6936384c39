"""Watches and entries as they are sent and printed."""

from typing import Self

from service.api.bodies.answers import AnswerBody
from service.api.bodies.requests import Body, FiltersBody
from service.watching.watch import Change, Entry, Outcome, Watch

__all__ = ["EntryBody", "OutcomeBody", "WatchBody"]


class OutcomeBody(Body):
    """What a watched question led to: an answer with its citations, or the reason for none."""

    answered: bool
    answer: AnswerBody | None
    """Null if and only if there is a reason. Of articles that were removed since, citations have
    no title and no quote."""
    reason: str | None

    @classmethod
    def of(cls, outcome: Outcome) -> Self:
        """Return the outcome as it is sent."""
        answer = outcome.answer
        return cls(answered=answer is not None, answer=answer, reason=outcome.reason)


class WatchBody(Body):
    """A watched question, and what its answer is now."""

    id: str
    question: str
    name: str | None
    """For whom it is."""
    filters: FiltersBody
    webhook: str | None
    """Where its entries are sent."""
    created: str
    """ISO 8601, in UTC."""
    checked: str | None
    """When its answer was last known to be current; null until it was asked."""
    snapshot: int | None
    """Number of the snapshot of the archive that its answer is current with."""
    is_due: bool
    """Whether it is still to be asked again."""
    outcome: OutcomeBody | None
    """What it led to when it was asked last; null until it was asked."""
    trouble: str | None
    """Why it could not be asked last time."""

    @classmethod
    def of(cls, watch: Watch) -> Self:
        """Return the watch as it is sent."""
        return cls(
            id=watch.id,
            question=watch.question,
            name=watch.name,
            filters=FiltersBody.of(watch.filters),
            webhook=watch.webhook,
            created=watch.created,
            checked=watch.checked,
            snapshot=watch.snapshot,
            is_due=watch.is_due,
            outcome=OutcomeBody.of(watch.outcome) if watch.outcome else None,
            trouble=watch.trouble,
        )


class EntryBody(Body):
    """A changed answer."""

    number: int
    """Grows with each entry: the `cursor` to go on from."""
    id: str
    """Identifies the entry for ever."""
    watch: str
    """Id of the watch."""
    question: str
    name: str | None
    """For whom the watch is."""
    at: str
    """When the change was noticed: ISO 8601, in UTC."""
    snapshot: int
    """Number of the snapshot of the archive that has it."""
    change: Change
    before: OutcomeBody
    after: OutcomeBody

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the entry as it is sent."""
        return cls(
            number=entry.number,
            id=entry.id,
            watch=entry.watch,
            question=entry.question,
            name=entry.name,
            at=entry.at,
            snapshot=entry.snapshot,
            change=entry.change,
            before=OutcomeBody.of(entry.before),
            after=OutcomeBody.of(entry.after),
        )
