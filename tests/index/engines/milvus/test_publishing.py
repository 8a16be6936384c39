"""What is true of the distributed engine alone; what both do is in test_engines.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks.milvus_server import milvus_server
from corpus.article import Article
from corpus.errors import ArchiveUnavailableError, IndexStateError
from index.building.progress import Silent
from index.engines.local.folder import IndexFolder
from index.engines.milvus.client import Milvus, MilvusAddress
from index.engines.milvus.layout import ARTICLES, PASSAGES, PUBLICATION, MilvusManifest
from index.engines.milvus.publisher import MilvusPublisher
from index.engines.milvus.tables import ArchiveTables
from index.engines.milvus.verify import read_back
from index.search.query import Query
from index.store.portable import WholeArticle
from index.vectors.types import Vectors
from tests.conftest import HashEmbedder
from tests.index.engines.both import MilvusEngine

pytestmark = pytest.mark.e2e


@dataclass(frozen=True, slots=True)
class Unlucky(ArchiveTables):
    """Breaks off where a run publishes, or once it has written something."""

    breaks_at: str

    def publish(
        self, manifest: MilvusManifest, catalog: Mapping[str, str], *, rewrite: bool = False
    ) -> None:
        if self.breaks_at == "publish":
            raise ArchiveUnavailableError("no power")
        ArchiveTables.publish(self, manifest, catalog, rewrite=rewrite)

    def put(self, articles: Sequence[WholeArticle], added_in: int) -> None:
        ArchiveTables.put(self, articles, added_in)
        if self.breaks_at == "put":
            raise ArchiveUnavailableError("no power")


class Failing(HashEmbedder):
    """Ends in the middle of the work."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        raise RuntimeError("no power")


def n_rows(milvus: MilvusEngine, table: str) -> int:
    (row,) = milvus.tables().milvus.query(table, "", ["count(*)"])
    return int(row["count(*)"])


def test_a_build_that_breaks_off_while_embedding_changes_nothing(
    milvus: MilvusEngine, articles: list[Article]
) -> None:
    milvus.builder().build(articles)
    archive = milvus.archive()
    held = archive.current()
    with pytest.raises(RuntimeError, match="no power"):
        replace(milvus.builder(), embedder=Failing()).add([replace(articles[1], title="New")])
    assert archive.current() is held


@pytest.mark.parametrize("breaks_at", ["put", "publish"])
def test_a_run_that_breaks_off_is_not_seen_and_leaves_nothing(
    milvus: MilvusEngine, articles: list[Article], breaks_at: str
) -> None:
    milvus.builder().build(articles)
    archive = milvus.archive()
    held = archive.current()
    changed = replace(articles[0], text="The ferry did not sink.")
    unlucky = Unlucky(milvus.tables().milvus, breaks_at)
    publisher = MilvusPublisher(milvus.root, unlucky, Silent())
    with pytest.raises(ArchiveUnavailableError, match="no power"):
        replace(milvus.builder(), publisher=publisher).add([changed, replace(articles[1], id="x")])
    assert archive.current() is held
    assert held.article("ferry") == articles[0] and held.article("x") is None
    assert "x" not in {hit.article.id for hit in held.search(Query("bank"), 10)}
    milvus.builder().remove(["rates"])
    newer = archive.current()
    assert newer.article("ferry") == articles[0] and newer.article("x") is None
    assert n_rows(milvus, ARTICLES) == newer.status.n_articles == 2
    assert n_rows(milvus, PASSAGES) == newer.status.n_passages
    # Which generation, its manifest, its list, and that of the generation before.
    assert n_rows(milvus, PUBLICATION) == 4


def test_what_was_removed_is_deleted_once_nobody_looks_for_it(
    milvus: MilvusEngine, articles: list[Article]
) -> None:
    milvus.builder().build(articles)
    held = milvus.archive().current()
    milvus.builder().add([replace(articles[0], text="The ferry did not sink.")])
    assert n_rows(milvus, ARTICLES) == 3
    # Whoever still holds the generation before finds less, and nothing that is not of it.
    assert held.article("ferry") is None
    assert "ferry" not in {hit.article.id for hit in held.search(Query("ferry"), 10)}


def test_rows_that_are_lost_are_noticed_and_sent_again(
    milvus: MilvusEngine, articles: list[Article]
) -> None:
    milvus.builder().build(articles)
    tables = milvus.tables()
    manifest = tables.manifest()
    assert manifest
    assert read_back(tables, manifest, Silent()).fingerprint == manifest.fingerprint
    tables.milvus.delete(PASSAGES, "article == 1")
    with pytest.raises(IndexStateError, match="article ferry is not as it was written"):
        read_back(tables, manifest, Silent())
    milvus.builder().rebuild()
    rebuilt = tables.manifest()
    assert rebuilt
    assert read_back(tables, rebuilt, Silent()).fingerprint == manifest.fingerprint
    assert milvus.embedder.embedded and len(milvus.embedder.embedded) == manifest.n_passages


def test_an_archive_of_another_directory_is_not_written_over(
    milvus: MilvusEngine, articles: list[Article], tmp_path: Path
) -> None:
    milvus.builder().build(articles)
    other = MilvusEngine(tmp_path / "other", milvus.embedder, milvus.uri)
    for run in (other.builder().add, other.builder().build):
        with pytest.raises(IndexStateError, match="copy --to local"):
            run(articles[:1])
    assert milvus.archive().current().status.n_articles == 3


def test_files_of_a_snapshot_go_when_the_archive_goes_on_without_them(
    milvus: MilvusEngine, articles: list[Article]
) -> None:
    replace(milvus.builder(), publisher=None).build(articles)
    assert IndexFolder(milvus.root).current()
    milvus.builder().remove(["rates"])
    assert IndexFolder(milvus.root).current() == 0
    assert replace(milvus.builder(), publisher=None).rebuild()
    assert IndexFolder(milvus.root).current()


def test_a_server_that_is_not_there_is_named(tmp_path: Path, articles: list[Article]) -> None:
    with milvus_server(tmp_path / "data") as server:
        engine = MilvusEngine(tmp_path / "index", HashEmbedder(), server.uri)
        engine.builder().build(articles)
        archive = engine.archive()
        held = archive.current()
        server.stop()
        for run in (
            archive.current,
            lambda: held.search(Query("ferry"), 5),
            lambda: engine.builder().add(articles),
            lambda: engine.archive().current(),
        ):
            with pytest.raises(
                ArchiveUnavailableError, match=f"{server.uri} .*DATELINE_MILVUS_URI"
            ):
                run()
        server.start()
        _until_it_answers(archive.current)
        assert archive.current().search(Query("ferry Sula"), 5)[0].article == articles[0]
        assert engine.builder().add(articles).unchanged == 3


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    address = MilvusAddress("https://127.0.0.1:9", ca=tmp_path / "none.pem")
    with pytest.raises(IndexStateError, match=r"DATELINE_MILVUS_CA .*none\.pem"):
        Milvus(address).has("any")


def test_what_an_address_has_of_secrets_is_not_told() -> None:
    assert (
        str(Milvus(MilvusAddress("http://me:secret@db:19530/x"))) == "Milvus at http://db:19530/x"
    )


def _until_it_answers(call: object) -> None:
    assert callable(call)
    while True:
        try:
            call()
            return
        except ArchiveUnavailableError:
            pass
