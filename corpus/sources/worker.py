"""A process that parses one page after the other, so that a page can cost no more than itself.

Run by `corpus.sources.workers`, never by a person. It needs nothing of the process that started it:
what it is given and what it returns are pickled.
"""

import os
import resource
from importlib import import_module
from pathlib import Path

from corpus.processes import answer_requests
from corpus.sources.task import Task

__all__ = ["main"]

_MAX_BYTES = 2**30
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Answer tasks until the other side is gone."""
    # Imported before the first task, so that no task's time goes to it.
    import_module("corpus.sources.formats.html")
    _limit_memory()
    answer_requests(Task.run)


def _limit_memory() -> None:
    """Allow this process so much more address space than it has now."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        held = int(statm.read_text("ascii").split()[0]) * _PAGE_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (held + _MAX_BYTES, held + _MAX_BYTES))


if __name__ == "__main__":
    main()
