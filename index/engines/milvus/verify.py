"""Whether an archive in Milvus is sound: every row of it is read back."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexStateError
from index.building.progress import Progress
from index.engines.local.verify import verify_embedder, verify_passage
from index.engines.milvus.catalog import catalog_texts
from index.engines.milvus.layout import MilvusManifest
from index.engines.milvus.tables import ArchiveTables, ranges
from index.search.browsing import ArticleRow
from index.store.portable import Fingerprint, WholeArticle
from index.store.rows import StoredPassage, passage_of

__all__ = ["ReadBack", "read_back", "verify_milvus"]


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was found: `digest` is the sum of the digests of all articles."""

    fingerprint: Fingerprint
    digest: int


def verify_milvus(tables: ArchiveTables, embedder: Path, progress: Progress) -> str:
    """Check all rows of what is published; return one line that says what was checked.

    Raises:
        IndexStateError: something is missing or damaged, or nothing is published.
        ArchiveUnavailableError: Milvus does not answer.
    """
    manifest = tables.manifest()
    if manifest is None:
        raise IndexStateError(f"{tables.milvus} holds no published archive.")
    verify_embedder(embedder)
    found = read_back(tables, manifest, progress).fingerprint
    if found != manifest.fingerprint:
        raise IndexStateError(
            f"{tables.milvus} holds {found.n_articles} articles with {found.n_passages} passages, "
            f"not the {manifest.n_articles} with {manifest.n_passages} that were published: run "
            "`dateline verify --rebuild` with the index directory that it was written from."
        )
    return (
        f"Snapshot {manifest.number} in {tables.milvus} is sound: {found.n_articles} articles, "
        f"{found.n_passages} passages, all embedded."
    )


def read_back(tables: ArchiveTables, manifest: MilvusManifest, progress: Progress) -> ReadBack:
    """Read the whole archive, and check each article and the list of them.

    Raises:
        IndexStateError: an article or the list is not as it was written.
    """
    progress.start("Reading back", manifest.n_articles)
    hashes: list[tuple[int, bytes]] = []
    rows: list[ArticleRow] = []
    n_passages = digest = 0
    for first, last in ranges(manifest.last_key):
        articles = tables.articles(manifest.number, first, last)
        for one in articles:
            _check(one)
            hashes.append((one.key, one.hash))
            rows.append(ArticleRow.of(one.key, one.article))
            n_passages += len(one.passages)
            digest = (digest + one.digest()) % 2**64
        progress.advance(len(articles))
    _check_catalog(tables, manifest, rows)
    return ReadBack(Fingerprint.of(hashes, n_passages), digest)


def _check(one: WholeArticle) -> None:
    article = one.article
    for passage in one.passages:
        bounds = passage_of(article.id, passage.ordinal, passage.sentences)
        verify_passage(StoredPassage(passage.key, article, bounds))


def _check_catalog(
    tables: ArchiveTables, manifest: MilvusManifest, rows: Sequence[ArticleRow]
) -> None:
    """Check that the list, where there is one, is that of these articles."""
    names = manifest.catalog
    if names is None or (
        names == tuple(catalog_texts(rows)) and tables.catalog(manifest) is not None
    ):
        return
    raise IndexStateError(
        f"the list of articles in {tables.milvus} is not as it was written: run `dateline verify "
        "--rebuild` with the index directory that it was written from."
    )
