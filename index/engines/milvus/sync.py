"""Brings the rows in Milvus to what a generation of archive.db holds, and publishes it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from index.building.progress import Progress
from index.engines.engine import IndexSpec
from index.engines.milvus.catalog import catalog_texts
from index.engines.milvus.layout import ALIVE, SCHEMA_VERSION, MilvusManifest
from index.engines.milvus.tables import MANY, ArchiveTables, ranges
from index.store.browsing_rows import article_rows
from index.store.generation import Contents

__all__ = ["Changes", "compare", "push"]

_NEWEST = 100


@dataclass(slots=True)
class Changes:
    """What is to be done to the rows in Milvus, by keys of articles.

    `added` are to be written and `removed` marked; `dropped` were never published, and `revived`
    were marked by a run that broke off. `is_foreign` tells that the archive there is another one,
    `is_rebuild` that whatever is there is to be written again.
    """

    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    revived: list[int] = field(default_factory=list)
    is_foreign: bool = False
    is_rebuild: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.dropped or self.revived)


def compare(contents: Contents, tables: ArchiveTables, held: MilvusManifest | None) -> Changes:
    """Return what makes the rows in Milvus those of `contents`, article by article.

    What a run wrote before it broke off is taken over where it is right.
    """
    changes, published = Changes(), held.number if held else 0
    n_common = n_other = 0
    last_key = max(contents.facts(0).last_key, held.last_key if held else 0)
    for first, last in ranges(last_key, size=MANY):
        wanted = contents.hashes(first, last)
        for key, row in tables.held(first, last).items():
            is_published = row["added_in"] <= published
            if wanted.get(key) == bytes.fromhex(row["hash"]):
                del wanted[key]
                n_common += is_published
                if row["removed_in"] != ALIVE:
                    changes.revived.append(key)
            elif not is_published:
                changes.dropped.append(key)
            elif key in wanted:
                n_other += 1
            else:
                changes.removed.append(key)
        changes.added += sorted(wanted)
    changes.is_foreign = n_other > 0 or (
        held is not None and bool(held.n_articles) and not n_common
    )
    return changes


def push(
    tables: ArchiveTables,
    contents: Contents,
    spec: IndexSpec,
    changes: Changes,
    progress: Progress,
    number: int,
    added_in: int | None = None,
) -> None:
    """Carry out `changes` and publish `contents` as generation `number`.

    What is written is seen from generation `added_in` on; by default from `number` on.
    """
    progress.start("Sending articles", len(changes.added) + len(changes.removed))
    tables.drop_articles(changes.dropped)
    tables.mark_removed(changes.revived, ALIVE, lambda _: None)
    for articles in contents.articles(changes.added):
        tables.put(articles, number if added_in is None else added_in)
        progress.advance(len(articles))
    tables.mark_removed(changes.removed, number, progress.advance)
    catalog = catalog_texts(article_rows(contents.db, contents.number))
    manifest = _manifest(contents, spec, number, tuple(catalog))
    tables.publish(manifest, catalog, rewrite=changes.is_rebuild)
    # Only now does nobody look for it any more.
    tables.delete(f"removed_in <= {number}")


def _manifest(
    contents: Contents, spec: IndexSpec, number: int, catalog: tuple[str, ...]
) -> MilvusManifest:
    facts, print_ = contents.facts(_NEWEST), contents.fingerprint()
    return MilvusManifest(
        schema_version=SCHEMA_VERSION,
        number=number,
        embedder=spec.embedder,
        dim=spec.dim,
        dense_kind=spec.kind(print_.n_passages),
        max_tokens=spec.max_tokens,
        n_articles=print_.n_articles,
        n_passages=print_.n_passages,
        checksum=print_.checksum,
        last_key=facts.last_key,
        sources=facts.sources,
        first_day=facts.first_day,
        last_day=facts.last_day,
        newest=facts.newest,
        held=tuple((one.id, one.held_at) for one in contents.holds()),
        catalog=catalog,
        published_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
