"""The bodies of holds."""

from typing import Annotated

from pydantic import Field

from service.api.bodies.requests import Body
from service.api.bodies.versions import HoldBody

__all__ = ["HoldRequest", "HoldsBody", "ReleaseRequest"]

_Id = Annotated[str, Field(min_length=1, max_length=1000)]
_Ids = Annotated[tuple[_Id, ...], Field(min_length=1, max_length=100)]


class HoldRequest(Body):
    """Articles to take out of the answers."""

    ids: _Ids
    """Ids of at most 100 articles."""
    why: Annotated[str, Field(min_length=1, max_length=2000)]
    """The reason, for the log."""


class ReleaseRequest(Body):
    """Articles to put back into the answers."""

    ids: _Ids
    """Ids of at most 100 articles that are on hold."""


class HoldsBody(Body):
    """The log of holds."""

    holds: tuple[HoldBody, ...]
    """All of them, the oldest first."""
