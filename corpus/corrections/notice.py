"""One notice that an article was changed, or should not be relied on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Correction", "CorrectionKind"]

CorrectionKind = Literal["correction", "clarification", "amendment", "editors-note", "retraction"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A notice: its kind and its words; `day` is ISO 8601, None where it states none.

    A notice in the article's text is `text[start:end]` of it, in code points. One that a field of
    the source states has no place there: `start` and `end` are None.
    """

    kind: CorrectionKind
    text: str
    day: str | None = None
    start: int | None = None
    end: int | None = None

    @property
    def is_in_text(self) -> bool:
        """Whether it is a part of the article's text."""
        return self.start is not None

    def as_row(self) -> dict[str, Any]:
        """Return it as JSON has it; the words of one in the text are not written twice."""
        if self.start is None:
            return {"kind": self.kind, "day": self.day, "text": self.text}
        return {"kind": self.kind, "day": self.day, "start": self.start, "end": self.end}

    @classmethod
    def of_row(cls, row: Mapping[str, Any], text: str) -> "Correction":
        """Return the notice that `as_row` wrote, of an article with this text."""
        start, end = row.get("start"), row.get("end")
        words = text[start:end] if start is not None else row["text"]
        return cls(row["kind"], words, row["day"], start, end)
