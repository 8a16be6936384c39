"""`dateline copy`: an archive from the index directory into Milvus, or back."""

from pathlib import Path
from typing import Literal

import rich_click as click

from service.cli.console import BuildProgress
from service.cli.options import errors_told, index_option
from service.settings import Settings
from service.wiring import open_embedder, open_tables
from service.words import count

__all__ = ["copy"]


@click.command()
@click.option(
    "--to",
    "target",
    type=click.Choice(("milvus", "local")),
    required=True,
    help="Where it goes: into the Milvus of DATELINE_MILVUS_URI, or into the index directory.",
)
@index_option
@click.option("--replace", is_flag=True, help="Delete Milvus's copy first.")
def copy(target: Literal["milvus", "local"], index_dir: Path, replace: bool) -> None:
    """Copy the archive from the index directory into Milvus, or back.

    Nothing is embedded. Run it again after an interruption: it goes on where it stopped. At the end
    both sides are compared.

        DATELINE_MILVUS_URI=http://milvus:19530 dateline copy --to milvus --index my-archive
    """
    with errors_told(), BuildProgress() as bars:
        settings = Settings(index_dir=index_dir)
        tables = open_tables(settings)
        # Here, not at the top: it brings pymilvus.
        from index.engines.milvus.copying import copy_to_local, copy_to_milvus

        if target == "milvus":
            copied = copy_to_milvus(index_dir, tables, bars, replace=replace)
        else:
            embedder = open_embedder(settings, index_dir, bars)
            copied = copy_to_local(tables, index_dir, embedder, bars)
    click.echo(
        f"Snapshot {copied.snapshot}: {count(copied.n_articles, 'article')} and "
        f"{count(copied.n_passages, 'passage')} on both sides, compared; "
        f"{count(copied.n_moved, 'article')} moved."
    )
