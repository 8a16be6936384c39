"""Work that another process can do: a page or document whose bytes are there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus.sources.reasons import because, plain
from corpus.sources.record import ReadArticle, SkippedRecord

__all__ = ["Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """`read(given)` returns the records; both can be pickled.

    `file` and `line` are those of a `SkippedRecord` for it; `max_s` is how long it may take,
    `n_bytes` how much memory it takes to wait.
    """

    file: str
    line: int | None
    read: Callable[[Any], Sequence[ReadArticle | SkippedRecord]]
    given: Any
    n_bytes: int
    max_s: float = 10.0

    def run(self) -> list[ReadArticle | SkippedRecord]:
        """Do it here. Whatever the bytes are, nothing is raised."""
        try:
            return [_plain(record) for record in self.read(self.given)]
        except MemoryError:
            reason = "it needs more memory than a page may"
        # The libraries that read foreign formats raise what they like on bytes made to break them.
        except Exception as error:  # noqa: BLE001
            reason = f"it cannot be read: {type(error).__name__}: {because(error)}"
        return [SkippedRecord(self.file, self.line, reason)]


def _plain(record: ReadArticle | SkippedRecord) -> ReadArticle | SkippedRecord:
    # Reasons quote what was read.
    return (
        replace(record, reason=plain(record.reason))
        if isinstance(record, SkippedRecord)
        else record
    )
