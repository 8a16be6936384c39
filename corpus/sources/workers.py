"""Pages are parsed in other processes, in order and a few ahead of whoever takes the records.

A page that takes too long, too much memory or its process with it costs itself only.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import nullcontext

from corpus.errors import SourceError
from corpus.processes import Process, ProcessEndedError, Processes
from corpus.sources.record import ReadArticle, SkippedRecord
from corpus.sources.task import Task

__all__ = ["in_order", "page_processes"]

# One process parses about as fast as the rest of a build takes articles in.
_MAX_PROCESSES = 4
_MAX_WAITING = 64
_MAX_WAITING_BYTES = 64 * 2**20

_Waiting = tuple[Task, Future[list[ReadArticle | SkippedRecord]]] | ReadArticle | SkippedRecord


def page_processes() -> Processes:
    """Return processes for tasks: each starts when there is work for it, and ends with them all."""
    return Processes(min(os.cpu_count() or 1, _MAX_PROCESSES), _start)


def in_order(
    records: Iterable[ReadArticle | SkippedRecord | Task], processes: Processes | None = None
) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield records as they come, and in the place of each task what comes of it.

    Args:
        records: What to yield, and the tasks among it.
        processes: Those of `page_processes`, which take a third of a second to start, when many
            short sources are read one after the other. Without, some are started when the first
            task comes, and ended with the iterator.

    Raises:
        SourceError: no process can be started.
    """
    waiting: deque[_Waiting] = deque()
    with nullcontext(processes) if processes else page_processes() as started:
        try:
            yield from _in_order(records, started, waiting)
        finally:
            # Nobody asks for these any more.
            for one in waiting:
                if isinstance(one, tuple):
                    one[1].cancel()


def _in_order(
    records: Iterable[ReadArticle | SkippedRecord | Task],
    processes: Processes,
    waiting: deque[_Waiting],
) -> Iterator[ReadArticle | SkippedRecord]:
    n_bytes = 0
    for record in records:
        if isinstance(record, Task):
            waiting.append((record, processes.submit(_work(record))))
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


def _is_done(one: _Waiting) -> bool:
    return not isinstance(one, tuple) or one[1].done()


def _come_of(one: _Waiting) -> Iterator[ReadArticle | SkippedRecord]:
    if isinstance(one, tuple):
        try:
            yield from one[1].result()
        except (ProcessEndedError, TimeoutError) as error:
            raise SourceError(
                f"no process for parsing pages could be started with {sys.executable}."
            ) from error
    else:
        yield one


def _start() -> Process:
    return Process("corpus.sources.worker")


def _work(task: Task) -> Callable[[Process], list[ReadArticle | SkippedRecord]]:
    def work(process: Process) -> list[ReadArticle | SkippedRecord]:
        try:
            records: list[ReadArticle | SkippedRecord] = process.ask(task, task.max_s)
            return records
        except TimeoutError:
            reason = f"it takes longer than {task.max_s:.0f} s to read"
        except ProcessEndedError:
            reason = "the process that read it died of it"
        return [SkippedRecord(task.file, task.line, reason)]

    return work
