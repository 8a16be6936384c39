"""Adding to an archive that is there: `python -m benchmarks.live --index DIR ARTICLES`.

Works on a copy of the index. Adds the first so many of ARTICLES and tells how long until they are
found by words, and until they are found by meaning; then takes them away again.
"""

import shutil
import tempfile
import time
from itertools import islice
from pathlib import Path

import rich_click as click

from corpus.article import Article
from corpus.errors import DatelineError
from corpus.sources import read_sources
from index.building.builder import Silent
from index.engines.local.archive import LocalArchive
from service.settings import Settings
from service.wiring import open_builder


class _Watch(Silent):
    """Notes when each stage began, in seconds from the start."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self.began: list[tuple[str, float]] = []

    def start(self, stage: str, total: int | None) -> None:
        self.began.append((stage, time.perf_counter() - self._start))


@click.command()
@click.argument("articles", type=click.Path(exists=True, path_type=Path))
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("-n", default=100, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(articles: Path, index_dir: Path, n: int, threads: int) -> None:
    """Print when each stage of adding and removing began, and when it was over."""
    try:
        some = list(islice((a for a in read_sources([articles]) if isinstance(a, Article)), n))
        with tempfile.TemporaryDirectory(dir=index_dir.parent) as folder:
            copy = Path(folder) / "index"
            shutil.copytree(index_dir, copy)
            _change(copy, some, threads)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def _change(root: Path, articles: list[Article], threads: int) -> None:
    settings = Settings(index_dir=root, threads=threads)
    status = LocalArchive(root, threads).current().status
    print(f"{status.n_passages} passages, {status.n_embedded} embedded; {len(articles)} to add")
    for what in ("add", "remove"):
        watch = _Watch()
        builder = open_builder(settings, root, watch)
        if what == "add":
            builder.add(articles)
        else:
            builder.remove([article.id for article in articles])
        watch.start("done", None)
        for stage, seconds in watch.began:
            print(f"{what:8} {seconds:7.2f} s  {stage}")


if __name__ == "__main__":
    main()
