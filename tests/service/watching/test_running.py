from dataclasses import replace
from datetime import timedelta

import pytest

from corpus.article import Article
from corpus.corrections.notice import Correction
from corpus.errors import ArchiveUnavailableError, DatelineError, RequestError
from service.watching.due import Asked
from service.watching.watch import Outcome
from tests.service.watching.conftest import CAPTAIN, Desk, make_entry
from tests.service.watching.fakes import ARTICLE, answer, told


class Killed(BaseException):
    """The process ends here."""


def test_the_first_answer_is_kept_and_is_no_change(desk: Desk) -> None:
    desk.asker.answers[CAPTAIN] = answer("Marta Holt")
    watch = desk.add(name="Ada Lind")
    before = desk.watches.find(watch)
    assert (before.outcome, before.checked, before.is_due, before.name) == (
        None, None, True, "Ada Lind",
    )  # fmt: skip
    report = desk.runner.run()
    assert (report.n_looked, report.n_asked, report.n_changed) == (1, 1, 0)
    now = desk.watches.find(watch)
    assert now.outcome and now.outcome.answer and now.outcome.answer.text == "Marta Holt"
    assert (now.is_due, now.snapshot) == (False, 1)
    assert desk.entries.list() == []


def test_another_answer_is_an_entry_with_both_answers_and_citations(changed: Desk) -> None:
    (entry,) = changed.entries.list()
    assert (entry.change, entry.snapshot, entry.question) == ("new-value", 2, CAPTAIN)
    assert entry.before.answer and entry.after.answer
    assert (entry.before.answer.text, entry.after.answer.text) == ("Marta Holt", "Jon Lund")
    assert entry.after.answer.citations[0].quote == ARTICLE.text


def test_while_nothing_is_published_nothing_is_asked(changed: Desk) -> None:
    n = len(changed.asker.asked)
    assert changed.runner.run().n_looked == 0
    assert changed.asker.asked_since(n) == []


def test_the_same_in_other_words_is_no_entry(desk: Desk) -> None:
    desk.asker.answers["How many died?"] = answer("20")
    desk.add("How many died?")
    desk.runner.run()
    desk.archive.number += 1
    desk.asker.answers["How many died?"] = answer("twenty", Article("b", "B", "Twenty died."))
    assert desk.runner.run().n_asked == 1
    assert desk.entries.list() == []
    ((_, watch),) = desk.watches.all()
    assert watch.outcome and watch.outcome.answer and watch.outcome.answer.text == "twenty"


def test_what_is_answered_at_last_and_then_no_longer_is_told(desk: Desk) -> None:
    desk.add()
    desk.runner.run()
    desk.publish(captain="Marta Holt")
    desk.runner.run()
    desk.publish(captain=None)
    desk.runner.run()
    assert desk.changes() == ["answered", "unanswered"]


def test_when_the_same_passages_would_be_read_none_is_read(desk: Desk) -> None:
    desk.asker.answers[CAPTAIN] = answer("Marta Holt")
    desk.asker.facts[CAPTAIN] = "these passages"
    watch = desk.add()
    desk.runner.run()
    desk.archive.number += 1
    desk.clock.move(hours=1)
    report = desk.runner.run()
    assert (report.n_looked, report.n_asked) == (1, 0)
    found = desk.watches.find(watch)
    assert (found.snapshot, found.checked) == (2, "2026-11-27T13:00:00+00:00")
    desk.publish(captain="Jon Lund")
    desk.asker.facts[CAPTAIN] = "other passages"
    assert desk.runner.run().n_changed == 1


def test_a_correction_a_withdrawal_and_a_conflict_are_told_as_such(desk: Desk) -> None:
    desk.asker.answers[CAPTAIN] = answer("Marta Holt")
    desk.add()
    desk.runner.run()
    corrected = replace(ARTICLE, text="The captain is Jon Lund.")
    desk.put(corrected)
    desk.archive.number += 1
    desk.asker.answers[CAPTAIN] = answer("Jon Lund", corrected)
    desk.runner.run()
    desk.archive.number += 1
    desk.asker.answers[CAPTAIN] = answer("Jon Lund", corrected, conflict=True)
    desk.runner.run()
    del desk.archive.articles["ferry"]
    desk.publish(captain=None)
    desk.runner.run()
    assert desk.changes() == ["corrected", "conflict", "withdrawn"]


def test_an_article_that_is_held_or_taken_back_is_withdrawn(desk: Desk) -> None:
    desk.asker.answers[CAPTAIN] = answer("Marta Holt")
    desk.add()
    desk.runner.run()
    desk.archive.held["ferry"] = "The captain denies it."
    desk.publish(captain=None)
    desk.runner.run()
    desk.archive.held.clear()
    desk.publish(captain="Marta Holt")
    desk.runner.run()
    desk.put(replace(ARTICLE, corrections=(Correction("retraction", "Withdrawn."),)))
    desk.publish(captain=None)
    desk.runner.run()
    assert desk.changes() == ["withdrawn", "answered", "withdrawn"]


def test_after_a_removal_no_sentence_of_the_article_is_kept(desk: Desk) -> None:
    make_entry(desk)
    raw = b"".join(path.read_bytes() for path in desk.folder.iterdir())
    assert b"captain is Marta Holt" in raw
    del desk.archive.articles["ferry"]
    desk.publish(captain=None)
    desk.runner.run()
    raw = b"".join(path.read_bytes() for path in desk.folder.iterdir())
    assert b"captain is Marta Holt" not in raw
    first, last = desk.entries.list()
    assert last.change == "withdrawn"
    assert last.before.answer and last.before.answer.text == "Jon Lund"
    assert first.after.answer and first.after.answer.citations[0].quote == ""


@pytest.mark.parametrize("place", range(8))
def test_killed_anywhere_nothing_is_lost_and_nothing_told_twice(desk: Desk, place: int) -> None:
    names = ["captain", "mayor", "keeper", "pilot"]
    for name in names:
        desk.add(f"Who is the {name}?")
    desk.publish(**dict.fromkeys(names, "Marta Holt"))
    desk.runner.run()
    desk.publish(**dict.fromkeys(names, "Jon Lund"))
    calls = iter(range(100))

    def die() -> None:
        if next(calls) == place:
            raise Killed

    desk.asker.on_ask = die
    try:
        desk.runner.run(die)
    except Killed:
        desk.runner.run()
    assert desk.changes() == ["new-value"] * 4
    assert len({entry.watch for entry in desk.entries.list()}) == 4


def test_of_two_processes_that_ask_at_once_one_is_too_late(desk: Desk) -> None:
    desk.asker.answers[CAPTAIN] = answer("Marta Holt")
    desk.add()
    desk.runner.run()
    desk.publish(captain="Jon Lund")
    other = Desk(desk.folder, desk.archive, clock=desk.clock)
    other.asker.answers = desk.asker.answers
    rounds = iter([True])

    def run_other() -> None:
        if next(rounds, False):
            other.runner.run()

    desk.asker.on_ask = run_other
    desk.runner.run()
    assert desk.changes() == ["new-value"]


def test_a_snapshot_that_is_published_meanwhile_is_asked(desk: Desk) -> None:
    for name in ("captain", "mayor"):
        desk.add(f"Who is the {name}?")
    rounds = iter([True])

    def publish() -> None:
        if next(rounds, False):
            desk.publish(captain="Marta Holt", mayor="Ada Lind")

    desk.asker.on_ask = publish
    report = desk.runner.run()
    assert report.snapshot == 2
    answers = [one.outcome and one.outcome.answer for _, one in desk.watches.all()]
    assert [one and one.text for one in answers] == ["Marta Holt", "Ada Lind"]
    assert {one.snapshot for _, one in desk.watches.all()} == {2}


def test_a_snapshot_is_waited_for_until_all_of_it_is_embedded(desk: Desk) -> None:
    desk.add()
    desk.archive.n_missing = 3
    report = desk.runner.run()
    assert report.is_waiting and not desk.asker.asked
    desk.archive.n_missing = 0
    assert desk.runner.run().n_asked == 1


def test_an_older_snapshot_is_taken_only_when_it_was_restored(changed: Desk) -> None:
    changed.archive.number = 1
    n = len(changed.asker.asked)
    assert changed.runner.run().is_waiting
    assert changed.asker.asked_since(n) == []
    assert changed.runner.run(may_go_back=True).n_asked == 1


def test_the_watches_of_a_revoked_key_rest(desk: Desk) -> None:
    watch = desk.add(owner="4f0c2a9b")
    assert desk.runner.run().n_looked == 0
    desk.owners.append("4f0c2a9b")
    assert desk.runner.run().n_looked == 1
    assert not desk.watches.find(watch, "4f0c2a9b").is_due


def test_one_that_cannot_be_asked_holds_up_no_other(desk: Desk) -> None:
    desk.asker.answers = {CAPTAIN: RequestError("it is no question."), "Who is the mayor?": None}
    watch = desk.add()
    desk.add("Who is the mayor?")
    report = desk.runner.run()
    assert (report.n_failed, report.n_asked) == (1, 1)
    assert desk.watches.find(watch).trouble == "it is no question."
    desk.publish(captain="Marta Holt")
    assert desk.runner.run().n_failed == 0
    assert desk.watches.find(watch).trouble is None


def test_an_archive_that_is_away_ends_the_run(desk: Desk) -> None:
    desk.asker.answers[CAPTAIN] = ArchiveUnavailableError("the engine does not answer.")
    watch = desk.add()
    with pytest.raises(DatelineError, match="does not answer"):
        desk.runner.run()
    assert desk.watches.find(watch).is_due


def test_each_is_looked_up_again_after_a_day(changed: Desk) -> None:
    n = len(changed.asker.asked)
    changed.clock.move(hours=23)
    assert changed.runner.run().n_looked == 0
    changed.clock.move(hours=2)
    assert changed.runner.run().n_looked == 1
    assert len(changed.asker.asked_since(n)) == 1


def test_a_change_without_a_publication_is_an_entry_too(changed: Desk) -> None:
    changed.asker.answers[CAPTAIN] = answer("Ada Lind")
    changed.clock.now += timedelta(days=2)
    changed.runner.run()
    assert [entry.snapshot for entry in changed.entries.list()] == [2, 2]
    assert len({entry.id for entry in changed.entries.list()}) == 2


def test_what_was_asked_of_an_older_snapshot_stays_due(desk: Desk) -> None:
    watch = desk.add()
    due = desk.runner.due.next_due(())
    assert due
    desk.runner.due.mark(5, desk.clock(), [], set())
    asked = Asked(4, Outcome.of(told(CAPTAIN, answer("Marta Holt"))), None, None, None)
    assert desk.runner.due.save(due, asked, desk.clock())
    assert desk.watches.find(watch).is_due
    assert not desk.runner.due.save(due, asked, desk.clock())


def test_the_oldest_entries_make_room(desk: Desk) -> None:
    desk.most_entries = 2
    make_entry(desk)
    for name in ("Ada Lind", "Ida Berg"):
        desk.publish(captain=name)
        desk.runner.run()
    assert [entry.number for entry in desk.entries.list()] == [2, 3]


def test_nothing_is_made_before_anything_is_watched(desk: Desk) -> None:
    assert desk.runner.run().n_looked == 0
    assert desk.entries.list() == [] and desk.watches.all() == []
    assert list(desk.folder.iterdir()) == []
