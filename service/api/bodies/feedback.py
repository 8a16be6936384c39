"""What is returned for feedback."""

from service.api.bodies.requests import Body

__all__ = ["FeedbackResponse"]


class FeedbackResponse(Body):
    """Where the feedback was put."""

    id: int
    """Number of the feedback; `dateline feedback export` calls it `feedback-` and this number."""
