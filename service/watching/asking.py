"""How watched questions are asked, and what can be told of an answer without reading for it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from corpus.errors import RequestError
from index.engines.archive import ArchiveSnapshot, WatchableSnapshot
from index.search.query import Query
from index.search.standing import Places, Standing
from service.answering.analysis import analyse, parts_of
from service.answering.answer import AskResult, Question
from service.answering.extractive import ExtractiveAnswerer
from service.answering.refusal import absent_names, ends_before
from service.answering.spelling import corrected
from service.watching.watch import Watch

__all__ = ["ArchiveAsker", "Asker", "Look", "check_watchable"]


@dataclass(frozen=True, slots=True)
class Look:
    """What would be read for a question, found without reading.

    `facts` name the passages, and all else that the answer follows from: as long as they stay, it
    does. Without a `standing` every publication may change them.
    """

    facts: str
    standing: Standing | None
    places: Places | None


class Asker(Protocol):
    """Asks one snapshot of an archive."""

    def look(self, watch: Watch, snapshot: ArchiveSnapshot) -> Look | None:
        """Return what would be read for a watch, None where only asking tells."""
        ...

    def ask(
        self, watch: Watch, snapshot: ArchiveSnapshot, raise_if_cancelled: Callable[[], None]
    ) -> AskResult:
        """Answer a watch; what `raise_if_cancelled` raises ends it."""
        ...


@dataclass(frozen=True, slots=True)
class ArchiveAsker:
    """Asks with the answerer that answers everybody; see `Asker`."""

    answerer: ExtractiveAnswerer

    def look(self, watch: Watch, snapshot: ArchiveSnapshot) -> Look | None:
        """See `Asker.look`."""
        if not isinstance(snapshot, WatchableSnapshot):
            return None
        reader = self.answerer.reader
        text = corrected(watch.question.strip(), snapshot, reader.knows)
        query = Query(text, watch.filters)
        standing, places = snapshot.standing(query, self.answerer.n_read)
        asked = analyse(text)
        absent = absent_names(asked, snapshot)
        last_day = snapshot.status.last_day
        last = date.fromisoformat(last_day) if last_day else None
        # A day that the archive has not reached is as new as its last article.
        ahead = asked.day is not None and (last is None or asked.day > last)
        outdated = ends_before(asked.text, self.answerer.today(), snapshot.status)
        told = [text, standing.read, absent, last_day if ahead else None, outdated]
        facts = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        # New articles can bring the word that is meant, the name, or the day.
        is_open = _has_unknown(watch.question, snapshot, reader.knows)
        is_settled = not (absent or ahead or outdated or is_open)
        return Look(facts, standing, places) if is_settled else Look(facts, None, None)

    def ask(
        self, watch: Watch, snapshot: ArchiveSnapshot, raise_if_cancelled: Callable[[], None]
    ) -> AskResult:
        """See `Asker.ask`."""
        answerer = replace(self.answerer, archive=_Held(snapshot))
        return answerer.ask(
            Question(watch.question, filters=watch.filters), raise_if_cancelled=raise_if_cancelled
        )


@dataclass(frozen=True, slots=True)
class _Held:
    """An archive that stays at one snapshot, so that what is looked up and asked is the same."""

    snapshot: ArchiveSnapshot

    def current(self) -> ArchiveSnapshot:
        return self.snapshot


def check_watchable(question: str) -> None:
    """Refuse a question that cannot be watched.

    Raises:
        RequestError: it is empty, or two in one.
    """
    if not question.strip():
        raise RequestError("the question is empty: say what is to be watched.")
    parts = parts_of(question.strip())
    if len(parts) > 1:
        raise RequestError(
            "these are several questions in one: watch each by itself: " + " | ".join(parts)
        )


def _has_unknown(text: str, snapshot: ArchiveSnapshot, knows: Callable[[str], bool]) -> bool:
    """Whether a text has a word that no article has, and that may be misspelt."""
    found: list[str] = []

    def note(word: str) -> bool:
        if not knows(word) and not snapshot.n_passages_with(word):
            found.append(word)
        return True

    corrected(text, snapshot, note)
    return bool(found)
