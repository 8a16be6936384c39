"""How long the first answer takes: from the start of a process, in a shell and of a server.

`python -m benchmarks.starting --index DIR [--n 5]`: imports what answers and what serves, asks one
question with `dateline ask`, and starts `dateline serve`, which hashes every file of the index
before it reads one, waits until it answers, and asks it the same question. Then it looks whether
torch was loaded. Each is done in `n` new processes, in turn, and told as wall clock and processor
time.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import rich_click as click

from benchmarks.serving import serving
from service.client import Client

__all__: list[str] = []

_QUESTION = "When did the ferry sink?"
_IMPORTS = ("service.wiring", "service.cli.main", "service.cli.serving")


@dataclass(slots=True)
class _Times:
    """Seconds of wall clock and of processor, of each time."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{median(self.wall_s):.2f} s (p50), {max(self.wall_s):.2f} s (longest), "
            f"{median(self.cpu_s):.2f} s of processor time (p50)"
        )


@click.command()
@click.option("--index", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--n", default=5, show_default=True)
def main(index: Path, n: int) -> None:
    """Print the medians and the longest of the starts."""
    imports = {name: _Times() for name in _IMPORTS}
    asked, answered = _Times(), _Times()
    ready_s, first_ms, passages, torch = [], [], 0, False
    for _ in range(n):
        for name, times in imports.items():
            _run(["-c", f"import {name}"], times)
        _run(["-m", "service.cli", "ask", _QUESTION, "--index", str(index)], asked)
        began_s = time.perf_counter()
        with serving(index, log_level="error") as server, Client(server.url) as client:
            ready_s.append(server.ready_s)
            asked_s = time.perf_counter()
            client.ask(_QUESTION)
            first_ms.append(1000 * (time.perf_counter() - asked_s))
            answered.wall_s.append(time.perf_counter() - began_s)
            answered.cpu_s.append(server.cpu_s())
            passages = client.archive().n_passages
            torch = torch or _has_torch(server.pid)
    print(f"{passages} passages, {n} starts")
    for name, times in imports.items():
        print(f"import {name}: {times}")
    print(f"dateline ask: {asked}")
    print(f"server, to its first answer: {answered}")
    print(
        f"of that until it is ready: {median(ready_s):.2f} s (p50), {max(ready_s):.2f} s (longest);"
        f" the first question took {median(first_ms):.0f} ms; torch "
        f"{'was' if torch else 'was never'} loaded."
    )


def _run(arguments: Sequence[str], times: _Times) -> None:
    began, before = time.perf_counter(), _children_s()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    times.wall_s.append(time.perf_counter() - began)
    times.cpu_s.append(_children_s() - before)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _has_torch(pid: int) -> bool:
    return "libtorch" in Path(f"/proc/{pid}/maps").read_text()


if __name__ == "__main__":
    main()
