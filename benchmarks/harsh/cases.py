"""Runs that end at any moment, on a full disk, and indexes with a byte that is another one."""

import ctypes
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.harsh.archive import Run, results
from benchmarks.harsh.bench import Allowed, Bench, Case, benches, spread_over
from benchmarks.harsh.forked import die_at, forked

__all__ = ["bytes_flipped", "disk_full", "kills"]

_BLOCK = 4096
_N_MOMENTS = 40


def kills(work: Path, most: int) -> Iterator[Case]:
    """SIGKILL before touches of files of the index, and at random moments.

    At most `most` of the touches of each run, spread over it, and as many moments.
    """
    for bench, allowed in benches(work):
        for number in spread_over(bench.n_touches(), most):
            run = _killed(bench, allowed, number, None)
            yield Case(f"kill {bench.name} at touch {number}", run)
        draw = random.Random(bench.name)  # noqa: S311 - moments, not secrets
        for number in range(min(most, _N_MOMENTS)):
            after_s = draw.uniform(0.0, 0.6)
            run = _killed(bench, allowed, None, after_s)
            yield Case(f"kill {bench.name} at moment {number}", run)


def _killed(
    bench: Bench,
    allowed: Allowed,
    touch: int | None,
    after_s: float | None,
) -> Callable[[], str]:
    def run() -> str:
        bench.fresh()

        def act() -> None:
            if touch:
                die_at(bench.root, touch)
            bench.act()

        ended = forked(act, bench.log, after_s)
        if ended.error or ended.refusal:
            return f"FAULT: it raised before it was killed: {ended}"
        return bench.outcome(allowed)

    return run


def disk_full(work: Path, library: Path, most: int) -> Iterator[Case]:
    """The disk is full from the nth write on, for at most `most` numbers spread over each run."""
    failing = ctypes.CDLL(str(library))
    failing.writes.restype = ctypes.c_long
    failing.fail_after.argtypes = [ctypes.c_long]
    for bench, allowed in benches(work):
        bench.fresh()

        def counted(bench: Bench = bench) -> int:
            failing.fail_after(10**9)
            bench.act()
            return int(failing.writes())

        n_writes = forked(counted, bench.log).value
        for number in spread_over(n_writes, most):
            run = _full(bench, allowed, failing, number)
            yield Case(f"disk full at write {number} of {bench.name}", run)


def _full(bench: Bench, allowed: Allowed, failing: ctypes.CDLL, number: int) -> Callable[[], str]:
    def run() -> str:
        bench.fresh()

        def act() -> None:
            failing.fail_after(number)
            bench.act()

        ended = forked(act, bench.log)
        if ended.signal or ended.error:
            return f"FAULT: no sentence says it: {ended}"
        return bench.outcome(allowed)

    return run


def bytes_flipped(work: Path) -> Iterator[Case]:
    """A byte is another one in each block of each file of an index."""
    bench = Bench(work, "bytes", Run(lambda builder: builder.rebuild()))
    bench.prepare()
    expected = forked(lambda: results(bench.base), bench.log).value
    draw = random.Random("bytes")  # noqa: S311
    for path in sorted(path for path in bench.base.rglob("*") if path.is_file()):
        name = path.relative_to(bench.base).as_posix()
        size = path.stat().st_size
        for first in range(0, size, _BLOCK):
            place = draw.randrange(first, min(first + _BLOCK, size))
            yield Case(f"flip byte {place} of {name}", _flipped(bench, expected, name, place))


def _flipped(bench: Bench, expected: object, name: str, place: int) -> Callable[[], str]:
    def run() -> str:
        bench.fresh()
        path = bench.root / name
        data = bytearray(path.read_bytes())
        data[place] ^= 0x10
        path.write_bytes(data)
        found = forked(lambda: results(bench.root), bench.log)
        if found.signal:
            return f"FAULT: ended by {signal.Signals(found.signal).name}"
        if found.error:
            return f"FAULT: no sentence says it: {found.error}"
        if found.refusal:
            return "refused"
        return "the same" if found.value == expected else "FAULT: another answer"

    return run
