"""The body of a notice, which answers and articles have."""

from corpus.corrections.notice import CorrectionKind
from service.api.bodies.requests import Body

__all__ = ["CorrectionBody"]


class CorrectionBody(Body):
    """What an outlet said of its article afterwards."""

    kind: CorrectionKind
    text: str
    day: str | None
    """The day that it states, ISO 8601."""
