"""Two hundred items of each kind: all that was published arrives, and goes by its own name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from litestar.testing import TestClient

from corpus.processes import Processes
from corpus.sources import ReadArticle, SkippedRecord, find_records
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from service.api.app import create_app
from service.links import article_path
from service.settings import Settings
from tests.conftest import HashEmbedder
from tests.corpus.sources.large_sets import SETS
from tests.service.api.fakes import FakeAnswerer


@pytest.mark.parametrize("kind", SETS)
def test_all_that_was_published_arrives_and_goes_by_its_name(
    kind: str,
    tmp_path: Path,
    make_builder: Callable[[], Builder],
    embedder: HashEmbedder,
    page_readers: Processes,
) -> None:
    name, make = SETS[kind]
    raw, truths = make()
    (tmp_path / name).write_bytes(raw)
    records = list(find_records([tmp_path / name], processes=page_readers))
    found = [one.article for one in records if isinstance(one, ReadArticle)]
    wanted = {truth.id: truth for truth in truths if truth.published}
    assert len(truths) == 200 and len(wanted) > 100
    # All of the published, none of the rest, each under its name, at its time, with its story.
    assert {article.id for article in found} == set(wanted) and len(found) == len(wanted)
    assert {one.id: one.published for one in found} == {t.id: t.published for t in wanted.values()}
    assert all(wanted[article.id].said in article.text for article in found)
    leftovers = ("[caption", "[gallery", "appeared first", "chars]", "[Removed]", "&lt;", "wp:")
    assert not [one for one in found if any(left in one.text for left in leftovers)]
    skips = [one for one in records if isinstance(one, SkippedRecord)]
    assert len(skips) == 200 - len(found) and all(one.reason for one in skips)

    report = make_builder().build(found)
    assert report.added == len(found) and not report.conflicts
    archive = LocalArchive(tmp_path / "index", 1, embedder=embedder)
    app = create_app(
        answerer=FakeAnswerer(), archive=archive, settings=Settings(index_dir=tmp_path / "index")
    )
    with TestClient(app) as client:
        for article in found:
            body = client.get(f"/v1/articles/{article_path(article.id)}").json()
            assert (body["id"], body["text"]) == (article.id, article.text)
            # A search gives the id that reading and removing take.
        hits = client.post("/v1/search", json={"query": "house council", "k": 50}).json()["hits"]
        assert hits and {hit["article_id"] for hit in hits} <= set(wanted)
        assert all(client.get(hit["permalink"]).status_code == 200 for hit in hits[:20])
    assert make_builder().remove([article.id for article in found[1:]]).removed == len(found) - 1
    left = archive.current()
    assert [one.id for one in left.newest(9)] == [found[0].id]
