"""Watches inside a server: a thread that looks for new snapshots, and sends what changed."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from service.watching.delivering import Deliverer
from service.watching.running import RunReport, StopAskingError, WatchRunner

__all__ = ["Watcher"]

# A look at the snapshot's number reads one small file.
_LOOK_EVERY_S = 2.0
# After a failure that is nobody's fault: the archive is away, or the disk is full.
_AFTER_FAILURE_S = 60.0
_GRACE_S = 5.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watcher:
    """Runs watches whenever something was published, by whichever process, until it is closed.

    `wait` waits a number of seconds for the event it is given, and returns whether that was set.
    """

    runner: WatchRunner
    deliverer: Deliverer
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _is_first: bool = True

    def start(self) -> None:
        """Begin, in threads of their own: a slow receiver of webhooks holds up no question."""
        for name, work in (("watch", self.ask), ("webhooks", self.send)):
            thread = threading.Thread(target=self._repeat, args=(work,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """End; a question that is being read is broken off, and asked by the next server."""
        self._stop.set()
        for thread in self._threads:
            thread.join(_GRACE_S)

    def ask(self) -> RunReport:
        """Ask what is due."""
        report = self.runner.run(self._check, may_go_back=self._is_first)
        self._is_first = False
        return report

    def send(self) -> int:
        """Send what changed and is due; return how many entries were taken."""
        return self.deliverer.send(self._check)

    def _repeat(self, work: Callable[[], int | RunReport]) -> None:
        while not self._stop.is_set():
            pause_s = _LOOK_EVERY_S
            try:
                work()
            except StopAskingError:
                return
            except Exception as error:  # there is nobody else to tell
                pause_s = _AFTER_FAILURE_S
                _log.warning("Watched questions could not be asked or sent: %s", error)
            self.wait(self._stop, pause_s)

    def _check(self) -> None:
        if self._stop.is_set():
            raise StopAskingError("The server ended.")
