"""Other processes of this Python: each is sent one object after another and answers each with one.

What is sent is pickled. They share nothing with the process that starts them, and end with it,
however it ends.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, TypeVar

__all__ = ["Process", "ProcessEndedError", "Processes", "answer_requests"]

# Importing large libraries takes a second or two; minutes where nothing moves.
_MAX_START_S = 120.0
_START = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"

T = TypeVar("T")


class ProcessEndedError(Exception):
    """A process ended before it answered; `code` is its exit code, negative for a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


class Process:
    """Runs `main()` of a module, which must come to `answer_requests`.

    Arguments of the module are in `sys.argv[2:]`.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        ours, theirs = socket.socketpair()
        start = _START.format(path=sys.path, module=module)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, this package
                [sys.executable, "-c", start, str(theirs.fileno()), *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._connection = Connection(ours.detach())
        self.is_over = False

    @property
    def pid(self) -> int:
        """The number the system knows it by."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it has ended, by itself or by another's hand."""
        return self._process.poll() is not None

    def begin(self) -> None:
        """Wait until it is ready.

        Raises:
            ProcessEndedError: it does not start.
            TimeoutError: it takes minutes.
        """
        self._receive(_MAX_START_S)

    def ask(self, request: object, max_s: float | None = None) -> Any:  # noqa: ANN401 - an object
        """Return its answer to a request. What raises here ends the process.

        Raises:
            ProcessEndedError: it ended before it answered.
            TimeoutError: it took longer than `max_s`.
        """
        try:
            self._connection.send(request)
        except OSError as error:
            raise ProcessEndedError(self.end()) from error
        return self._receive(max_s)

    def _receive(self, max_s: float | None) -> Any:  # noqa: ANN401 - an object
        try:
            if self._connection.poll(max_s):
                return self._connection.recv()
        except (EOFError, OSError) as error:
            raise ProcessEndedError(self.end()) from error
        self.end()
        raise TimeoutError

    def kill(self) -> None:
        """End the process, whatever it does; who waits for it is told by the connection."""
        self.is_over = True
        self._process.kill()

    def end(self) -> int:
        """End the process and the connection, for who alone uses them; return its exit code."""
        self.kill()
        code = self._process.wait()
        self._connection.close()
        return code


class Processes:
    """Some processes, each with a thread that does nothing but wait for it.

    `start` makes one; it is called when there is work for it, and again when one is over.
    """

    def __init__(self, n: int, start: Callable[[], Process]) -> None:
        self._threads = ThreadPoolExecutor(n, "waits-for-process")
        self._start = start
        self._own = threading.local()
        self._lock = threading.Lock()
        self._started: list[Process] = []
        self._is_closed = False

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        # What nobody waits for any more is not worth its time.
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._is_closed = True
            for process in self._started:
                process.kill()
        self._threads.shutdown()
        for process in self._started:
            process.end()

    def submit(self, work: Callable[[Process], T], tries: int = 1) -> "Future[T]":
        """Have `work` done with a process, and again with a new one if that ends, `tries` times.

        The future raises what `work` does; `ProcessEndedError` after the last try.
        """
        return self._threads.submit(self._run, work, tries)

    def map(
        self, works: Iterable[Callable[[Process], T]], n_ahead: int, tries: int = 1
    ) -> "Generator[Future[T]]":
        """Yield the future of each of `works` in their order, `n_ahead` of them taken ahead."""
        waiting: deque[Future[T]] = deque()
        for work in works:
            waiting.append(self.submit(work, tries))
            if len(waiting) >= n_ahead:
                yield waiting.popleft()
        yield from waiting

    def _run(self, work: Callable[[Process], T], tries: int) -> T:
        while True:
            try:
                return work(self._process())
            except ProcessEndedError:
                tries -= 1
                if not tries or self._is_closed:
                    raise

    def _process(self) -> Process:
        process: Process | None = getattr(self._own, "process", None)
        # Between two pieces of work the system may have ended it: neither is to blame.
        if process and process.has_ended:
            process.end()
        if process is None or process.is_over:
            with self._lock:
                if self._is_closed:
                    raise ProcessEndedError(-signal.SIGKILL)
                self._started = [one for one in self._started if not one.is_over]
                process = self._own.process = self._start()
                self._started.append(process)
            process.begin()
        return process


def answer_requests(answer: Callable[[Any], object]) -> None:
    """Say that this process is ready, and answer requests for as long as anyone may send them."""
    # Ctrl-C is for the process that started this one; this one ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    requests: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, requests), daemon=True).start()
    connection.send(None)
    while True:
        connection.send(answer(requests.get()))


def _receive(connection: Connection, requests: "SimpleQueue[Any]") -> None:
    """Queue what comes; end this process at once, whatever it does, when the other side is gone."""
    try:
        while True:
            requests.put(connection.recv())
    finally:
        os._exit(1)
