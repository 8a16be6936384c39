from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import IndexStateError, RequestError
from corpus.sources import SkippedRecord
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.files import write_lock
from index.search.query import Query
from index.vectors.kinds import DenseKind
from tests.conftest import HashEmbedder

MakeBuilder = Callable[[], Builder]


def test_the_same_build_again_changes_nothing(
    make_builder: MakeBuilder, articles: list[Article], embedder: HashEmbedder
) -> None:
    first = make_builder().build(articles)
    assert (first.added, first.unchanged, first.snapshot) == (3, 0, 2)
    n_embedded = len(embedder.embedded)
    second = make_builder().build(articles)
    assert (second.added, second.unchanged, second.snapshot) == (0, 3, 2)
    assert len(embedder.embedded) == n_embedded


def test_only_what_changed_is_embedded_again(
    make_builder: MakeBuilder, articles: list[Article], embedder: HashEmbedder
) -> None:
    make_builder().build(articles)
    embedder.embedded.clear()
    corrected = replace(articles[1], text=articles[1].text.replace("4.25", "4.5"))
    report = make_builder().add([corrected])
    assert (report.added, report.replaced, report.unchanged) == (0, 1, 0)
    assert all("Central bank" in text for text in embedder.embedded)


def test_build_drops_what_the_sources_no_longer_hold(
    make_builder: MakeBuilder, articles: list[Article]
) -> None:
    make_builder().build(articles)
    report = make_builder().build(articles[:2])
    assert (report.unchanged, report.removed) == (2, 1)


def test_removed_text_is_in_no_file(
    make_builder: MakeBuilder, articles: list[Article], tmp_path: Path
) -> None:
    make_builder().build(articles)
    make_builder().remove(["rates"])
    for path in (tmp_path / "index").rglob("*"):
        if path.is_file():
            assert b"Ivo Brandt" not in path.read_bytes(), path
            assert b"brandt" not in path.read_bytes(), path


def test_removing_an_unknown_id_removes_nothing(
    make_builder: MakeBuilder, articles: list[Article]
) -> None:
    make_builder().build(articles)
    with pytest.raises(RequestError, match="'nowhere'"):
        make_builder().remove(["rates", "nowhere"])
    assert make_builder().build(articles).unchanged == 3


def test_skips_are_reported_and_the_rest_is_indexed(
    make_builder: MakeBuilder, articles: list[Article]
) -> None:
    skip = SkippedRecord("news.jsonl", 2, "broken")
    report = make_builder().build([articles[0], skip, articles[1]])
    assert report.added == 2
    assert report.skips == [skip]


def test_an_empty_source_does_not_empty_the_archive(
    make_builder: MakeBuilder, articles: list[Article]
) -> None:
    make_builder().build(articles)
    with pytest.raises(IndexStateError, match="broken"):
        make_builder().build([SkippedRecord("news.jsonl", 1, "broken")])
    assert make_builder().build(articles).unchanged == 3


def test_two_writers_at_once_are_refused(
    make_builder: MakeBuilder, articles: list[Article], tmp_path: Path
) -> None:
    with write_lock(tmp_path / "index"), pytest.raises(IndexStateError, match="another process"):
        make_builder().build(articles)


class StopsAt:
    """Progress that ends the run when a stage has come so far."""

    def __init__(self, stage: str, after: int) -> None:
        self.stage, self.after, self.now = stage, after, ""

    def start(self, stage: str, total: int | None) -> None:
        self.now = stage
        self._check(0)

    def advance(self, n: int) -> None:
        self._check(n)

    def _check(self, n: int) -> None:
        if self.now == self.stage:
            self.after -= n
            if self.after <= 0:
                raise KeyboardInterrupt


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(IndexStateError, match="file/index cannot be written"),
        write_lock(tmp_path / "file" / "index"),
    ):
        pass


@pytest.mark.parametrize(
    ("stage", "after"),
    [
        ("Reading articles", 2),
        ("Publishing", 0),
        ("Finding near-duplicates", 1),
        ("Embedding passages", 1),
    ],
)
def test_an_interrupted_run_leaves_the_old_archive_and_the_next_completes(
    make_builder: MakeBuilder,
    articles: list[Article],
    tmp_path: Path,
    stage: str,
    after: int,
) -> None:
    make_builder().build(articles[:1])
    folder = IndexFolder(tmp_path / "index")
    before = folder.current()
    with pytest.raises(KeyboardInterrupt):
        replace(make_builder(), progress=StopsAt(stage, after)).build(articles)
    # The lexical snapshot goes out first: then the new archive can be asked by words.
    is_out = stage in ("Finding near-duplicates", "Embedding passages")
    assert folder.current() == before + is_out
    assert folder.verified(folder.current()).n_articles == (3 if is_out else 1)
    folder.verified(folder.current())
    report = make_builder().build(articles)
    assert report.snapshot > before
    assert folder.verified(report.snapshot).n_articles == 3
    assert (
        folder.verified(report.snapshot).n_embedded == folder.verified(report.snapshot).n_passages
    )


def test_what_an_interrupted_build_left_does_not_slip_into_an_add(
    make_builder: MakeBuilder, articles: list[Article], tmp_path: Path
) -> None:
    make_builder().build(articles[:1])
    with pytest.raises(KeyboardInterrupt):
        replace(make_builder(), progress=StopsAt("Publishing", 0)).build(articles[1:2])
    make_builder().add([articles[2]])
    folder = IndexFolder(tmp_path / "index")
    assert folder.verified(folder.current()).n_articles == 2


def test_lost_snapshots_are_derived_again_without_embedding(
    make_builder: MakeBuilder, articles: list[Article], embedder: HashEmbedder, tmp_path: Path
) -> None:
    published = make_builder().build(articles).snapshot
    embedder.embedded.clear()
    folder = IndexFolder(tmp_path / "index")
    (folder.root / "CURRENT").unlink()
    (folder.snapshot(published) / "dense.faiss").unlink()
    number = make_builder().rebuild()
    manifest = folder.verified(folder.current())
    assert (manifest.number, manifest.n_articles) == (number, 3)
    assert manifest.n_embedded == manifest.n_passages
    assert embedder.embedded == []


@pytest.mark.parametrize(
    "kinds",
    [("exact", "exact"), ("hnsw", "hnsw"), ("exact", "hnsw"), ("ivf-pq", "ivf-pq")],
)
def test_an_archive_that_grew_is_found_in_as_one_that_was_built_at_once(
    kinds: tuple[DenseKind, DenseKind],
    make_builder: MakeBuilder,
    articles: list[Article],
    embedder: HashEmbedder,
    tmp_path: Path,
) -> None:
    replace(make_builder(), dense_kind=kinds[0]).build(articles[:1])
    for article in articles[1:]:
        replace(make_builder(), dense_kind=kinds[1]).add([article])
    folder = IndexFolder(tmp_path / "index")
    assert folder.verified(folder.current()).dense_kind == kinds[1]
    at_once = replace(make_builder(), root=tmp_path / "at-once")
    at_once.build(articles)
    grown, fresh = (
        LocalArchive(root, 1, embedder=embedder).current()
        for root in (tmp_path / "index", tmp_path / "at-once")
    )
    for question in ("Why does a ferry float?", "central bank rate", "Who is the captain?"):
        found, expected = (one.search(Query(question), 10) for one in (grown, fresh))
        assert [hit.passage for hit in found] == [hit.passage for hit in expected]
        assert [hit.lexical for hit in found] == pytest.approx([hit.lexical for hit in expected])
        assert [hit.dense for hit in found] == pytest.approx([hit.dense for hit in expected])


def test_adding_shares_the_files_that_it_does_not_change(
    make_builder: MakeBuilder, articles: list[Article], tmp_path: Path
) -> None:
    make_builder().build(articles[:2])
    folder = IndexFolder(tmp_path / "index")
    before = folder.verified(folder.current()).files
    make_builder().add(articles[2:])
    after = folder.verified(folder.current()).files
    segments = {name for name in before if name.startswith("lexical/") and "." in name}
    shared = {name for name in segments if name in after and after[name] == before[name]}
    assert any(name.endswith(".term") for name in shared)


def test_a_damaged_snapshot_is_not_built_upon(
    make_builder: MakeBuilder, articles: list[Article], tmp_path: Path
) -> None:
    make_builder().build(articles[:2])
    folder = IndexFolder(tmp_path / "index")
    (folder.snapshot(folder.current()) / "dense.faiss").write_bytes(b"damaged")
    make_builder().add(articles[2:])
    manifest = folder.verified(folder.current())
    assert manifest.n_articles == 3
    assert manifest.n_embedded == manifest.n_passages
