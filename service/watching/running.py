"""After a publication: which watches it touches, and asking those again."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from corpus.errors import DatelineError, IndexStateError
from index.engines.archive import (
    ArchiveStatus,
    BrowsableArchive,
    BrowsableSnapshot,
    WatchableSnapshot,
)
from index.search.touching import Publication, touched
from service.answering.answer import AskResult
from service.api.bodies.answers import CitationBody
from service.priority import giving_way
from service.watching.asking import Asker, Look
from service.watching.comparing import Proof, change_between
from service.watching.due import Asked, DueWatch, DueWatches, KeptSearch
from service.watching.entries import Entries
from service.watching.redacting import without_removed
from service.watching.watch import Outcome

__all__ = ["RunReport", "StopAskingError", "WatchRunner"]

# New passages are held against all watches at once; a first build need not be.
_MAX_PASSAGES = 50_000
# Embargoes end, and the frequencies of words move, without an article that tells of it.
_LOOK_AGAIN = timedelta(days=1)
_log = logging.getLogger(__name__)


class StopAskingError(DatelineError):
    """The run is to end; what is not asked yet stays due."""


@dataclass(slots=True)
class RunReport:
    """What a run did: `n_watches` were held against `snapshot`, the last one published.

    `n_touched` of them had to be looked up, with those that were due before; for `n_asked` other
    passages were found, and read; `n_changed` answers changed. `is_waiting` says that passages
    are still being embedded, and the run is to be repeated when that is done.
    """

    snapshot: int = 0
    n_watches: int = 0
    n_touched: int = 0
    n_looked: int = 0
    n_asked: int = 0
    n_changed: int = 0
    n_failed: int = 0
    is_waiting: bool = False


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class WatchRunner:
    """Asks watches again, one after the other, when an archive changed.

    Whatever ends a run, the next one goes on from there: which watches are due is in the database,
    and what one led to is kept with its entry or not at all. `owners` returns the ids of the keys
    that are good; the watches of others rest.
    """

    due: DueWatches
    entries: Entries
    archive: BrowsableArchive
    asker: Asker
    owners: Callable[[], Collection[str]] = field(default=lambda: ())
    clock: Callable[[], datetime] = field(default=_now)

    def run(
        self, raise_if_cancelled: Callable[[], None] = lambda: None, *, may_go_back: bool = False
    ) -> RunReport:
        """Ask what is due; `raise_if_cancelled` is called between watches; its error ends the run.

        `may_go_back` says that a snapshot older than the last one was restored, and is not just
        served until the newest is open.

        Raises:
            IndexStateError: the archive or the database cannot be used.
            StopAskingError: if `raise_if_cancelled` does.
        """
        report = RunReport()
        if not self.due.database.exists:
            return report
        with giving_way():
            while self._match(report, may_go_back):
                if not self._ask_all(report, raise_if_cancelled):
                    break
        return report

    def _match(self, report: RunReport, may_go_back: bool) -> bool:
        """Note which watches the last publications touch; tell whether the archive can be asked."""
        snapshot = self.archive.current()
        status, matched = snapshot.status, self.due.matched()
        report.snapshot = status.snapshot
        is_older = matched is not None and status.snapshot < matched
        report.is_waiting = not _is_whole(status) or (is_older and not may_go_back)
        if report.is_waiting:
            return False
        if status.snapshot != matched:
            publication = None
            if matched and isinstance(snapshot, WatchableSnapshot):
                publication = snapshot.published_since(matched, _MAX_PASSAGES)
            self._mark(snapshot, publication, report)
        self.due.mark_old(self.clock() - _LOOK_AGAIN)
        return True

    def _mark(
        self, snapshot: BrowsableSnapshot, publication: Publication | None, report: RunReport
    ) -> None:
        searches, number = list(self.due.searches()), snapshot.status.snapshot
        report.n_watches = len(searches)
        if publication is None or not isinstance(snapshot, WatchableSnapshot):
            ids, moved = {one.id for one in searches}, searches
        else:
            ids, moved = _touched(snapshot, publication, searches, self.due.matched() or 0)
        report.n_touched += len(ids)
        if publication is None or len(publication.removed):
            self.entries.forget_removed(lambda article: snapshot.article(article) is None)
        self.due.mark(number, self.clock(), moved, ids)

    def _ask_all(self, report: RunReport, raise_if_cancelled: Callable[[], None]) -> bool:
        """Ask the watches that are due; return whether something was published meanwhile."""
        owners = self.owners()
        while due := self.due.next_due(owners):
            raise_if_cancelled()
            snapshot = self.archive.current()
            if snapshot.status.snapshot != report.snapshot or not _is_whole(snapshot.status):
                return True
            try:
                self._ask(due, snapshot, report, raise_if_cancelled)
            except (StopAskingError, IndexStateError):
                raise
            except Exception as error:
                # One that cannot be asked keeps no other waiting.
                self.due.give_up(due, str(error), self.clock())
                report.n_failed += 1
                _log.warning("The watch %s cannot be asked: %s", due.watch.id, error)
        return False

    def _ask(
        self,
        due: DueWatch,
        snapshot: BrowsableSnapshot,
        report: RunReport,
        raise_if_cancelled: Callable[[], None],
    ) -> None:
        look, before = self.asker.look(due.watch, snapshot), due.watch.outcome
        report.n_looked += 1
        if before and look and look.facts == due.facts:
            self._save(due, snapshot, look, before)
            return
        result: AskResult = self.asker.ask(due.watch, snapshot, raise_if_cancelled)
        report.n_asked += 1
        report.n_changed += self._save(due, snapshot, look, Outcome.of(result))

    def _save(
        self, due: DueWatch, snapshot: BrowsableSnapshot, look: Look | None, outcome: Outcome
    ) -> bool:
        """Keep an outcome; return whether it is an entry."""
        before, change = due.watch.outcome, None
        if before and outcome is not before:
            change = change_between(
                before, outcome, due.watch.question, lambda cited: _proof(cited, snapshot)
            )
            before = without_removed(before, lambda article: snapshot.article(article) is None)
        asked = Asked(
            snapshot.status.snapshot,
            outcome,
            look.facts if look else None,
            look.standing if look else None,
            look.places if look else None,
            change,
            before,
        )
        return self.due.save(due, asked, self.clock()) and change is not None


def _is_whole(status: ArchiveStatus) -> bool:
    return status.n_embedded >= status.n_passages


def _touched(
    snapshot: WatchableSnapshot,
    publication: Publication,
    searches: list[KeptSearch],
    matched: int,
) -> tuple[set[str], list[KeptSearch]]:
    """Return the ids of the watches that a publication touches, and all with their new places."""
    number = snapshot.status.snapshot
    # Those without a standing are touched by everything; those asked in between saw a part of it.
    ids = {
        one.id for one in searches if one.standing is None or matched < (one.snapshot or 0) < number
    }
    kept = [one for one in searches if one.id not in ids and (one.snapshot or 0) <= matched]
    standings = [one.standing for one in kept if one.standing]
    places = [one.places for one in kept if one.places]
    terms = {term for standing in standings for term in standing.terms}
    touch = touched(standings, places, publication, snapshot.statistics(terms), snapshot.settings)
    moved = [one for one in searches if (one.snapshot or 0) >= number]
    for one, is_touched, now in zip(kept, touch.is_touched, touch.places, strict=True):
        if is_touched:
            ids.add(one.id)
        moved.append(KeptSearch(one.id, one.turn, one.snapshot, one.standing, now))
    return ids, moved


def _proof(citation: CitationBody, snapshot: BrowsableSnapshot) -> Proof:
    article = snapshot.article(citation.article_id)
    # An article that was taken back, by its outlet or by whoever runs the archive, proves nothing.
    if article is None or article.is_retracted or snapshot.history(article.id).hold:
        return "gone"
    told = article.title if citation.field == "title" else article.text
    return "stands" if citation.quote in told else "changed"
