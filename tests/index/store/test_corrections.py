"""An index from before corrections were kept is brought up to date."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.corrections.finding import find_corrections
from corpus.errors import IndexStateError
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.search.query import Query
from tests.conftest import HashEmbedder

MakeBuilder = Callable[[], Builder]

TEXT = "The ferry Sula sank. Nine people died.\n\nCorrection: An earlier version said eleven."
# As it was read before: its notice is a part of its story.
PLAIN = Article("ferry", "Ferry sinks", TEXT, source="Post", published="2024-03-05")
RETRACTED = Article("lake", "Lake", "This article has been retracted.\n\nThe lake froze over.")


def as_second_schema(path: Path) -> None:
    """Make of an archive what the second schema had."""
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE articles DROP COLUMN corrections")
        for table in ("versions", "holds", "removals"):
            db.execute(f"DROP TABLE {table}")
        db.execute("UPDATE meta SET value = '2' WHERE name = 'schema'")
    db.close()


def test_its_notices_are_found_and_nothing_is_embedded_or_replaced(
    make_builder: MakeBuilder, tmp_path: Path, embedder: HashEmbedder
) -> None:
    make_builder().build([PLAIN, RETRACTED])
    as_second_schema(tmp_path / "index" / "archive.db")
    archive = LocalArchive(tmp_path / "index", 1, embedder=embedder)
    with pytest.raises(IndexStateError, match="verify --rebuild"):
        archive.current()
    n_embedded = len(embedder.embedded)
    make_builder().rebuild()
    found = archive.current().article("ferry")
    assert found and found.corrections == find_corrections(TEXT, "2024-03-05") != ()
    # Its passages are as they were; the notice in them is known for one when they are read.
    hits = archive.current().search(Query("ferry died eleven"), 5)
    assert {hit.article.id for hit in hits} == {"ferry"}
    assert all(hit.article.corrections == found.corrections for hit in hits)
    again = replace(PLAIN, corrections=found.corrections)
    report = make_builder().add([again])
    assert (report.unchanged, report.replaced) == (1, 0)
    assert len(embedder.embedded) == n_embedded
