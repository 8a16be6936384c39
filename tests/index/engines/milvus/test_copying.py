from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import ArchiveUnavailableError, IndexStateError
from index.building.progress import Silent
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.engines.milvus.copying import copy_to_local, copy_to_milvus
from index.engines.milvus.layout import ARTICLES, PUBLICATION
from index.engines.milvus.tables import ArchiveTables
from index.search.query import Query
from index.store.portable import WholeArticle
from tests.conftest import HashEmbedder
from tests.index.engines.both import MilvusEngine

pytestmark = pytest.mark.e2e

QUERIES = ("ferry Sula", "central bank", "report 7", "of the harbour")


@pytest.fixture
def many(articles: list[Article]) -> list[Article]:
    """Return enough articles for several batches."""
    return articles + [
        replace(articles[0], id=f"n{n}", text=f"Report {n} of the harbour. Nobody was hurt.")
        for n in range(250)
    ]


@pytest.fixture
def local(milvus: MilvusEngine, many: list[Article]) -> MilvusEngine:
    """Return an engine whose index directory holds an archive that Milvus does not hold yet."""
    replace(milvus.builder(), publisher=None).build(many)
    replace(milvus.builder(), publisher=None).remove(["undated", "n3"])
    milvus.embedder.embedded.clear()
    return milvus


def hits(archive: object, query: str) -> list[tuple[str, int, str]]:
    found = archive.current().search(Query(query), 10)  # type: ignore[attr-defined]
    return [(hit.article.id, hit.passage.start, str(hit.story)) for hit in found]


class Tired(ArchiveTables):
    """Breaks off after the first batch, one way or the other."""

    n_done = 0

    def put(self, articles: Sequence[WholeArticle], added_in: int) -> None:
        self._tire()
        ArchiveTables.put(self, articles, added_in)

    def articles(self, number: int, first: int, last: int) -> list[WholeArticle]:
        self._tire()
        return ArchiveTables.articles(self, number, first, last)

    def _tire(self) -> None:
        Tired.n_done += 1
        if Tired.n_done > 1:
            raise ArchiveUnavailableError("no power")


def test_a_copy_there_and_back_answers_alike_and_embeds_nothing(
    local: MilvusEngine, tmp_path: Path
) -> None:
    there = copy_to_milvus(local.root, local.tables(), Silent())
    back = tmp_path / "back"
    copied = copy_to_local(local.tables(), back, local.embedder, Silent())
    assert (there.n_articles, there.n_moved) == (copied.n_articles, copied.n_moved) == (251, 251)
    assert there.snapshot == copied.snapshot == IndexFolder(local.root).current()
    assert local.embedder.embedded == []
    first = LocalArchive(local.root, 1, embedder=local.embedder)
    again = LocalArchive(back, 1, embedder=local.embedder)
    for query in QUERIES:
        assert hits(first, query) == hits(again, query)
        assert hits(first, query)[0] == hits(local.archive(), query)[0]
    # Both go on from there as if nothing had happened.
    assert replace(local, root=back).builder().remove(["n5"]).removed == 1
    assert local.archive().current().article("n5") is None


def test_a_copy_that_is_repeated_moves_nothing(local: MilvusEngine, tmp_path: Path) -> None:
    first = copy_to_milvus(local.root, local.tables(), Silent())
    assert copy_to_milvus(local.root, local.tables(), Silent()) == replace(first, n_moved=0)
    copy_to_local(local.tables(), tmp_path / "back", local.embedder, Silent())
    again = copy_to_local(local.tables(), tmp_path / "back", local.embedder, Silent())
    assert again == replace(first, n_moved=0)


def test_a_copy_that_breaks_off_goes_on_where_it_stopped(
    local: MilvusEngine, tmp_path: Path
) -> None:
    Tired.n_done = 0
    with pytest.raises(ArchiveUnavailableError):
        copy_to_milvus(local.root, Tired(local.tables().milvus), Silent())
    with pytest.raises(IndexStateError, match="no published archive"):
        local.archive().current()
    assert copy_to_milvus(local.root, local.tables(), Silent()).n_moved == 151
    Tired.n_done = 0
    with pytest.raises(ArchiveUnavailableError):
        copy_to_local(Tired(local.tables().milvus), tmp_path / "back", local.embedder, Silent())
    copied = copy_to_local(local.tables(), tmp_path / "back", local.embedder, Silent())
    # The first try brought what one call reads: those with the first 250 keys.
    assert (copied.n_moved, copied.n_articles) == (3, 251)
    assert LocalArchive(tmp_path / "back", 1, embedder=local.embedder).current()


def test_a_later_copy_sends_only_what_changed(local: MilvusEngine, many: list[Article]) -> None:
    copy_to_milvus(local.root, local.tables(), Silent())
    archive = local.archive()
    builder = replace(local.builder(), publisher=None)
    builder.add([replace(many[0], text="The ferry did not sink.")])
    builder.remove(["n9"])
    assert copy_to_milvus(local.root, local.tables(), Silent()).n_moved == 1
    assert archive.current().article("n9") is None
    ferry = archive.current().article("ferry")
    assert ferry and ferry.text == "The ferry did not sink."
    assert len(local.tables().milvus.query(ARTICLES, "part == 0", ["key"])) == 250


def test_another_archive_is_replaced_only_when_asked_to(
    local: MilvusEngine, articles: list[Article], tmp_path: Path
) -> None:
    copy_to_milvus(local.root, local.tables(), Silent())
    other = replace(local, root=tmp_path / "other")
    replace(other.builder(), publisher=None).build(articles[1:2])
    with pytest.raises(IndexStateError, match="--replace"):
        copy_to_milvus(other.root, other.tables(), Silent())
    assert local.archive().current().status.n_articles == 251
    assert copy_to_milvus(other.root, other.tables(), Silent(), replace=True).n_articles == 1
    assert local.archive().current().article("rates") == articles[1]


@pytest.mark.parametrize("manifest", [None, "{}", '{"schema_version": "0"}'])
def test_a_publication_that_cannot_be_read_is_replaced_when_asked_to(
    local: MilvusEngine, manifest: str | None
) -> None:
    number = copy_to_milvus(local.root, local.tables(), Silent()).snapshot
    milvus = local.tables().milvus
    milvus.delete(PUBLICATION, f'key == "{number}/0"')
    if manifest:
        row = {"key": f"{number}/0", "value": manifest, "vector": [0.0, 0.0]}
        milvus.upsert(PUBLICATION, [row])
    for fails in (local.archive().current, local.tables().manifest):
        with pytest.raises(IndexStateError, match=r"copy --to milvus --replace"):
            fails()
    copied = copy_to_milvus(local.root, local.tables(), Silent(), replace=True)
    assert copied.snapshot > number
    assert local.archive().current().status.n_articles == copied.n_articles == 251


def test_what_cannot_be_copied_says_why(local: MilvusEngine, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    with pytest.raises(IndexStateError, match="dateline build"):
        copy_to_milvus(empty, local.tables(), Silent())
    with pytest.raises(IndexStateError, match="none to copy"):
        copy_to_local(local.tables(), empty, local.embedder, Silent())
    copy_to_milvus(local.root, local.tables(), Silent())
    other = HashEmbedder()
    other.id = "other/16"
    with pytest.raises(IndexStateError, match="other/16"):
        copy_to_local(local.tables(), empty, other, Silent())
    full = replace(local, root=tmp_path / "full")
    replace(full.builder(), publisher=None).build([Article("a", "A", "Some text stands here.")])
    with pytest.raises(IndexStateError, match="holds another archive"):
        copy_to_local(full.tables(), full.root, full.embedder, Silent())
