"""Be harsh to an index: `python -m benchmarks.harsh [--work build/harsh] [--only kills]`.

`kills` ends builds, additions, removals and publications with SIGKILL: before each step that
touches a file, and at random moments. `power` ends them and takes back what no fsync had forced
to the disk; `full` has the disk be full from one write on (both need a C compiler). `bytes` has
one byte be another one in every 4 KiB of every file. After each the index must open and hold
wholly what it held before or wholly what it was to hold, and the same run must then complete; or a
sentence must say what is wrong. A run that is broken off goes on with the same command.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import rich_click as click

from benchmarks.harsh.archive import warm_up
from benchmarks.harsh.bench import Case
from benchmarks.harsh.cases import bytes_flipped, disk_full, kills
from benchmarks.harsh.power import power_cuts

_KINDS = ("kills", "power", "full", "bytes")


@click.command()
@click.option("--work", default="build/harsh", type=click.Path(path_type=Path), show_default=True)
@click.option("--only", type=click.Choice(_KINDS), multiple=True, help="Do these kinds only.")
@click.option("--most", default=250, show_default=True, help="Cases of a kind for each run.")
@click.option("--minutes", type=float, help="Begin no case after so many minutes.")
def main(work: Path, only: tuple[str, ...], most: int, minutes: float | None) -> None:
    """Print what came of the cases; exit with 1 if any is a fault."""
    work = work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    library = _failing(work)
    if library and "failing" not in os.environ.get("LD_PRELOAD", ""):
        # Libraries are put before others only when a process starts.
        os.execve(  # noqa: S606 - this program again
            sys.executable,
            [sys.executable, "-m", "benchmarks.harsh", *sys.argv[1:]],
            {**os.environ, "LD_PRELOAD": str(library)},
        )
    warm_up()
    done = work / "done.jsonl"
    outcomes = _read(done)
    ends_s = time.monotonic() + 60 * (minutes or 1e9)
    with done.open("a", encoding="utf-8") as file:
        for kind in only or _KINDS:
            for case in _cases(kind, work, library, most):
                if time.monotonic() > ends_s:
                    break
                if case.name not in outcomes:
                    outcomes[case.name] = outcome = case.run()
                    print(json.dumps([case.name, outcome]), file=file, flush=True)
                    if outcome.startswith("FAULT"):
                        print(f"{case.name}: {outcome}", flush=True)
    _report(outcomes)


def _failing(work: Path) -> Path | None:
    """Compile the library that has the disk be full; None without a compiler."""
    library = work / "failing.so"
    source = Path(__file__).with_name("failing.c")
    try:
        command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"]
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return library


def _cases(kind: str, work: Path, library: Path | None, most: int) -> Iterator[Case]:
    if kind == "kills":
        return kills(work, most)
    if kind == "bytes":
        return bytes_flipped(work)
    if library is None:
        print(f"{kind}: left out, because there is no C compiler")
        return iter(())
    return (power_cuts if kind == "power" else disk_full)(work, library, most)


def _read(done: Path) -> dict[str, str]:
    if not done.exists():
        return {}
    return dict(json.loads(line) for line in done.read_text(encoding="utf-8").splitlines())


def _report(outcomes: dict[str, str]) -> None:
    table: dict[str, Counter[str]] = {}
    for name, outcome in outcomes.items():
        kind = " ".join(word for word in name.split() if not word.isdigit())
        kind = "flip a byte" if kind.startswith("flip") else kind
        table.setdefault(kind, Counter())[outcome.partition(":")[0]] += 1
    print("| what | cases | came of it |")
    print("| --- | --- | --- |")
    for kind, found in table.items():
        came = ", ".join(f"{n} {outcome}" for outcome, n in found.most_common())
        print(f"| {kind} | {found.total()} | {came} |")
    if any(outcome.startswith("FAULT") for outcome in outcomes.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
