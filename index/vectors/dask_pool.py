"""The only door to Dask: embeds on the machines of a cluster.

Dask moves pickled code and data between its machines: whoever can reach a scheduler or a worker can
run anything there. It is for machines that trust each other, on a network of their own or with TLS.
"""

import logging
import time
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import numpy as np
from distributed import Client, Future, KilledWorker, Worker, get_worker
from distributed.client import ClosedClientError
from distributed.comm.core import CommClosedError
from distributed.diagnostics.plugin import WorkerPlugin

from corpus.errors import ModelError, WorkerError
from index.vectors.embedder import EmbedderManifest
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Vectors

__all__ = ["DaskPool"]

_LOOK_AGAIN_S = 1.0
# A task that fails on its worker may succeed on another one.
_RETRIES = 3
# For each thread one batch that is worked on, and one that is there when it is done.
_AHEAD = 2
_FILES = ("embedder.json", "model.onnx", "tokenizer.json")
_KEPT = "All that is embedded so far is kept: the same command goes on from there."
_AWAY = (CancelledError, ClosedClientError, CommClosedError)

# It shows a traceback of each attempt to reach a scheduler; what matters is told as an error.
logging.getLogger("distributed.client").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class DaskPool:
    """See `index.vectors.embedder.EmbeddingPool`; `folder` holds the exported embedder.

    The embedder is sent to each worker once, also to one that joins later, and checked there by its
    checksums. Workers need this package, and nothing of the index directory. What a worker took
    with it when it died is done again by another. A cluster that is away, or without workers, is
    waited for `max_away_s` seconds.
    """

    folder: Path
    address: str
    connect_s: float = 10.0
    max_away_s: float = 60.0

    def check(self) -> None:
        """Tell whether the scheduler is there, before a run that will need it.

        Raises:
            WorkerError: it is not.
        """
        self.connect(0.0).close()

    def embed(self, batches: Iterable[Sequence[str]]) -> Generator[Vectors]:
        """See `EmbeddingPool.embed`.

        Raises:
            WorkerError: the cluster cannot be reached, has no workers, or cannot do the work.
        """
        with _Run(self) as run:
            for texts in batches:
                run.submit(list(texts))
                while run.is_full():
                    yield run.next()
            while run.waiting:
                yield run.next()

    def connect(self, within_s: float) -> Client:
        """Return a client, trying for `within_s` seconds, and once at least.

        Raises:
            WorkerError: the scheduler cannot be reached.
        """
        end_s = time.monotonic() + within_s
        while True:
            try:
                return _Client(self.address, timeout=self.connect_s, set_as_default=False)
            except (OSError, ValueError) as error:
                if time.monotonic() >= end_s:
                    # Some errors of time have no words of their own.
                    why = str(error) or f"no answer within {self.connect_s:g} s"
                    raise WorkerError(
                        f"no Dask scheduler can be reached at {self.address}: {why}. Start one "
                        f"with `dask scheduler`, or check the address and TLS. {_KEPT}"
                    ) from error
            time.sleep(_LOOK_AGAIN_S)


class _Client(Client):
    """A client that leaves no thread behind, as one does that has lost its scheduler."""

    def start(self, **arguments: float | None) -> None:
        try:
            super().start(**arguments)  # type: ignore[no-untyped-call]
        except BaseException:
            self.close()
            raise

    def close(self, timeout: float = _LOOK_AGAIN_S) -> None:
        try:
            super().close(timeout)  # type: ignore[no-untyped-call]
        finally:
            # Asked first, as the collector may close it again while another loop is being started.
            if self._loop_runner.is_started():
                self._loop_runner.stop()


class _Shipment(WorkerPlugin):
    """Brings the embedder to a worker: a plugin is sent to those that join later too."""

    def __init__(self, folder: Path) -> None:
        self.manifest = EmbedderManifest.read(folder)
        self.name = f"dateline-embedder-{uuid4().hex}"
        self._files = {name: (folder / name).read_bytes() for name in _FILES}
        self.embedder: OnnxEmbedder | None = None

    def setup(self, worker: Worker) -> None:
        """Load the embedder, which checks its checksums; no file of it stays on the worker."""
        with TemporaryDirectory(prefix="dateline-", dir=worker.local_directory) as folder:
            for name, content in self._files.items():
                (Path(folder) / name).write_bytes(content)
            # One thread for each task: a worker runs as many tasks at once as it has threads.
            self.embedder = OnnxEmbedder(Path(folder), threads=1)
        self._files = {}


def _embed(name: str, texts: Sequence[str]) -> Vectors:
    """Run on a worker."""
    worker = get_worker()
    shipment = worker.plugins.get(name)
    if not isinstance(shipment, _Shipment) or shipment.embedder is None:
        raise ModelError(f"the embedder could not be loaded on {worker.address}: see its log.")
    return shipment.embedder.embed_passages(texts)


@dataclass(slots=True)
class _Batch:
    texts: list[str]
    future: "Future[Vectors] | None" = None


class _Run:
    """Batches under way on a cluster; their texts are kept until their vectors are here."""

    def __init__(self, pool: DaskPool) -> None:
        self._pool = pool
        self._shipment = _Shipment(pool.folder)
        self._client: Client | None = None
        self._n_threads = 1
        self._looked_at = 0.0
        self.waiting: deque[_Batch] = deque()

    def __enter__(self) -> "_Run":
        self._open(0.0)
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def submit(self, texts: list[str]) -> None:
        self.waiting.append(_Batch(texts))
        self._start(self.waiting[-1])

    def is_full(self) -> bool:
        """Whether there is enough for every worker, of which there may be more every moment."""
        return len(self.waiting) >= _AHEAD * max(1, self._n_threads)

    def next(self) -> Vectors:
        """Wait for the oldest batch, and take it off."""
        without_workers_s = 0.0
        batch = self.waiting[0]
        while True:
            try:
                vectors = self._result(batch)
                break
            except TimeoutError:
                without_workers_s = 0.0 if self._n_threads else without_workers_s + _LOOK_AGAIN_S
            except _AWAY:
                self._close()
                self._open(self._pool.max_away_s)
            if without_workers_s > self._pool.max_away_s:
                raise WorkerError(
                    f"the Dask cluster at {self._pool.address} has had no workers for "
                    f"{without_workers_s:.0f} s. Start some with `dask worker`, where this version "
                    f"of Dateline is installed. {_KEPT}"
                )
        self.waiting.popleft()
        return vectors

    def _result(self, batch: _Batch) -> Vectors:
        """Return the vectors of a batch.

        Raises:
            TimeoutError: not yet there; the number of workers has been looked at.
            WorkerError: they will never be.
        """
        if batch.future is None:
            raise CommClosedError
        try:
            self._count_threads()
            vectors: Vectors = np.asarray(batch.future.result(timeout=_LOOK_AGAIN_S))
        except (*_AWAY, TimeoutError):
            raise
        except KilledWorker as error:
            raise WorkerError(
                f"workers of {self._pool.address} died again and again over the same passages, "
                f"as happens where memory is short: {error}. {_KEPT}"
            ) from error
        except Exception as error:  # whatever a task raises on its worker
            raise WorkerError(
                f"a worker of {self._pool.address} cannot embed: {error}. {_KEPT}"
            ) from error
        if vectors.shape != (len(batch.texts), self._shipment.manifest.dim):
            raise WorkerError(
                f"a worker of {self._pool.address} returned vectors of another shape: it runs "
                f"another version of Dateline. {_KEPT}"
            )
        return vectors

    def _start(self, batch: _Batch) -> None:
        if self._client:
            with suppress(*_AWAY):  # noticed when its result is waited for
                batch.future = self._client.submit(
                    _embed, self._shipment.name, batch.texts, pure=False, retries=_RETRIES
                )

    def _count_threads(self) -> None:
        now = time.monotonic()
        if self._client and now - self._looked_at >= _LOOK_AGAIN_S:
            self._looked_at = now
            try:
                self._n_threads = sum(self._client.nthreads().values())
            except OSError as error:
                raise CommClosedError from error

    def _open(self, within_s: float) -> None:
        self._client = self._pool.connect(within_s)
        try:
            self._client.register_plugin(self._shipment, name=self._shipment.name)
        except Exception as error:  # whatever a worker raises, or what the scheduler makes of it
            self._close()
            raise WorkerError(
                f"a worker of {self._pool.address} cannot load the embedder: {error}. Every worker "
                f"needs this version of Dateline, with its extra `dask`. {_KEPT}"
            ) from error
        for batch in self.waiting:
            self._start(batch)

    def _close(self) -> None:
        if self._client is None:
            return
        client, self._client = self._client, None
        # The cluster may be away: then there is nothing to tidy up there.
        with suppress(Exception):
            if client.status == "running":
                client.cancel([batch.future for batch in self.waiting if batch.future])
                client.unregister_worker_plugin(self._shipment.name)
        for batch in self.waiting:
            batch.future = None
        with suppress(Exception):
            client.close()
