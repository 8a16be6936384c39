"""Pages are parsed in other processes, in order and a few ahead of whoever takes the records.

A page that takes too long, too much memory or its process with it costs itself only.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future

from corpus.errors import SourceError
from corpus.processes import Process, ProcessEndedError, Processes
from corpus.sources.record import ReadArticle, SkippedRecord
from corpus.sources.task import Task

__all__ = ["in_order"]

# One process parses about as fast as the rest of a build takes articles in.
_MAX_PROCESSES = 4
_MAX_WAITING = 64
_MAX_WAITING_BYTES = 64 * 2**20

Pending = Future[list[ReadArticle | SkippedRecord]]


def in_order(
    records: Iterable[ReadArticle | SkippedRecord | Task],
) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield records as they come, and in the place of each task what comes of it.

    Processes are started when the first task comes, and ended with the iterator.

    Raises:
        SourceError: no process can be started.
    """
    waiting: deque[tuple[Task, Pending] | ReadArticle | SkippedRecord] = deque()
    n_bytes = 0
    n_processes = min(os.cpu_count() or 1, _MAX_PROCESSES)
    with Processes(n_processes, _start) as processes:
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


def _is_done(one: tuple[Task, Pending] | ReadArticle | SkippedRecord) -> bool:
    return not isinstance(one, tuple) or one[1].done()


def _come_of(
    one: tuple[Task, Pending] | ReadArticle | SkippedRecord,
) -> Iterator[ReadArticle | SkippedRecord]:
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
