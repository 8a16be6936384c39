"""An archive whose words were indexed while it came in is as one that was indexed afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from index.building.builder import Builder, BuildReport
from index.engines.local.folder import IndexFolder
from index.lexical.bm25 import LexicalIndex
from index.search.query import Filters

MakeBuilder = Callable[[], Builder]
WORDS = ("ferry sank", "rates", "Marta Ølsen", "4.25 percent", "nobody", "zebra")


def found(root: Path) -> list[dict[int, float]]:
    """Return what each of `WORDS` finds in the published snapshot, with its score."""
    folder = IndexFolder(root)
    folder.verified(folder.current())
    index = LexicalIndex(folder.snapshot(folder.current()) / "lexical")
    return [index.search(words, 10, Filters(), None) for words in WORDS]


def drafts(root: Path) -> list[str]:
    return [path.name for path in (root / "snapshots").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("again", [[], [0], [1, 0]])
def test_the_words_are_those_of_a_rebuilt_index(
    make_builder: MakeBuilder, articles: list[Article], tmp_path: Path, again: list[int]
) -> None:
    # An article that comes twice is replaced: what the draft has of it no longer counts.
    twice = [replace(articles[n], text=articles[n].text + " A zebra was seen.") for n in again]
    make_builder().build([*articles, *twice])
    at_once = found(tmp_path / "index")
    make_builder().rebuild()
    assert found(tmp_path / "index") == at_once
    assert len(at_once[-1]) == len(again)
    assert drafts(tmp_path / "index") == []


def test_what_a_killed_run_had_stored_is_found_too(
    make_builder: MakeBuilder, articles: list[Article], tmp_path: Path
) -> None:
    builder = make_builder()
    builder.root.mkdir()
    store = builder._open(keep_added=True)
    builder._ingest(store, articles[:2], BuildReport(), None)
    store.commit()
    store.close()
    assert make_builder().build(articles).unchanged == 2
    at_once = found(tmp_path / "index")
    make_builder().rebuild()
    assert found(tmp_path / "index") == at_once


def test_a_run_that_fails_leaves_no_draft(
    make_builder: MakeBuilder, articles: list[Article], tmp_path: Path
) -> None:
    def breaks_off() -> Iterator[Article]:
        yield articles[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_builder().build(breaks_off())
    assert drafts(tmp_path / "index") == []
    assert make_builder().build(articles).added == 3
