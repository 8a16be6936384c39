"""What an outlet said of its article afterwards, as a list beside its quote or above its text."""

from collections.abc import Sequence
from typing import Protocol

from service.web.markup import Html, element
from service.words import correction

__all__ = ["Notice", "notice_list"]


class Notice(Protocol):
    """A notice: its kind, its words, and the day that it states."""

    @property
    def kind(self) -> str:
        """See `corpus.corrections.notice`."""
        ...

    @property
    def text(self) -> str:
        """Its words."""
        ...

    @property
    def day(self) -> str | None:
        """ISO 8601, or None."""
        ...


def notice_list(corrections: Sequence[Notice]) -> Html:
    """Return the notices of an article as a list; `citation.js` builds the same."""
    if not corrections:
        return Html()
    items = [
        element(
            "li",
            element("strong", f"{correction(one.kind, one.day)}: "),
            element("span", one.text, dir="auto"),
        )
        for one in corrections
    ]
    return element("ul", *items, class_="notices", aria_label="Corrections")
