"""How records are read where they leave something open; the same for all of a run."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["DateOrder", "Policy"]

DateOrder = Literal["dmy", "mdy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a person says of an archive that its records do not say.

    `dates` is the order in 03/04/2024; without it such dates are left unread. `zone` is the IANA
    name of the outlet's time zone: times without a zone are in it, and times in UTC are put into
    it, so that "today" is the outlet's day. `include_unpublished` takes drafts and the like too.
    """

    dates: DateOrder | None = None
    zone: str | None = None
    include_unpublished: bool = False
