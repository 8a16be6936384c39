"""Work that can wait gives way to questions."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

__all__ = ["giving_way"]

_LOWEST = 19


@contextmanager
def giving_way() -> Iterator[None]:
    """Have this thread, and what it starts meanwhile, run when nothing else wants to.

    Linux keeps a priority for each thread, so a server's other threads keep theirs; elsewhere this
    does nothing. Who may not raise a priority stays at the lowest.
    """
    if sys.platform != "linux":
        yield
        return
    thread = threading.get_native_id()
    before = os.getpriority(os.PRIO_PROCESS, thread)
    os.setpriority(os.PRIO_PROCESS, thread, _LOWEST)
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, thread, before)
