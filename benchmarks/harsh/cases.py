"""The ways to be harsh: each yields cases with names, and what came of each."""

import ctypes
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harsh.archive import RUNS, Run, make_base, open_builder, results, state
from benchmarks.harsh.forked import Ended, count_touches, die_at, forked
from index.engines.local.verify import verify_index

__all__ = ["Case", "bytes_flipped", "disk_full", "kills"]

_BLOCK = 4096
_N_MOMENTS = 40


@dataclass(frozen=True, slots=True)
class Case:
    """A case by its name; `run` returns what came of it, "FAULT: ..." if that may not be."""

    name: str
    run: Callable[[], str]


@dataclass(frozen=True, slots=True)
class _Bench:
    """A folder to work in, for one kind of run: the index before, and its states by then."""

    work: Path
    name: str
    what: Run

    @property
    def base(self) -> Path:
        return self.work / f"base of {self.name}"

    @property
    def root(self) -> Path:
        return self.work / "index"

    @property
    def log(self) -> Path:
        return self.work / "log.txt"

    def prepare(self) -> None:
        """Make the index that each case begins with."""
        made = forked(lambda: make_base(self.base, is_empty=self.what.is_first), self.log)
        if made != Ended():
            raise SystemExit(f"the base was not made: {made}")

    def fresh(self) -> None:
        """Put the index of the beginning in place."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.base, self.root)

    def act(self) -> None:
        """Do what is broken off."""
        self.what.act(open_builder(self.root))

    def states(self) -> tuple[str | None, str | None]:
        """Return the states before and after."""
        self.fresh()
        before = forked(lambda: state(self.root), self.log).value
        done = forked(self.act, self.log)
        if done.signal or done.error or done.refusal:
            raise SystemExit(f"{self.name} does not run: {done}")
        return before, forked(lambda: state(self.root), self.log).value

    def outcome(self, allowed: tuple[str | None, str | None]) -> str:
        """Look at what a broken run left, and have it done again."""
        found = forked(self._look, self.log)
        if found.error or found.refusal or found.signal:
            return f"FAULT: the index does not open: {found}"
        if found.value not in allowed:
            return f"FAULT: a mixture: {found.value} is none of {allowed}"
        again = forked(self._again, self.log)
        # What was removed before it was killed cannot be removed again.
        if again.refusal and self.name == "remove" and found.value == allowed[1]:
            return "new"
        if again.value != [allowed[1], 1]:
            return f"FAULT: the next run does not complete: {again}"
        return "new" if found.value == allowed[1] != allowed[0] else "old"

    def _look(self) -> str | None:
        held = state(self.root)
        if held:
            verify_index(self.root)
        return held

    def _again(self) -> list[object]:
        self.act()
        verify_index(self.root)
        return [state(self.root), len(list((self.root / "snapshots").iterdir()))]


def kills(work: Path, most: int) -> Iterator[Case]:
    """SIGKILL before touches of files of the index, and at random moments.

    At most `most` of the touches of each run, spread over it, and as many moments.
    """
    for name, what in RUNS.items():
        bench = _Bench(work, name, what)
        bench.prepare()
        allowed = bench.states()
        bench.fresh()

        def counted(bench: _Bench = bench) -> int:
            touches = count_touches(bench.root)
            bench.act()
            return touches()

        n_touches = forked(counted, bench.log).value
        for number in range(1, n_touches + 1, -(-n_touches // most)):
            run = _killed(bench, allowed, number, None)
            yield Case(f"kill {name} at touch {number}", run)
        draw = random.Random(name)  # noqa: S311 - moments, not secrets
        for number in range(min(most, _N_MOMENTS)):
            after_s = draw.uniform(0.0, 0.6)
            yield Case(f"kill {name} at moment {number}", _killed(bench, allowed, None, after_s))


def _killed(
    bench: _Bench,
    allowed: tuple[str | None, str | None],
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
    for name, what in RUNS.items():
        bench = _Bench(work, name, what)
        bench.prepare()
        allowed = bench.states()
        bench.fresh()

        def counted(bench: _Bench = bench) -> int:
            failing.fail_after(10**9)
            bench.act()
            return int(failing.writes())

        n_writes = forked(counted, bench.log).value
        for number in range(1, n_writes + 1, -(-n_writes // most)):
            run = _full(bench, allowed, failing, number)
            yield Case(f"disk full at write {number} of {name}", run)


def _full(
    bench: _Bench, allowed: tuple[str | None, str | None], failing: ctypes.CDLL, number: int
) -> Callable[[], str]:
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
    bench = _Bench(work, "bytes", Run(lambda builder: builder.rebuild()))
    bench.prepare()
    expected = forked(lambda: results(bench.base), bench.log).value
    draw = random.Random("bytes")  # noqa: S311
    for path in sorted(path for path in bench.base.rglob("*") if path.is_file()):
        name = path.relative_to(bench.base).as_posix()
        size = path.stat().st_size
        for first in range(0, size, _BLOCK):
            place = draw.randrange(first, min(first + _BLOCK, size))
            yield Case(f"flip byte {place} of {name}", _flipped(bench, expected, name, place))


def _flipped(bench: _Bench, expected: object, name: str, place: int) -> Callable[[], str]:
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
