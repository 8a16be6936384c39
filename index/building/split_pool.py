"""Splits articles into passages in processes of this machine, beside the one that reads them."""

import os
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, tee
from pathlib import Path

from tokenizers import Tokenizer

from corpus.article import Article
from corpus.processes import Process, ProcessEndedError, Processes, answer_requests
from corpus.splitting import Limit, Splitter
from index.store.rows import PassageRow, passage_rows
from index.vectors.pieces import piece_counter

__all__ = ["Batch", "SplitPool", "main", "split_batch"]

Batch = Sequence[Article]

# Split here before a process is started: that takes as long as some 200 articles.
_BATCHES_HERE = 4
# One that is worked on, and two that are there when it is done.
_AHEAD = 3
_MAX_PROCESSES = 4


def split_batch(splitter: Splitter, embedder_id: str, batch: Batch) -> list[list[PassageRow]]:
    """Return what is stored of the passages of each article."""
    return [passage_rows(article, splitter.split(article), embedder_id) for article in batch]


class SplitPool:
    """Splits as `splitter` does; `tokenizer` is the file of the embedder's, which it counts by.

    A batch whose process ends is split here, and so are all where there is one core only.
    """

    def __init__(self, splitter: Splitter, embedder_id: str, tokenizer: Path) -> None:
        self._split_here = partial(split_batch, splitter, embedder_id)
        size = splitter.embedder.size if splitter.embedder else 0
        sizes = (str(splitter.max_tokens), str(size))
        self._arguments = (str(tokenizer.resolve()), embedder_id, *sizes)
        # As many as cores: whoever reads the articles and stores them waits half of the time.
        self._n_processes = min(_n_cores(), _MAX_PROCESSES) if _n_cores() > 1 else 0

    def split(self, batches: Iterable[Batch]) -> Generator[list[list[PassageRow]]]:
        """Yield what `split_batch` returns for each batch, in their order, some taken ahead."""
        remaining = iter(batches)
        yield from map(self._split_here, islice(remaining, _BATCHES_HERE))
        first = next(remaining, None)
        if first is None:
            return
        yield from self._split_elsewhere(chain([first], remaining))

    def _split_elsewhere(self, batches: Iterator[Batch]) -> Generator[list[list[PassageRow]]]:
        if not self._n_processes:
            yield from map(self._split_here, batches)
            return
        given, again = tee(batches)
        works = (partial(_ask, batch) for batch in given)
        with Processes(self._n_processes, self._start) as processes:
            futures = processes.map(works, _AHEAD * self._n_processes)
            for future, batch in zip(futures, again, strict=True):
                try:
                    yield future.result()
                except (ProcessEndedError, TimeoutError):
                    yield self._split_here(batch)

    def _start(self) -> Process:
        return Process("index.building.split_pool", *self._arguments)


def _ask(batch: Batch, process: Process) -> list[list[PassageRow]]:
    rows: list[list[PassageRow]] = process.ask(batch)
    return rows


def _n_cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))  # a container may have fewer than the machine
    return os.cpu_count() or 1


def main() -> None:
    """Be such a process; its arguments are those of `SplitPool._start`."""
    # One thread: there are as many processes as cores to use.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    path, embedder_id, *sizes = sys.argv[2:]
    max_tokens, size = map(int, sizes)
    limit = None
    if size:
        tokenizer = Tokenizer.from_file(path)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        limit = Limit(size, piece_counter(tokenizer))
    answer_requests(partial(split_batch, Splitter(max_tokens, limit), embedder_id))
