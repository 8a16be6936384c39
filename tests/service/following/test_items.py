import json
import stat
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import IndexBusyError, IndexStateError
from corpus.sources import read_sources
from index.engines.local.archive import LocalArchive
from service.following.opening import open_follower
from service.following.rows import Listed, Validator, digest_of
from service.following.source import Source
from service.following.state import State
from service.settings import Settings
from tests.service.following.desk import START, DeskWriter

KEY = "https://post.example/feed"
DAY = 86_400.0


def listed(name: str, digest: str = "1") -> Listed:
    return Listed(name, digest, Article(name, "T", "It rained."))


def publish(state: State) -> None:
    state.items.published(state.items.waiting("add", 100, START), START)


def test_a_transaction_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        with pytest.raises(IndexStateError, match="cannot be used"):
            state.items.keep(KEY, [listed("a")], {"p": Validator(digest=object())}, START)  # type: ignore[arg-type]

        assert state.items.waiting("add", 10, START) == []
        assert state.validator(KEY, "p") == Validator()


def test_what_a_source_lists_no_more_is_forgotten_after_half_a_year(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.items.keep(KEY, [listed("old"), listed("kept")], {}, START)
        publish(state)
        later = START + 181 * DAY
        state.items.keep(KEY, [listed("kept"), listed("new")], {}, later)
        state.items.published(state.items.waiting("add", 10, later), later)
        state.items.keep(KEY, [listed("kept"), listed("newer")], {}, later + 1)

        assert state.items.keep(KEY, [listed("kept")], {}, later + 2) == 0
        assert state.items.keep(KEY, [listed("old")], {}, later + 3) == 1


def test_an_item_that_changes_while_it_waits_waits_as_it_is_now(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.items.keep(KEY, [listed("a", "1")], {}, START)
        before = state.items.waiting("add", 10, START)
        state.items.keep(KEY, [listed("a", "2")], {}, START)
        # What was being published meanwhile was the version before.
        state.items.published(before, START)

        (waits,) = state.items.waiting("add", 10, START)
        assert waits.digest == "2"


def test_the_state_is_for_its_owner_only(tmp_path: Path) -> None:
    with State(tmp_path):
        assert stat.S_IMODE((tmp_path / "following.db").stat().st_mode) == 0o600


def test_one_process_follows_for_an_index(tmp_path: Path) -> None:
    def opened() -> None:
        writer = DeskWriter(lambda: pytest.fail("nothing is built"))
        settings = Settings(index_dir=tmp_path)
        with (
            open_follower(settings, [Source(KEY)], writer, LocalArchive(tmp_path, 1)),
            open_follower(settings, [Source(KEY)], writer, LocalArchive(tmp_path, 1)),
        ):
            pytest.fail("two follow")

    with pytest.raises(IndexBusyError, match="is being followed by another process"):
        opened()


def test_a_state_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "following.db").write_bytes(b"no database" * 100)
    with pytest.raises(IndexStateError, match=r"following\.db cannot be opened"):
        State(tmp_path)


def test_all_of_an_article_is_kept_while_it_waits(tmp_path: Path) -> None:
    (found,) = read_sources_of(
        tmp_path,
        {
            "id": "ferry",
            "title": "Ferry sinks",
            "text": "The ferry Sula sank off Norhavn, and nine people died.\n\nCorrection: an "
            "earlier version of this article said that eleven people died.",
            "authors": ["Ada Lind", "Ole Berg"],
            "published": "2026-11-26T10:00:00+01:00",
            "source": "Harbour Post",
        },
    )
    assert found.corrections
    with State(tmp_path) as state:
        state.items.keep(KEY, [Listed("a", digest_of(found), found)], {}, START)

        (waits,) = state.items.waiting("add", 10, START)
        assert waits.article == found


def read_sources_of(folder: Path, fields: dict[str, object]) -> list[Article]:
    path = folder / "one.jsonl"
    path.write_text(json.dumps(fields))
    return [one for one in read_sources([path]) if isinstance(one, Article)]
