"""Searching while a build runs: `python -m benchmarks.beside_build --index DIR ARTICLES`.

Works on a copy of the index. Searches it for the news quizzes of 2022 (`$DATELINE_DATA`), first
with nothing else to do and then while `dateline add` embeds ARTICLES into it, which is ended when
enough was measured. Prints the latency of searches, and the ratio.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import rich_click as click

from corpus.errors import DatelineError
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.search.query import Query
from index.vectors.onnx_embedder import OnnxEmbedder
from training.quiz import news_quizzes

_N_HITS = 10


@click.command()
@click.argument("articles", type=click.Path(exists=True, path_type=Path))
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("-n", "n_searches", default=300, show_default=True)
@click.option("--pause", "pause_s", default=0.05, show_default=True, help="Seconds between two.")
def main(articles: Path, index_dir: Path, n_searches: int, pause_s: float) -> None:
    """Print the latency of searches with and without a build beside them."""
    try:
        queries = [Query(gold.question.text) for gold in news_quizzes(2022)]
        with tempfile.TemporaryDirectory(dir=index_dir.parent) as folder:
            copy = Path(folder) / "index"
            shutil.copytree(index_dir, copy)
            _compare(copy, articles, queries, n_searches, pause_s)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def _compare(
    root: Path, articles: Path, queries: list[Query], n_searches: int, pause_s: float
) -> None:
    archive = LocalArchive(root, threads=2, embedder=_Uncached(IndexFolder(root).embedder))

    def measure(name: str, goes_on: Callable[[], bool]) -> list[float]:
        times = []
        for query in islice(cycle(queries), n_searches):
            if not goes_on():
                break
            began = time.perf_counter()
            archive.current().search(query, _N_HITS)
            times.append(1000 * (time.perf_counter() - began))
            time.sleep(pause_s)
        p50, p95 = np.percentile(times, [50, 95])
        print(f"{name:10} {len(times):4} searches  p50 {p50:.1f} ms  p95 {p95:.1f} ms", flush=True)
        return times

    measure("warming up", lambda: True)
    idle = measure("idle", lambda: True)
    command = [
        sys.executable,
        "-m",
        "service.cli",
        "add",
        str(articles),
        "--index",
        str(root),
    ]
    build = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_embedding(archive, build)
        beside = measure("building", lambda: build.poll() is None)
    finally:
        build.send_signal(signal.SIGTERM)
        build.wait()
    for share in (50, 95):
        print(f"p{share} {np.percentile(beside, share) / np.percentile(idle, share):.2f} x idle")


def _wait_until_embedding(archive: LocalArchive, build: "subprocess.Popen[bytes]") -> None:
    """Wait for the first of the two snapshots, that of the words: embedding follows."""
    number = archive.current().status.snapshot
    while archive.current().status.snapshot == number:
        if build.poll() is not None:
            raise click.ClickException(f"the build ended at once, with {build.returncode}.")
        time.sleep(0.5)


class _Uncached(OnnxEmbedder):
    """Embeds a question each time: the same ones are asked before and beside the build."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, threads=2)
        self._query_vector = self._embed_query  # type: ignore[assignment]


if __name__ == "__main__":
    main()
