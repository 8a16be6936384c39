"""Questions to suggest: only those that were asked here, and answered with what is expected."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

from index.engines.archive import Archive, ArchiveSnapshot
from index.search.query import Filters
from service.answering.answer import Answer, Question
from service.answering.answerer import Answerer
from service.answering.openers import Opener, openers, openers_of

__all__ = ["FirstQuestions", "follow_ups"]

Check = Callable[[], None]

# Enough to begin with, out of enough articles to choose from.
_N_QUESTIONS = 6
_N_NEWEST = 60
# Each is asked, so a handful is checked to find a few.
_MAX_CHECKED = 12
_N_FOLLOW_UPS = 3
_MAX_CHECKED_FOLLOW_UPS = 6


def is_answered(opener: Opener, answer: Answer | None) -> bool:
    """Tell whether an answer is what an opener's article says, and likely."""
    if answer is None or not answer.likely:
        return False
    if opener.article_id not in {cited.article_id for cited in answer.citations}:
        return False
    if opener.answer is None:
        return True
    given, expected = answer.text.casefold(), opener.answer.casefold()
    return expected in given or given in expected


def verified(
    candidates: Iterable[Opener],
    answerer: Answerer,
    n: int,
    raise_if_cancelled: Check | None = None,
    filters: Filters | None = None,
    as_of: date | None = None,
    is_busy: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Return the first `n` of the questions that are answered as expected, by asking them.

    It ends with those found so far once others wait.
    """
    found: list[str] = []
    for opener in candidates:
        if len(found) == n or is_busy():
            break
        question = Question(opener.question, filters=filters or Filters(), as_of=as_of)
        if is_answered(
            opener, answerer.ask(question, raise_if_cancelled=raise_if_cancelled).answer
        ):
            found.append(opener.question)
    return found


def follow_ups(
    articles: Sequence[str],
    known: Sequence[str],
    answerer: Answerer,
    archive: Archive,
    raise_if_cancelled: Check | None = None,
    filters: Filters | None = None,
    as_of: date | None = None,
    is_busy: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Return at most three questions that articles answer.

    `known` are the questions asked before and the answers given: neither is asked for again.
    """
    snapshot = archive.current()
    told = {text.casefold() for text in known}
    read = filter(None, map(snapshot.article, articles))
    candidates = [
        opener
        for article in read
        for opener in openers_of(article)
        if not {opener.question.casefold(), (opener.answer or "").casefold()} & told
    ][:_MAX_CHECKED_FOLLOW_UPS]
    return verified(
        candidates, answerer, _N_FOLLOW_UPS, raise_if_cancelled, filters, as_of, is_busy
    )


@dataclass(slots=True)
class FirstQuestions:
    """Questions to begin with, found once for each snapshot that is served."""

    answerer: Answerer
    archive: Archive
    _found: tuple[int, tuple[str, ...]] | None = None
    _finding: tuple[int, "Future[tuple[str, ...]]"] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self) -> tuple[str, ...] | None:
        """Return them, None when they were not found yet."""
        found = self._found
        return found[1] if found and found[0] == self.archive.current().status.snapshot else None

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
        return found


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
