"""Jobs, and what they did."""

from datetime import datetime
from typing import Literal

from service.api.bodies.problem import ProblemBody
from service.api.bodies.requests import Body

__all__ = [
    "ConflictBody",
    "JobBody",
    "JobKind",
    "JobState",
    "ReportBody",
    "SkippedBody",
    "UnreadBody",
]

JobKind = Literal["add", "remove", "hold", "release"]
JobState = Literal["running", "done", "failed"]


class SkippedBody(Body):
    """An article that could not be added."""

    line: int | None
    """Line of the body, from 1."""
    reason: str
    """What is wrong with it."""


class UnreadBody(Body):
    """A field that could not be read; the article was added without it."""

    line: int | None
    """Line of the body, from 1."""
    field: str
    value: str
    why: str


class ConflictBody(Body):
    """An article whose id was another's, by its outlet, title, day and words."""

    id: str
    old: str
    """The article that had the id, in words."""
    new: str
    """The article that came."""
    kept: bool
    """Whether the old one stayed."""


class ReportBody(Body):
    """What a job did."""

    snapshot: int
    """Number of the snapshot that has it."""
    added: int
    replaced: int
    unchanged: int
    """Articles that the archive had already, word for word."""
    removed: int
    embedded: int
    """Passages whose meaning can now be searched."""
    skipped: tuple[SkippedBody, ...]
    """Articles that could not be added."""
    kept: int = 0
    """Articles that stayed, as `on_conflict` says, when what looks like another came."""
    unread: tuple[UnreadBody, ...] = ()
    """Fields that could not be read, of articles that were added without them."""
    conflicts: tuple[ConflictBody, ...] = ()
    """The first articles that came under another's id."""


class JobBody(Body):
    """A change to the archive, as far as it is."""

    id: str
    kind: JobKind
    state: JobState
    created: datetime
    stage: str
    """What is being done, in words."""
    n_done: int
    n_total: int | None
    """How much of the stage is done; null when it is not known how much there is."""
    result: ReportBody | None
    """What was done; null until the state is `done`."""
    problem: ProblemBody | None
    """Why it failed; null unless the state is `failed`."""
    ids: tuple[str, ...] = ()
    """The ids of the articles that are added or removed, in their order; the first 10,000."""
