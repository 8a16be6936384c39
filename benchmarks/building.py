"""How soon can a new archive be asked by words? `python -m benchmarks.building SOURCE`.

Builds an index of SOURCE in an empty folder, as `dateline build` does, until the first publication,
and tells how long each stage took. `--stories` goes on until near-duplicates are found as well.
Nothing is embedded, and the embedder is exported (or taken from the cache) before the clock starts.
"""

import resource
import tempfile
import time
from contextlib import suppress
from itertools import islice
from pathlib import Path

import rich_click as click

from corpus.sources import read_sources
from service.settings import Settings
from service.wiring import open_builder


class _Over(Exception):
    """The stages that are measured are over."""


class _Stages:
    """Progress that notes when each stage begins, and ends the run before stage `last`."""

    def __init__(self, last: str) -> None:
        self.last = last
        self.began: list[tuple[str, float]] = []
        self.n_records = 0

    def start(self, stage: str, total: int | None) -> None:
        self.began.append((stage, time.monotonic()))
        if stage == self.last:
            raise _Over

    def advance(self, n: int) -> None:
        if self.began[-1][0] == "Reading articles":
            self.n_records += n


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-n", "limit", type=int, help="Only the first so many records.")
@click.option("--stories", is_flag=True, help="Go on until near-duplicates are found.")
def main(sources: tuple[Path, ...], limit: int | None, stories: bool) -> None:
    """Print how long reading and publishing take, and the processor time of it."""
    stages = _Stages("Embedding passages" if stories else "Finding near-duplicates")
    with tempfile.TemporaryDirectory(prefix="dateline-building-") as folder:
        root = Path(folder) / "index"
        builder = open_builder(Settings(index_dir=root), root, stages)
        stages.began.clear()
        before = _cpu_s()
        with suppress(_Over):
            builder.build(islice(read_sources(sources), limit))
        n_bytes = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    ends = [began for _, began in stages.began[1:]]
    for (stage, began), end in zip(stages.began, ends, strict=False):
        print(f"{stage:24} {end - began:7.2f} s")
    total = ends[-1] - stages.began[0][1]
    n_records = stages.n_records
    print(f"{n_records} records in {total:.2f} s: {n_records / total:.0f}/s,", end=" ")
    print(f"{1000 * (_cpu_s() - before) / n_records:.2f} ms of processor time each,", end=" ")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n_bytes / 2**20:.0f} MiB on disk, {peak:.0f} MiB of memory at most")


def _cpu_s() -> float:
    """Return the processor time of this process and of its children that ended."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
