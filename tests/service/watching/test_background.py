import threading
from collections.abc import Callable

from corpus.errors import IndexStateError
from service.watching.background import Watcher
from tests.service.watching.conftest import CAPTAIN, Desk
from tests.service.watching.fakes import answer
from tests.service.watching.test_delivering import FakePoster, deliverer


def watcher(desk: Desk, wait: Callable[[threading.Event, float], bool]) -> Watcher:
    return Watcher(desk.runner, deliverer(desk, FakePoster()), wait)


def test_a_publication_is_noticed_and_asked_in_the_background(desk: Desk) -> None:
    desk.asker.answers[CAPTAIN] = answer("Marta Holt")
    desk.add()
    published, waited = threading.Event(), threading.Event()

    def wait(stop: threading.Event, _: float) -> bool:
        if threading.current_thread().name != "watch":
            return stop.wait()
        if not published.is_set():
            published.set()
            desk.publish(captain="Jon Lund")
        elif desk.entries.list():
            waited.set()
            return stop.wait()
        return False

    running = watcher(desk, wait)
    running.start()
    assert waited.wait(30)
    running.close()
    assert desk.changes() == ["new-value"]


def test_a_failure_does_not_end_it_and_makes_it_wait_longer(desk: Desk) -> None:
    desk.add()
    desk.asker.answers[CAPTAIN] = IndexStateError("cannot be read.")
    pauses: list[float] = []
    over = threading.Event()

    def wait(stop: threading.Event, pause_s: float) -> bool:
        if threading.current_thread().name != "watch":
            return stop.wait()
        pauses.append(pause_s)
        desk.asker.answers[CAPTAIN] = answer("Marta Holt")
        if len(pauses) == 2:
            over.set()
            return stop.wait()
        return False

    running = watcher(desk, wait)
    running.start()
    assert over.wait(30)
    running.close()
    assert pauses[0] > pauses[1]
    assert desk.asker.asked == [CAPTAIN, CAPTAIN]


def test_when_it_ends_a_question_under_way_is_broken_off(desk: Desk) -> None:
    watch = desk.add()
    under_way = threading.Event()
    running = watcher(desk, threading.Event.wait)

    def close() -> None:
        under_way.set()
        assert running._stop.wait(30)

    desk.asker.on_ask = close
    running.start()
    assert under_way.wait(30)
    running.close()
    assert desk.asker.asked == []
    assert desk.watches.find(watch).is_due
