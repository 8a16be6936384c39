"""What the list of all articles costs in Milvus: `python -m benchmarks.milvus_list`.

The articles are made up, with a title only: the list looks at nothing else of them.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import rich_click as click

from benchmarks.milvus_server import milvus_server
from index.engines.milvus.catalog import catalog_texts
from index.engines.milvus.client import Milvus, MilvusAddress
from index.engines.milvus.layout import MilvusManifest
from index.engines.milvus.tables import ArchiveTables
from index.search.browsing import ArticleRow, Browse, Catalog
from index.store.browsing_rows import article_rows
from index.store.database import connect
from index.store.store import Store

__all__: list[str] = []

_DIM = 2
_INSERT = (
    "INSERT INTO articles (id, hash, title, text, source, authors, published, language, added_in) "
    "VALUES (?, x'00', 'Title', 'Text', ?, '[]', ?, ?, 1)"
)


@click.command()
@click.option("--articles", "n_articles", default=1_000_000, show_default=True)
def main(n_articles: int) -> None:
    """Publish the list of made-up articles twice, and read it."""
    with tempfile.TemporaryDirectory() as folder, milvus_server(Path(folder) / "milvus") as server:
        path = Path(folder) / "archive.db"
        Store(path, 0).close()
        with closing(connect(path, read_only=False)) as db:
            db.executemany(_INSERT, map(_article, range(n_articles)))
            db.commit()
            with _timed("read from archive.db"):
                rows = article_rows(db, 1)
        with _timed("put in order, as the embedded engine does"):
            Catalog(rows)
        tables = ArchiveTables(Milvus(MilvusAddress(server.uri)))
        tables.create(_DIM, "exact")
        _publish(tables, rows, 1)
        new = ArticleRow(n_articles + 1, "2025-01-01", "Outlet 1", "en", None)
        _publish(tables, [*rows[:500], *rows[501:], new], 2)
        with _timed("opened"):
            manifest = ArchiveTables(Milvus(MilvusAddress(server.uri))).manifest()
        with _timed("read from Milvus"):
            listed = tables.catalog(manifest) if manifest else None
        with _timed("put in order"):
            catalog = Catalog(listed or ())
        with _timed("a page"):
            print(f"{catalog.page(Browse(), None).n_total} articles")


def _article(n: int) -> tuple[str, str, str, str]:
    # Neighbours share no day, which makes their texts as long as they get.
    day = date(2002, 1, 1) + timedelta(days=n * 7919 % 8400)
    published = f"{day}T{n % 24:02}:{n % 60:02}:00+00:00"
    return f"outlet:{n}", f"Outlet {n * 31 % 400}", published, ("en", "nb", "de")[n % 3]


def _publish(tables: ArchiveTables, rows: list[ArticleRow], number: int) -> None:
    with _timed(f"texts of generation {number} made"):
        texts = catalog_texts(rows)
    held = tables.manifest()
    n_new = len(texts.keys() - set((held and held.catalog) or ()))
    size = sum(len(text.encode()) for text in texts.values())
    print(f"{len(texts)} texts, {size / 1e6:.1f} MB; {n_new} of them new")
    manifest = MilvusManifest(
        schema_version="1",
        number=number,
        embedder="none",
        dim=_DIM,
        dense_kind="exact",
        max_tokens=200,
        n_articles=len(rows),
        n_passages=0,
        checksum=0,
        last_key=rows[-1].key,
        sources=(),
        first_day=None,
        last_day=None,
        newest=(),
        published_at="2025-01-01T00:00:00+00:00",
        catalog=tuple(texts),
    )
    print(f"manifest {len(manifest.model_dump_json()) / 1e3:.0f} kB")
    with _timed(f"generation {number} published"):
        tables.publish(manifest, texts)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:6.2f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
