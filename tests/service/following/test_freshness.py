from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.mock_web import MockReply, MockWeb
from corpus.article import Article
from service.following.freshness import Freshness, FreshnessReader, SourceFreshness
from service.following.rows import Listed
from service.following.source import Source
from service.following.state import State
from tests.service.api.fakes import FakeSnapshot
from tests.service.following.conftest import OpenDesk
from tests.service.following.desk import START
from tests.service.following.test_follower import rss

HOUR = 3600.0
KEY = "https://post.example/feed?key=secret"


def keep(state: State, key: str, *ages_s: float) -> None:
    """Keep articles that were published so many seconds before the start."""
    items = [
        Listed(f"{age_s}", "1", Article(f"{age_s}", "T", "It rained."), at=START - age_s)
        for age_s in ages_s
    ]
    state.items.keep(key, items, {}, START)
    state.end_look(key, START, START)


def late(root: Path, hours: float) -> str | None:
    (source,) = FreshnessReader(root, lambda: START + hours * HOUR).read_sources().sources
    return source.late


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path) as state:
        state.enlist([Source(KEY)], 86_400.0)
        state.begin_look(KEY, START, START)
        yield state


def test_a_source_is_late_when_it_is_silent_for_far_longer_than_ever(
    state: State, tmp_path: Path
) -> None:
    keep(state, KEY, *(n * 2 * HOUR for n in range(10)))

    (source,) = FreshnessReader(tmp_path, lambda: START).read_sources().sources
    assert (source.usual_s, source.late) == (2 * HOUR, None)
    assert late(tmp_path, 11) is None  # three times two hours, but no night is over
    reason = late(tmp_path, 13)
    assert reason is not None
    assert reason.startswith("nothing new since")
    assert reason.endswith("usually something every 2 hours")


def test_what_is_silent_every_weekend_is_not_late_then(state: State, tmp_path: Path) -> None:
    keep(state, KEY, 0, HOUR, 2 * HOUR, 50 * HOUR, 51 * HOUR, 52 * HOUR, 53 * HOUR)

    assert late(tmp_path, 60) is None


def test_nothing_is_usual_before_some_articles_came(state: State, tmp_path: Path) -> None:
    keep(state, KEY, 0, HOUR, 2 * HOUR)

    (source,) = FreshnessReader(tmp_path, lambda: START).read_sources().sources
    assert source.usual_s is None
    assert late(tmp_path, 90) is None


def test_a_source_that_nobody_looks_at_is_late(state: State, tmp_path: Path) -> None:
    keep(state, KEY, 0)

    assert late(tmp_path, 4 * 24 - 1) is None
    assert late(tmp_path, 4 * 24 + 1) == "nobody looked since 18 Nov 2026, 11:06 UTC"


def test_a_source_that_cannot_be_read_is_late(state: State, tmp_path: Path) -> None:
    for _ in range(2):
        state.fail_look(KEY, f"{KEY} answers 500.", START)
    assert late(tmp_path, 0) is None
    state.fail_look(KEY, f"{KEY} answers 500.", START)
    assert late(tmp_path, 0) == "it could not be read at all"
    state.fail_look(KEY, f"{KEY} is gone.", START, is_ended=True)
    assert late(tmp_path, 0) == "it is gone for good"


def test_what_may_be_a_password_is_told_to_nobody_but_its_owner(
    state: State, tmp_path: Path
) -> None:
    (source,) = FreshnessReader(tmp_path, lambda: START).read_sources().sources

    assert source.name == "https://post.example/feed"
    assert source.address == KEY


def test_the_newest_article_is_told_and_none_of_the_future(tmp_path: Path) -> None:
    snapshot = FakeSnapshot()
    snapshot.newest_articles = [
        Article("a", "", "It rained.", published="2062-11-26"),
        Article("b", "", "It rained.", published="2026-11-18T07:00:00+00:00"),
        Article("c", "", "It rained.", published="2026-11-18T09:30:00+01:00"),
        Article("d", "", "It rained.", published="2026-11"),
        Article("e", "", "It rained."),
    ]
    found = FreshnessReader(tmp_path, lambda: START).read(snapshot)

    assert found == Freshness("2026-11-18T09:30:00+01:00")


def test_what_was_read_is_good_for_some_seconds(state: State, tmp_path: Path) -> None:
    now = [START]
    reader = FreshnessReader(tmp_path, lambda: now[0])
    assert len(reader.read_sources().sources) == 1
    state.forget([KEY])
    assert len(reader.read_sources().sources) == 1
    now[0] += 6
    assert reader.read_sources().sources == ()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (5, "just now"),
        (60, "1 minute ago"),
        (7300, "2 hours ago"),
        (90_000, "1 day ago"),
    ],
)
def test_when_the_last_look_was_is_in_words(seconds: float, told: str) -> None:
    now = datetime.fromtimestamp(START, UTC)
    checked = datetime.fromtimestamp(START - seconds, UTC)

    assert Freshness(None, checked).looked_ago(now) == told
    assert Freshness().looked_ago(now) == ""


def test_rounds_leave_what_is_told(web: MockWeb, open_desk: OpenDesk, tmp_path: Path) -> None:
    web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died.")))
    with open_desk(Source(web.url("/feed"), "Post"), Source(web.url("/none"))) as desk:
        desk.follower.round()

        found = FreshnessReader(tmp_path / "index", lambda: START + 60).read_sources()
        post, none = sorted(found.sources, key=lambda one: one.n_failures)
        at = datetime.fromtimestamp(START, UTC)
        assert found.checked == at
        assert post == SourceFreshness("Post", web.url("/feed"), at, at, None, 0, None, None)
        assert (none.checked, none.n_failures, none.trouble) == (
            None,
            1,
            f"{web.url('/none')} answers 404.",
        )


def test_a_damaged_state_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "following.db").write_bytes(b"no database" * 100)

    assert FreshnessReader(tmp_path, lambda: START).read_sources() == Freshness()
