"""Watches inside a server: a thread that looks for new snapshots, and sends what changed."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from corpus.errors import DatelineError
from service.priority import giving_way
from service.watching.delivering import Deliverer
from service.watching.running import RunReport, WatchRunner

__all__ = ["Watcher"]

# A look at the snapshot's number reads one small file.
_LOOK_EVERY_S = 2.0
# After a failure that is nobody's fault: the archive is away, or the disk is full.
_AFTER_FAILURE_S = 60.0
_GRACE_S = 5.0
_log = logging.getLogger(__name__)


class _StoppedError(DatelineError):
    """The server ends while a watch is asked; it is asked when a server runs again."""


@dataclass(slots=True)
class Watcher:
    """Runs watches whenever something was published, by whichever process, until it is closed.

    `wait` waits a number of seconds for the event it is given, and returns whether that was set.
    """

    runner: WatchRunner
    deliverer: Deliverer
    wait: Callable[[threading.Event, float], bool] = threading.Event.wait
    _stop: threading.Event | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in threads of their own: a slow receiver of webhooks holds up no question."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End; a question that is being read is broken off, and asked by the next server."""
        if self._stop and self._thread:
            self._stop.set()
            self._thread.join(_GRACE_S)

    def once(self, *, is_first: bool = False) -> RunReport:
        """Ask what is due, and send what changed."""
        report = self.runner.run(self._check, may_go_back=is_first)
        self.deliverer.send(self._check)
        return report

    def _loop(self) -> None:
        stop, is_first = self._stop, True
        if stop is None:
            return
        with giving_way():
            while not stop.is_set():
                pause_s = _LOOK_EVERY_S
                try:
                    self.once(is_first=is_first)
                    is_first = False
                except _StoppedError:
                    return
                except Exception as error:  # there is nobody else to tell
                    pause_s = _AFTER_FAILURE_S
                    _log.warning("Watched questions could not be asked: %s", error)
                self.wait(stop, pause_s)

    def _check(self) -> None:
        if self._stop and self._stop.is_set():
            raise _StoppedError("The server ended.")
