"""Work in a process that may end at any moment, forked off one that has imported everything."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import DatelineError

__all__ = ["Ended", "count_touches", "die_at", "forked"]

# Steps at which the disk may differ before and after.
_TOUCHES = (
    "open os.rename os.remove os.rmdir os.mkdir os.link os.truncate shutil.rmtree shutil.copyfile"
    " sqlite3.connect"
).split()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: by `signal`, or with a `value`, a `refusal` or another `error`."""

    signal: int = 0
    value: Any = None
    refusal: str | None = None
    error: str | None = None


def forked(work: Callable[[], Any], log: Path, kill_after_s: float | None = None) -> Ended:
    """Do `work` in a child, which is ended with SIGKILL after some seconds if asked for."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _be_child(work, writing, log, kill_after_s)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return Ended(signal=os.WTERMSIG(status))
    return Ended(**json.loads(told)) if told else Ended(error=f"exit {status}")


def _be_child(work: Callable[[], Any], writing: int, log: Path, kill_after_s: float | None) -> None:
    try:
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        if kill_after_s is not None:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, kill_after_s)
        told = _tell(work)
        os.write(writing, json.dumps(told).encode())
    finally:
        # Nothing of the parent's may be flushed or closed twice.
        os._exit(0)


def _tell(work: Callable[[], Any]) -> dict[str, Any]:
    try:
        return {"value": work()}
    except DatelineError as error:
        return {"refusal": str(error)}
    except BaseException as error:  # what is no refusal is what is looked for  # noqa: BLE001
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def count_touches(root: Path) -> Callable[[], int]:
    """Count from now on what this process does to files below a folder."""
    n = 0

    def note() -> None:
        nonlocal n
        n += 1

    _watch(root, note)
    return lambda: n


def die_at(root: Path, number: int) -> None:
    """Have this process end with SIGKILL just before it touches a folder for the nth time."""
    n = 0

    def note() -> None:
        nonlocal n
        n += 1
        if n == number:
            os.kill(os.getpid(), signal.SIGKILL)

    _watch(root, note)


def _watch(root: Path, note: Callable[[], None]) -> None:
    inside = str(root)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _TOUCHES and any(inside in str(one) for one in arguments):
            note()

    sys.addaudithook(hook)
