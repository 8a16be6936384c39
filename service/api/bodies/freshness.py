"""The bodies that tell how fresh the archive is."""

from datetime import datetime

from service.api.bodies.requests import Body

__all__ = ["FollowedBody", "FreshnessBody"]


class FreshnessBody(Body):
    """How fresh the archive is."""

    newest: str | None
    """When the newest article was published, as its outlet states it."""
    checked: datetime | None
    """When a followed source was last looked at; null where none is followed."""
    late: tuple[str, ...]
    """Followed sources that are silent for far longer than usual, or cannot be read, by name."""


class FollowedBody(Body):
    """One source that the archive is kept in step with."""

    name: str
    checked: datetime | None
    """When it was last looked at with success."""
    newest: datetime | None
    """When it last had something new."""
    usual_s: float | None
    """The usual time between two of its articles, in seconds; null while unknown."""
    late: str | None
    """Why it is late; null when it is not."""
