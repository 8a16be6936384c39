"""Where cases are run: an index before, what is done to it, and what it may hold afterwards."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harsh.archive import RUNS, Run, make_base, open_builder, state
from benchmarks.harsh.forked import Ended, count_touches, forked
from index.engines.local.verify import verify_index

__all__ = ["Allowed", "Bench", "Case", "benches", "spread_over"]

# The states before and after a run, as hashes; None where nothing is published.
Allowed = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A case by its name; `run` returns what came of it, "FAULT: ..." if that may not be."""

    name: str
    run: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Bench:
    """A folder to work in, for one kind of run: the index before, and its states by then."""

    work: Path
    name: str
    what: Run

    @property
    def base(self) -> Path:
        """The index that each case begins with."""
        return self.work / f"base of {self.name}"

    @property
    def root(self) -> Path:
        """The index that something is done to."""
        return self.work / "index"

    @property
    def log(self) -> Path:
        """What the processes say."""
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

    def states(self) -> Allowed:
        """Return the states before and after."""
        self.fresh()
        before = forked(lambda: state(self.root), self.log).value
        done = forked(self.act, self.log)
        if done.signal or done.error or done.refusal:
            raise SystemExit(f"{self.name} does not run: {done}")
        return before, forked(lambda: state(self.root), self.log).value

    def outcome(self, allowed: Allowed) -> str:
        """Look at what a broken run left, and have it done again."""
        found = forked(self._look, self.log)
        if found.error or found.refusal or found.signal:
            return f"FAULT: the index does not open: {found}"
        if found.value not in allowed:
            return f"FAULT: a mixture: {found.value} is none of {allowed}"
        again = forked(self._again, self.log)
        # What was removed or held before it was killed cannot be so again.
        if again.refusal and self.name in ("remove", "hold") and found.value == allowed[1]:
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

    def n_touches(self) -> int:
        """Return how often the run touches files of the index."""
        self.fresh()

        def counted() -> int:
            touches = count_touches(self.root)
            self.act()
            return touches()

        return int(forked(counted, self.log).value)


def benches(work: Path) -> Iterator[tuple[Bench, Allowed]]:
    """Yield a bench for each kind of run, with the states that are allowed after it."""
    for name, what in RUNS.items():
        bench = Bench(work, name, what)
        bench.prepare()
        yield bench, bench.states()


def spread_over(n: int, most: int) -> range:
    """Return at most `most` of the numbers from 1 to n, spread over them.

    >>> list(spread_over(10, 3))
    [1, 5, 9]
    """
    return range(1, n + 1, -(-n // most))
