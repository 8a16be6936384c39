"""A process that parses one page after the other, so that a page can cost no more than itself.

Run by `corpus.sources.workers`, never by a person. It needs nothing of the process that started it:
what it is given and what it returns are pickled.
"""

import os
import resource
import signal
import sys
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from corpus.sources.task import Task

__all__ = ["main"]

_MAX_BYTES = 2**30
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Answer tasks until the other side is gone."""
    # Ctrl-C is for the process that reads; this one ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = Connection(int(sys.argv[1]))
    # Imported before the first task, so that no task's time goes to it.
    import_module("corpus.sources.html")
    _limit_memory()
    connection.send(None)
    while True:
        try:
            task: Task = connection.recv()
        except EOFError:
            return
        connection.send(task.run())


def _limit_memory() -> None:
    """Allow this process so much more address space than it has now."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        held = int(statm.read_text("ascii").split()[0]) * _PAGE_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (held + _MAX_BYTES, held + _MAX_BYTES))


if __name__ == "__main__":
    main()
