"""The bodies that tell of the versions of an article, and of holds."""

from service.api.bodies.requests import Body

__all__ = ["HoldBody", "VersionBody", "VersionsBody"]


class VersionBody(Body):
    """One wording of an article."""

    version: str
    """Names it: the `v` of the article and of its page."""
    title: str
    published: str | None
    until: str | None
    """The day on which it was changed, ISO 8601; null for the current version."""
    n_code_points: int
    permalink: str
    """Path of its page on this server."""
    comparison: str | None
    """Path of the page that compares it with the current one; null for the current one."""


class VersionsBody(Body):
    """The wordings of an article that are kept, the current one first."""

    id: str
    versions: tuple[VersionBody, ...]
    held_at: str | None
    """Since when it is on hold, ISO 8601 in UTC; null when it is not."""


class HoldBody(Body):
    """An article that was taken out of the answers."""

    id: str
    why: str
    held_by: str
    held_at: str
    """ISO 8601, UTC."""
    released_by: str | None
    """Null as long as the hold lasts."""
    released_at: str | None
