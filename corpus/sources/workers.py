"""Pages are parsed in other processes, in order and a few ahead of whoever takes the records.

A page that takes too long, too much memory or its process with it costs itself only.
"""

import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection

from corpus.errors import SourceError
from corpus.sources.record import Found, Skip
from corpus.sources.task import Task

__all__ = ["in_order"]

# One process parses about as fast as the rest of a build takes articles in.
_MAX_PROCESSES = 4
_MAX_WAITING = 64
_MAX_WAITING_BYTES = 64 * 2**20
# Importing the libraries of pages takes a second or two; minutes where nothing moves.
_MAX_START_S = 120.0
_START = "import sys; sys.path[:] = {path!r}; from corpus.sources.worker import main; main()"

Pending = Future[list[Found | Skip]]


def in_order(records: Iterable[Found | Skip | Task]) -> Iterator[Found | Skip]:
    """Yield records as they come, and in the place of each task what comes of it.

    Processes are started when the first task comes, and ended with the iterator.

    Raises:
        SourceError: no process can be started.
    """
    waiting: deque[tuple[Task, Pending] | Found | Skip] = deque()
    n_bytes = 0
    with _Workers() as workers:
        for record in records:
            if isinstance(record, Task):
                waiting.append((record, workers.submit(record)))
                n_bytes += record.n_bytes
            elif not waiting:
                yield record
            else:
                waiting.append(record)
            while waiting and (
                len(waiting) > _MAX_WAITING or n_bytes > _MAX_WAITING_BYTES or _is_done(waiting[0])
            ):
                first = waiting.popleft()
                n_bytes -= first[0].n_bytes if isinstance(first, tuple) else 0
                yield from _come_of(first)
        while waiting:
            yield from _come_of(waiting.popleft())


def _is_done(one: tuple[Task, Pending] | Found | Skip) -> bool:
    return not isinstance(one, tuple) or one[1].done()


def _come_of(one: tuple[Task, Pending] | Found | Skip) -> Iterator[Found | Skip]:
    if isinstance(one, tuple):
        yield from one[1].result()
    else:
        yield one


class _Workers:
    """Threads that do nothing but wait for a process each."""

    def __init__(self) -> None:
        n = min(os.cpu_count() or 1, _MAX_PROCESSES)
        self._threads = ThreadPoolExecutor(n, "page-parser")
        self._own = threading.local()
        self._started: list[_Process] = []

    def __enter__(self) -> "_Workers":
        return self

    def __exit__(self, *_: object) -> None:
        # What nobody waits for any more is not worth its time.
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._started):
            process.kill()
        self._threads.shutdown()
        for process in self._started:
            process.end()

    def submit(self, task: Task) -> Pending:
        return self._threads.submit(self._run, task)

    def _run(self, task: Task) -> list[Found | Skip]:
        process: _Process | None = getattr(self._own, "process", None)
        if process is None or process.is_over:
            process = self._own.process = _Process()
            self._started.append(process)
            process.begin()
        return process.run(task)


class _Process:
    """A worker process and the connection to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, this package
                [sys.executable, "-c", _START.format(path=sys.path), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._connection = Connection(ours.detach())
        self.is_over = False

    def begin(self) -> None:
        """Wait until it is ready.

        Raises:
            SourceError: it does not start.
        """
        try:
            if self._connection.poll(_MAX_START_S):
                self._connection.recv()
                return
        except (EOFError, OSError):
            pass
        self.end()
        raise SourceError(f"no process for parsing pages could be started with {sys.executable}.")

    def run(self, task: Task) -> list[Found | Skip]:
        """Return what comes of a task; a skip when the process does not live to tell."""
        try:
            self._connection.send(task)
            if self._connection.poll(task.max_s):
                records: list[Found | Skip] = self._connection.recv()
                return records
            reason = f"it takes longer than {task.max_s:.0f} s to read"
        except (EOFError, OSError):
            reason = "the process that read it died of it"
        self.end()
        return [Skip(task.file, task.line, reason)]

    def kill(self) -> None:
        """End the process, whatever it does; who waits for it is told by the connection."""
        self.is_over = True
        self._process.kill()

    def end(self) -> None:
        """End the process and the connection, for who alone uses them."""
        self.kill()
        self._process.wait()
        self._connection.close()
