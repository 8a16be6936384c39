"""Questions to begin with: checked once for each snapshot, by asking them."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from index.engines.archive import Archive, ArchiveSnapshot, ArchiveStatus
from index.engines.local.folder import IndexFolder
from index.files import replace_text, sha256_of
from service.answering.answerer import Answerer
from service.answering.openers import Opener, openers
from service.reader.onnx_reader import calibration_of
from service.settings import Settings
from service.suggestions import verified

__all__ = ["FirstQuestions"]

# Enough to begin with, out of enough articles to choose from.
_N_QUESTIONS = 6
_N_NEWEST = 60
# Each is asked, so a handful is checked to find a few.
_MAX_CHECKED = 12


class _Kept(BaseModel):
    """`questions.json`: the questions that were answered as expected from a snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calibration: str
    published_at: str | None
    questions: tuple[str, ...]


@dataclass(slots=True)
class FirstQuestions:
    """Questions to begin with, found once for each snapshot.

    They are kept in the snapshot's folder, where there is one, so that they go when its texts go:
    `build` leaves them there for whoever serves it. `calibration` is the checksum of what judged
    the answers: what another one judged is not taken.
    """

    answerer: Answerer
    archive: Archive
    index_dir: Path
    calibration: str
    _found: tuple[int, tuple[str, ...]] | None = None
    _finding: tuple[int, "Future[tuple[str, ...]]"] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, settings: Settings, answerer: Answerer, archive: Archive) -> Self:
        """Return those of the archive that the settings name."""
        judge = sha256_of(calibration_of(settings.reader))
        return cls(answerer, archive, settings.index_dir, judge)

    def known(self) -> tuple[str, ...] | None:
        """Return them, None when they were not found yet."""
        status = self.archive.current().status
        if not self._found or self._found[0] != status.snapshot:
            kept = self._kept(status)
            if kept is None:
                return None
            self._found = status.snapshot, kept
        return self._found[1]

    def find(self) -> tuple[str, ...]:
        """Find them now, unless they are known, and keep them."""
        known = self.known()
        return self._find() if known is None else known

    def begin(
        self, submit: Callable[[Callable[[], tuple[str, ...]]], "Future[tuple[str, ...]]"]
    ) -> "Future[tuple[str, ...]]":
        """Find them in a thread, unless that has begun; return what they will be in."""
        number = self.archive.current().status.snapshot
        with self._lock:
            if self._finding and self._finding[0] == number and not _failed(self._finding[1]):
                return self._finding[1]
            future = submit(self._find)
            self._finding = number, future
            return future

    def _find(self) -> tuple[str, ...]:
        snapshot = self.archive.current()
        candidates = list(_hand_written(snapshot)) or openers(
            snapshot.newest(_N_NEWEST), _MAX_CHECKED
        )
        found = tuple(verified(candidates, self.answerer, _N_QUESTIONS))
        self._found = snapshot.status.snapshot, found
        self._keep(snapshot.status, found)
        return found

    def _file(self, number: int) -> Path:
        return IndexFolder(self.index_dir).snapshot(number) / "questions.json"

    def _kept(self, status: ArchiveStatus) -> tuple[str, ...] | None:
        try:
            kept = _Kept.model_validate_json(self._file(status.snapshot).read_bytes())
        except (OSError, ValidationError):
            return None  # they are found again
        is_of_it = kept.calibration == self.calibration and kept.published_at == status.published_at
        return kept.questions if is_of_it else None

    def _keep(self, status: ArchiveStatus, questions: tuple[str, ...]) -> None:
        kept = _Kept(
            calibration=self.calibration, published_at=status.published_at, questions=questions
        )
        # Other engines have no folder for a snapshot, a new snapshot may have taken its place, and
        # who serves an index may not be allowed to write it.
        with suppress(OSError):
            replace_text(self._file(status.snapshot), kept.model_dump_json())


def _failed(future: "Future[tuple[str, ...]]") -> bool:
    return future.done() and (future.cancelled() or future.exception() is not None)


def _hand_written(snapshot: ArchiveSnapshot) -> Iterator[Opener]:
    """Yield the examples of the sample archive, where it is the one that is served."""
    lines = files("corpus.samples").joinpath("examples.jsonl").read_text(encoding="utf-8")
    examples = [Opener(**json.loads(line)) for line in lines.splitlines()]
    for example in examples:
        article = snapshot.article(example.article_id)
        if article is None or str(example.answer) not in article.text:
            return
    yield from examples
