"""Where `build` and `add` embed: the options, and the pool that comes of them."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import rich_click as click

from corpus.errors import RequestError
from index.vectors.embedder import EmbeddingPool
from index.vectors.process_pool import ProcessPool
from service.cli.options import Number

__all__ = ["PoolChoice", "pool_options"]

_OPTIONS = (
    click.option(
        "--workers",
        type=Number(1),
        help="Embed in N processes, one for each core.",
    ),
    click.option(
        "--dask",
        "dask_address",
        metavar="ADDRESS",
        help="Embed on the Dask cluster whose scheduler is there, as tcp://10.0.0.1:8786.",
    ),
)


@dataclass(frozen=True, slots=True)
class PoolChoice:
    """In how many processes, or on which cluster, passages are embedded; neither: right here."""

    workers: int | None = None
    dask_address: str | None = None

    def open(self, folder: Path) -> EmbeddingPool | None:
        """Return the pool for the embedder in a folder, if there is to be one.

        Raises:
            WorkerError: the cluster is not there.
            RequestError: what a cluster needs is not installed.
        """
        if self.workers:
            return ProcessPool(folder, self.workers)
        if self.dask_address is None:
            return None
        # Here, not at the top: only this way of embedding needs it.
        try:
            from index.vectors.dask_pool import DaskPool
        except ModuleNotFoundError as error:
            raise RequestError(
                f"--dask needs the extra `dask` ({error}): pip install 'dateline[dask]'."
            ) from error
        pool = DaskPool(folder, self.dask_address)
        # Now, not when the first passage is embedded: reading an archive may take an hour.
        pool.check()
        return pool


def pool_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options on where to embed, as one argument `pool`."""

    @functools.wraps(command)
    def collected(*, workers: int | None, dask_address: str | None, **others: object) -> None:
        if workers and dask_address:
            raise click.UsageError("give --workers or --dask, not both.")
        command(pool=PoolChoice(workers, dask_address), **others)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected
