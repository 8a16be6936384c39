"""Embeds in processes of this machine, one thread each."""

import os
import signal
import sys
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corpus.errors import ModelError, WorkerError
from corpus.processes import Process, ProcessEndedError, Processes, answer_requests
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Vectors

__all__ = ["ProcessPool", "main"]

_TRIES = 3
# One that is worked on, and one that is there when it is done.
_AHEAD = 2


@dataclass(frozen=True, slots=True)
class ProcessPool:
    """See `index.vectors.embedder.EmbeddingPool`; `folder` holds the exported embedder.

    The processes are started when the first batch comes. One that ends is replaced, and its batch
    is tried again, three times at most.
    """

    folder: Path
    n_processes: int

    def embed(self, batches: Iterable[Sequence[str]]) -> Generator[Vectors]:
        """See `EmbeddingPool.embed`.

        Raises:
            WorkerError: no process starts, or one batch ends each that it is given to.
            ModelError: the embedder does not load or run.
        """
        works = (partial(_ask, list(texts)) for texts in batches)
        with Processes(self.n_processes, self._start) as processes:
            for future in processes.map(works, _AHEAD * self.n_processes, _TRIES):
                yield _result(future)

    def _start(self) -> Process:
        return Process("index.vectors.process_pool", str(self.folder.resolve()))


def _ask(texts: list[str], process: Process) -> Vectors:
    answer: Vectors | ModelError = process.ask(texts)
    if isinstance(answer, ModelError):
        raise answer
    return answer


def _result(future: "Future[Vectors]") -> Vectors:
    kept = "All that is embedded so far is kept: the same command goes on from there"
    try:
        return future.result()
    except ProcessEndedError as error:
        why = "killed, as happens where memory is short" if error.code == -signal.SIGKILL else error
        raise WorkerError(
            f"processes that embed ended {_TRIES} times over the same passages ({why}). {kept}, "
            "with fewer --workers if memory is short."
        ) from error
    except TimeoutError as error:
        raise WorkerError(f"a process that embeds does not start. {kept}.") from error


def main() -> None:
    """Be such a process; the folder of the embedder is its argument."""
    # One thread, tokenizing included: there are as many processes as cores to use.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    folder = Path(sys.argv[2])
    try:
        embedder = OnnxEmbedder(folder, threads=1)
    except ModelError as error:
        refusal = error
        answer_requests(lambda _: refusal)
        return

    def answer(texts: Sequence[str]) -> Vectors | ModelError:
        try:
            return embedder.embed_passages(texts)
        except Exception as error:  # whatever onnxruntime raises  # noqa: BLE001
            return ModelError(f"{folder}: the embedder does not run: {error}")

    answer_requests(answer)
