"""A power cut: what was written but not forced to the disk is gone."""

import ctypes
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.harsh.bench import Allowed, Bench, Case, benches, spread_over
from benchmarks.harsh.forked import die_at, forked

__all__ = ["power_cuts"]


def power_cuts(work: Path, library: Path, most: int) -> Iterator[Case]:
    """End runs before touches of files, and take back all that no fsync forced to the disk.

    Names of files stay as they were at that moment, contents go back to the last fsync: a file
    that never had one is empty. So what is renamed into place before it is forced shows.
    """
    keeping = ctypes.CDLL(str(library))
    keeping.keep_synced.argtypes = [ctypes.c_char_p]
    for bench, allowed in benches(work):
        for number in spread_over(bench.n_touches(), most):
            run = _cut(bench, allowed, keeping, number)
            yield Case(f"power cut in {bench.name} at touch {number}", run)


def _cut(bench: Bench, allowed: Allowed, keeping: ctypes.CDLL, number: int) -> Callable[[], str]:
    synced = bench.work / "synced"

    def run() -> str:
        bench.fresh()
        shutil.rmtree(synced, ignore_errors=True)
        synced.mkdir()
        # What the index begins with is on the disk.
        for path in _files(bench.root):
            shutil.copyfile(path, _kept(synced, path))

        def act() -> None:
            keeping.keep_synced(str(synced).encode())
            die_at(bench.root, number)
            bench.act()

        ended = forked(act, bench.log)
        if ended.error or ended.refusal:
            return f"FAULT: it raised before the power was cut: {ended}"
        _take_back(bench.root, synced)
        return bench.outcome(allowed)

    return run


def _take_back(root: Path, synced: Path) -> None:
    for path in _files(root):
        kept = _kept(synced, path)
        # Written in place: other names of the file share it.
        path.write_bytes(kept.read_bytes() if kept.exists() else b"")


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def _kept(synced: Path, path: Path) -> Path:
    """Return where what was forced of a file is kept: by its inode, which renaming leaves."""
    return synced / str(path.stat().st_ino)
