"""The list of all articles as the distributed engine keeps it, beside the embedded engine's."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpus.article import Article
from corpus.corrections.notice import Correction
from corpus.errors import ArchiveUnavailableError, IndexStateError
from index.building.builder import Builder
from index.building.progress import Silent
from index.engines.archive import BrowsableSnapshot
from index.engines.local.archive import LocalArchive
from index.engines.milvus.archive import MilvusArchive
from index.engines.milvus.client import Milvus, MilvusAddress, Row
from index.engines.milvus.copying import copy_to_milvus
from index.engines.milvus.layout import PUBLICATION
from index.engines.milvus.publisher import MilvusPublisher
from index.engines.milvus.tables import ArchiveTables
from index.engines.milvus.verify import read_back
from index.search.browsing import UNKNOWN, ArticlePage, Browse
from index.search.query import Query
from tests.index.engines.both import MilvusEngine

pytestmark = pytest.mark.e2e

N_MANY = 130
LISTS = (
    Browse(),
    Browse(limit=100),
    Browse(sources=("outlet 1", "Outlet 2")),
    Browse(month="2024-03"),
    Browse(month="2023"),
    Browse(month=UNKNOWN),
    Browse(language="nb", sources=("Outlet 1",), limit=3),
    Browse(language=UNKNOWN),
    Browse(sources=("Nobody",)),
)


@pytest.fixture
def many(articles: list[Article]) -> list[Article]:
    """Return articles of several outlets, months and languages, with and without a day."""
    days = ("2024-03-05", "2024-03-05T23:00:00Z", "2024-02-01", "2023", None)
    found = [
        replace(
            articles[0],
            id=f"n{n}",
            text=f"Report {n} of the harbour. Nobody was hurt.",
            source=f"Outlet {n % 4}" if n % 4 else None,
            published=days[n % len(days)],
            language=("en", "nb", None)[n % 3],
        )
        for n in range(N_MANY)
    ]
    found[7] = replace(found[7], corrections=(Correction("retraction", "Not true."),))
    found[8] = replace(found[8], embargo="2999-01-01T00:00:00Z")
    found[9] = replace(found[9], embargo="2001-01-01")
    return [*articles, *found]


class Noting(Milvus):
    """Notes what it reads and writes of the publication; breaks off after `n_writes` of these."""

    def __init__(self, uri: str, n_writes: int = 100) -> None:
        super().__init__(MilvusAddress(uri))
        self.read: list[str] = []
        self.written: list[str] = []
        self.n_left = n_writes

    def query(self, table: str, filter_: str, fields: Sequence[str]) -> list[Row]:
        if table == PUBLICATION:
            self.read.append(filter_)
        return super().query(table, filter_, fields)

    def upsert(self, table: str, rows: Sequence[Row]) -> None:
        if table == PUBLICATION and rows:
            self._tire()
            self.written += [row["key"] for row in rows]
        super().upsert(table, rows)

    def delete(self, table: str, filter_: str) -> None:
        if table == PUBLICATION:
            self._tire()
        super().delete(table, filter_)

    def _tire(self) -> None:
        if not self.n_left:
            raise ArchiveUnavailableError("no power")
        self.n_left -= 1


def builder_of(milvus: MilvusEngine, rows: Milvus) -> Builder:
    publisher = MilvusPublisher(milvus.root, ArchiveTables(rows), Silent())
    return replace(milvus.builder(), publisher=publisher)


def pages(snapshot: BrowsableSnapshot, browse: Browse) -> list[ArticlePage]:
    found = [snapshot.browse(browse)]
    while found[-1].next:
        found.append(snapshot.browse(replace(browse, after=found[-1].next)))
    return found


def ids(snapshot: BrowsableSnapshot, browse: Browse | None = None) -> list[str]:
    shown = pages(snapshot, browse or Browse(limit=100))
    return [article.id for page in shown for article in page.articles]


def publication(milvus: MilvusEngine) -> dict[str, str]:
    rows = milvus.tables().milvus.query(PUBLICATION, 'key != ""', ["key", "value"])
    return {row["key"]: row["value"] for row in rows}


def lists_of(milvus: MilvusEngine) -> set[str]:
    return {key for key in publication(milvus) if key.startswith("catalog/")}


def row_of(key: str, value: str) -> Row:
    return {"key": key, "value": value, "vector": [0.0, 0.0]}


def make_older(milvus: MilvusEngine) -> None:
    """Leave what a Dateline without lists would have published."""
    rows = publication(milvus)
    key = f"{rows['current']}/0"
    manifest = json.loads(rows[key])
    del manifest["catalog"]
    milvus.tables().milvus.upsert(PUBLICATION, [row_of(key, json.dumps(manifest))])
    milvus.tables().milvus.delete(PUBLICATION, 'key like "catalog/%"')


def verify(milvus: MilvusEngine) -> None:
    manifest = milvus.tables().manifest()
    assert manifest
    assert read_back(milvus.tables(), manifest, Silent()).fingerprint == manifest.fingerprint


def test_all_pages_and_counts_are_those_of_the_embedded_engine(
    milvus: MilvusEngine, many: list[Article]
) -> None:
    builder = replace(milvus.builder(), publisher=None)
    builder.build(many)
    builder.hold(["n20"], "A complaint.", "Ada")
    builder.remove(["n30"])
    copy_to_milvus(milvus.root, milvus.tables(), Silent())
    here, there = LocalArchive(milvus.root, 1, embedder=milvus.embedder).current(), milvus.archive()
    for browse in LISTS:
        assert pages(there.current(), browse) == pages(here, browse)
    listed = ids(there.current())
    # A list has what was retracted or is on hold, as the embedded engine's has.
    assert {"n7", "n9", "n20"} <= set(listed) and not {"n8", "n30"} & set(listed)
    assert len(listed) == len(set(listed)) == len(many) - 2
    assert len(pages(there.current(), Browse())) == 7


def test_the_list_is_read_when_it_is_first_looked_through(
    milvus: MilvusEngine, articles: list[Article]
) -> None:
    milvus.builder().build(articles)
    noting = Noting(milvus.uri)
    archive = MilvusArchive(ArchiveTables(noting), milvus.root, 1, embedder=milvus.embedder)
    snapshot = archive.current()
    assert snapshot.search(Query("ferry"), 5) and snapshot.article("ferry")
    assert not any("catalog" in where for where in noting.read)
    for _ in range(2):
        assert snapshot.browse(Browse()).is_complete
    assert sum("catalog" in where for where in noting.read) == 1


def test_what_an_earlier_version_published_has_its_hundred_newest(
    milvus: MilvusEngine, many: list[Article]
) -> None:
    milvus.builder().build(many)
    everything = ids(milvus.archive().current())
    make_older(milvus)
    archive = milvus.archive()
    older = archive.current()
    page = older.browse(Browse(limit=100))
    # One of the hundred is under embargo.
    assert (page.n_total, page.is_complete, page.next) == (99, False, None)
    assert [article.id for article in page.articles] == ids(older)
    assert set(ids(older)) < set(everything)
    verify(milvus)
    # The next run brings the list, even where no article changes.
    report = milvus.builder().build(many)
    assert (report.unchanged, report.snapshot) == (len(many), older.status.snapshot + 1)
    assert ids(archive.current()) == everything
    assert archive.current().browse(Browse()).is_complete
    make_older(milvus)
    milvus.builder().remove(["n30"])
    assert ids(archive.current()) == [one for one in everything if one != "n30"]


def test_a_copy_brings_the_list_to_what_an_earlier_version_published(
    milvus: MilvusEngine, many: list[Article]
) -> None:
    replace(milvus.builder(), publisher=None).build(many)
    copy_to_milvus(milvus.root, milvus.tables(), Silent())
    make_older(milvus)
    assert not milvus.archive().current().browse(Browse()).is_complete
    assert copy_to_milvus(milvus.root, milvus.tables(), Silent()).n_moved == 0
    assert milvus.archive().current().browse(Browse()).is_complete


def test_a_generation_keeps_its_list_until_the_second_one_after_it(
    milvus: MilvusEngine, articles: list[Article]
) -> None:
    milvus.builder().build(articles)
    held = milvus.archive().current()
    milvus.builder().remove(["rates"])
    # The article itself is gone; it is still counted.
    assert (ids(held), held.browse(Browse()).n_total) == (["ferry", "undated"], 3)
    read, unread, manifest = (
        milvus.archive().current(),
        milvus.archive().current(),
        milvus.tables().manifest(),
    )
    assert ids(read) == ["ferry", "undated"]
    for n in range(2):
        milvus.builder().add([replace(articles[1], id=f"n{n}")])
    assert ids(read) == ["ferry", "undated"]
    # Without its list, the hundred newest are known: here these are all.
    assert manifest and milvus.tables().catalog(manifest) is None
    assert ids(unread) == ["ferry", "undated"]


def test_a_list_that_did_not_change_is_not_sent_again(
    milvus: MilvusEngine, articles: list[Article]
) -> None:
    milvus.builder().build(articles)
    noting = Noting(milvus.uri)
    builder_of(milvus, noting).hold(["ferry"], "A complaint.", "Ada")
    assert noting.written and not any("catalog" in key for key in noting.written)
    builder_of(milvus, noting).remove(["rates"])
    assert sum("catalog" in key for key in noting.written) == 1


@pytest.mark.parametrize("text", [None, "[[1]]\n"])
def test_a_list_that_is_damaged_is_noticed_and_sent_again(
    milvus: MilvusEngine, many: list[Article], text: str | None
) -> None:
    milvus.builder().build(many)
    (key,) = lists_of(milvus)
    if text is None:
        milvus.tables().milvus.delete(PUBLICATION, f'key == "{key}"')
    else:
        milvus.tables().milvus.upsert(PUBLICATION, [row_of(key, text)])
    page = milvus.archive().current().browse(Browse())
    assert (page.n_total, page.is_complete) == (99, False)
    with pytest.raises(IndexStateError, match=r"list of articles .*--rebuild"):
        verify(milvus)
    milvus.builder().rebuild()
    verify(milvus)
    assert milvus.archive().current().browse(Browse()).is_complete


@pytest.mark.parametrize("n_done", range(4))
def test_a_publication_that_breaks_off_leaves_one_list_or_the_other(
    milvus: MilvusEngine, articles: list[Article], n_done: int
) -> None:
    milvus.builder().build(articles)
    archive = milvus.archive()
    new = replace(articles[1], id="new", published="2024-07-01")
    before, after = (["rates", "ferry", "undated"], ["new", "rates", "ferry", "undated"])
    # The list, the manifest, the one row that decides, and what is not needed any more.
    with pytest.raises(ArchiveUnavailableError, match="no power"):
        builder_of(milvus, Noting(milvus.uri, n_done)).add([new])
    is_published = n_done == 3
    assert ids(archive.current()) == (after if is_published else before)
    assert archive.current().browse(Browse()).is_complete
    milvus.builder().add([new])
    assert ids(archive.current()) == after
    milvus.builder().remove(["new"])
    milvus.builder().remove(["rates"])
    # What is there is of this generation, or of the list of the one before.
    manifest = milvus.tables().manifest()
    assert manifest and manifest.catalog and set(manifest.catalog) < lists_of(milvus)
    assert (len(lists_of(milvus)), len(publication(milvus))) == (2, 4)
    verify(milvus)


def test_parts_that_a_run_left_when_it_broke_off_are_in_no_later_manifest(
    milvus: MilvusEngine, articles: list[Article]
) -> None:
    milvus.builder().build(articles)
    long = replace(articles[1], id="long", source="Long " * 20_000)
    with pytest.raises(ArchiveUnavailableError, match="no power"):
        builder_of(milvus, Noting(milvus.uri, 2)).add([long])
    assert sum(not key.startswith("catalog") for key in publication(milvus)) == 4
    # This one breaks off as well, once it is published: after four writes, one of which deletes.
    with pytest.raises(ArchiveUnavailableError, match="no power"):
        builder_of(milvus, Noting(milvus.uri, 4)).remove(["rates"])
    assert ids(milvus.archive().current()) == ["ferry", "undated"]
