import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.mock_web import Asked, MockReply, MockWeb
from corpus.errors import IndexStateError
from service.following.source import Source
from tests.service.following.conftest import OpenDesk
from tests.service.following.desk import Clock


def rss(*items: tuple[str, str], link: str = "https://post.example/") -> bytes:
    listed = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>Story {guid}</title>"
        f"<link>{link}{guid}</link><description>{text}</description></item>"
        for guid, text in items
    )
    return f"<rss version='2.0'><channel><title>Post</title>{listed}</channel></rss>".encode()


def test_what_a_feed_has_is_published_once_and_corrections_are_taken(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died."), ("b", "It rained.")))
    with open_desk(Source(web.url("/feed"))) as desk:
        first = desk.follower.round()
        second = desk.follower.round()
        web.pages["/feed"] = MockReply(200, rss(("a", "Ten people died."), ("c", "It snowed.")))
        third = desk.follower.round()

        assert (first.n_new, second.n_new, third.n_new) == (2, 0, 2)
        assert (len(first.published), second.published) == (1, [])
        assert third.published[0].replaced == 1
        assert desk.texts() == {
            "Post/a": "Ten people died.",
            "Post/b": "It rained.",  # what leaves a feed stays in the archive
            "Post/c": "It snowed.",
        }
        assert desk.writer.added == [["Post/a", "Post/b"], ["Post/a", "Post/c"]]


def test_a_feed_is_asked_for_only_if_it_has_changed(web: MockWeb, open_desk: OpenDesk) -> None:
    content = rss(("a", "Nine people died."))

    def handle(asked: Asked) -> MockReply:
        if asked.headers.get("if-none-match") == '"7"':
            return MockReply(304)
        return MockReply(200, content, {"ETag": '"7"', "Last-Modified": "Tue, 24 Nov 2026"})

    web.handle = handle
    with open_desk(Source(web.url("/feed"))) as desk:
        for _ in range(3):
            desk.follower.round()

    assert [one.headers.get("if-none-match") for one in web.asked] == [None, '"7"', '"7"']
    assert web.asked[1].headers["if-modified-since"] == "Tue, 24 Nov 2026"
    assert web.asked[0].headers["accept-encoding"] == "gzip, deflate"
    assert {one.connection for one in web.asked} == {web.asked[0].connection}


def test_an_article_that_was_removed_by_hand_stays_away_until_it_changes(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died."), ("b", "It rained.")))
    with open_desk(Source(web.url("/feed"))) as desk:
        desk.follower.round()
        desk.writer.make_builder().remove(["Post/a"])
        web.pages["/feed"] = MockReply(
            200, rss(("a", "Nine people died."), ("b", "It rained."), ("c", "It snowed."))
        )
        desk.follower.round()

        assert desk.texts().keys() == {"Post/b", "Post/c"}


@pytest.mark.parametrize("when", ["fails", "fails_after"])
def test_what_was_fetched_is_published_although_the_process_ended(
    web: MockWeb, open_desk: OpenDesk, when: str
) -> None:
    web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died.")))
    source = Source(web.url("/feed"))
    with open_desk(source) as desk:
        setattr(desk.writer, when, IndexStateError("the disk is full"))
        with pytest.raises(IndexStateError):
            desk.follower.round()
    del web.pages["/feed"]
    with open_desk(source, every_s=900) as desk:
        done = desk.follower.round()

        assert desk.texts() == {"Post/a": "Nine people died."}
        # What was published before it could be marked is found unchanged, and is no new snapshot.
        assert done.published[0].added == (1 if when == "fails" else 0)
        assert desk.follower.round().published == []


def test_while_somebody_else_writes_what_is_new_waits(web: MockWeb, open_desk: OpenDesk) -> None:
    web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died.")))
    with open_desk(Source(web.url("/feed"))) as desk:
        desk.writer.is_busy = True
        busy = desk.follower.round()

        assert (busy.n_new, busy.published) == (1, [])
        assert desk.state.items.n_waiting("add") == 1
        desk.writer.is_busy = False
        desk.follower.round()
        assert desk.texts() == {"Post/a": "Nine people died."}


def test_a_permanent_redirect_is_remembered_and_told(web: MockWeb, open_desk: OpenDesk) -> None:
    web.pages["/old"] = MockReply(301, b"", {"Location": "/new"})
    web.pages["/new"] = MockReply(200, rss(("a", "Nine people died.")))
    with open_desk(Source(web.url("/old"), "Post news")) as desk:
        desk.follower.round()
        desk.follower.round()

        assert [one.path for one in web.asked] == ["/old", "/new", "/new"]
        moved = [text for text in desk.told if "has moved" in text]
        assert moved == [f"Post news has moved to {web.url('/new')}: name it so."]


def test_a_source_that_is_gone_for_good_is_not_asked_again(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    web.pages["/feed"] = MockReply(410)
    with open_desk(Source(web.url("/feed"))) as desk:
        for _ in range(3):
            desk.follower.round()
            desk.clock.at += 10**6

        assert len(web.asked) == 1
        (known,) = desk.state.followed()
        assert known.is_ended
        assert "gone for good" in desk.told[0]


def test_a_host_that_asks_for_it_is_left_alone_with_all_its_sources(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    web.pages["/a"] = MockReply(429, b"", {"Retry-After": "600"})
    web.pages["/b"] = MockReply(200, rss(("b", "It rained.")))
    sources = (Source(web.url("/a")), Source(web.url("/b")))
    with open_desk(*sources) as desk:
        desk.follower.round()
        desk.clock.at += 500
        desk.follower.round()
        assert [one.path for one in web.asked] == ["/a"]
    # Also by another process.
    with open_desk(*sources, clock=Clock(desk.clock.at + 50)) as later:
        later.follower.round()
        assert len(web.asked) == 1
        later.clock.at += 60
        later.follower.round()
        assert [one.path for one in web.asked] == ["/a", "/a"]
        later.clock.at += 601
        web.pages["/a"] = MockReply(200, rss(("a", "Nine people died.")))
        later.follower.round()
        assert later.texts().keys() == {"Post/a", "Post/b"}


def test_what_fails_is_left_alone_for_longer_each_time(web: MockWeb, open_desk: OpenDesk) -> None:
    web.pages["/feed"] = MockReply(500)
    asked_at = []
    with open_desk(Source(web.url("/feed")), every_s=60) as desk:
        for _ in range(200):
            n_asked = len(web.asked)
            desk.follower.round()
            if len(web.asked) > n_asked:
                asked_at.append(desk.clock.at)
            desk.clock.at += 30
        web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died.")))
        desk.clock.at += 10_000
        desk.follower.round()

        assert desk.told.count(f"{web.url('/feed')} can be read again.") == 1
        assert sum("answers 500" in text for text in desk.told) == 1
    waits = [later - one for one, later in zip(asked_at, asked_at[1:], strict=False)]
    assert waits == [60, 120, 240, 480, 960, 1920]


def test_each_source_has_its_pace(web: MockWeb, open_desk: OpenDesk) -> None:
    for name in ("/a", "/b"):
        web.pages[name] = MockReply(200, rss((name[1:], "It rained.")))
    with open_desk(Source(web.url("/a")), Source(web.url("/b"), every_s=100), every_s=900) as desk:
        for _ in range(9):
            desk.follower.round()
            desk.clock.at += 100

    assert [one.path for one in web.asked].count("/a") == 1
    assert [one.path for one in web.asked].count("/b") == 9


@pytest.mark.parametrize(
    "reply",
    [
        MockReply(404),
        MockReply(200, b"<html><body><p>News</p></body></html>"),
        MockReply(200, b"<rss><channel><item><title>"),
        MockReply(200, b"\x89PNG\r\n\x1a\n"),
        MockReply(200, b""),
        MockReply(200, b"x" * 200_000),
        MockReply(200, b"abc", {"Content-Encoding": "br"}),
        MockReply(pieces=(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc",)),
        MockReply(302, b"", {"Location": "http://10.0.0.1/feed"}),
        MockReply(302, b"", {"Location": "file:///etc/passwd"}),
    ],
)
def test_what_cannot_be_read_is_told_and_harms_nobody_else(
    web: MockWeb, open_desk: OpenDesk, reply: MockReply
) -> None:
    web.pages["/bad"] = reply
    web.pages["/good"] = MockReply(200, rss(("a", "Nine people died.")))
    with open_desk(Source(web.url("/bad"), "Bad"), Source(web.url("/good"))) as desk:
        done = desk.follower.round()

        assert (done.n_looked, done.n_failed) == (2, 1)
        assert desk.texts() == {"Post/a": "Nine people died."}
        assert desk.told[0].startswith("Bad: ")


@pytest.mark.parametrize(
    "content",
    [rss(), b'{"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": []}'],
)
def test_a_feed_that_is_empty_is_no_failure(
    web: MockWeb, open_desk: OpenDesk, content: bytes
) -> None:
    web.pages["/feed"] = MockReply(200, content)
    with open_desk(Source(web.url("/feed"))) as desk:
        assert desk.follower.round().n_failed == 0


def test_articles_are_of_the_outlet_that_was_named(web: MockWeb, open_desk: OpenDesk) -> None:
    web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died.")))
    with open_desk(Source(web.url("/feed"), outlet="Harbour Post")) as desk:
        desk.follower.round()

        (article,) = desk.archive.current().newest(9)
        assert (article.id, article.source) == ("Harbour Post/a", "Harbour Post")


def test_an_item_that_two_feeds_have_is_one_article(web: MockWeb, open_desk: OpenDesk) -> None:
    for name in ("/all", "/sport"):
        web.pages[name] = MockReply(200, rss(("a", "Nine people died.")))
    with open_desk(Source(web.url("/all")), Source(web.url("/sport"))) as desk:
        desk.follower.round()
        desk.follower.round()

        assert desk.texts().keys() == {"Post/a"}
        assert len(desk.writer.added) == 1


def test_json_feeds_are_read(web: MockWeb, open_desk: OpenDesk) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Post",
        "items": [{"id": "7", "content_html": "<p>Nine people died.</p>", "title": "Sula"}],
    }
    web.pages["/feed"] = MockReply(200, json.dumps(feed).encode())
    with open_desk(Source(web.url("/feed"))) as desk:
        desk.follower.round()

        assert desk.texts() == {"Post/7": "Nine people died."}


def test_a_link_in_a_feed_leads_to_no_private_address(web: MockWeb, open_desk: OpenDesk) -> None:
    feed = rss(("a", "Nine people died."), link="http://127.0.0.2/")
    web.pages["/feed"] = MockReply(200, feed)
    with open_desk(replace(Source(web.url("/feed")), full_text=True)) as desk:
        for _ in range(4):
            desk.follower.round()
            desk.clock.at += 3600

        assert desk.texts() == {"Post/a": "Nine people died."}
        assert [one.path for one in web.asked] == ["/feed"] * 4


def test_forgotten_sources_leave_nothing(web: MockWeb, open_desk: OpenDesk, tmp_path: Path) -> None:
    web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died.")))
    with open_desk(Source(web.url("/feed"))) as desk:
        desk.follower.round()
        desk.state.forget([web.url("/feed")])

        assert desk.state.followed() == []
        assert desk.texts() == {"Post/a": "Nine people died."}


def test_run_goes_on_until_it_is_stopped(web: MockWeb, open_desk: OpenDesk) -> None:
    web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died.")))
    with open_desk(Source(web.url("/feed")), every_s=900) as desk:
        desk.writer.fails = IndexStateError("the disk is full")
        tell = desk.told.append

        def stop_when_published(text: str) -> None:
            tell(text)
            if text.startswith("Snapshot"):
                desk.follower.stop.set()

        replace(desk.follower, tell=stop_when_published).run()
        assert desk.told[0].startswith("A round broke off, and is tried again: the disk is full")
        assert desk.texts() == {"Post/a": "Nine people died."}
        assert len(web.asked) == 1
