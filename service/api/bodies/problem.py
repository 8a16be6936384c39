"""The body that says what went wrong."""

from service.api.bodies.requests import Body

__all__ = ["FieldErrorBody", "ProblemBody"]


class FieldErrorBody(Body):
    """What is wrong with one field."""

    field: str
    """Path of the field, as in `history.0.question`."""
    detail: str
    """What is wrong with it."""


class ProblemBody(Body):
    """What went wrong, as RFC 9457 lays it out."""

    type: str
    """Kind of problem: the address of its description."""
    title: str
    """The kind in words."""
    status: int
    """The HTTP status."""
    detail: str
    """What happened this time, and what to do."""
    errors: tuple[FieldErrorBody, ...] = ()
    """The fields that are wrong, if it was them."""
