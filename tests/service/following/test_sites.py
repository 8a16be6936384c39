"""News sitemaps, WordPress, and pages behind summaries."""

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks.mock_web import Asked, MockReply, MockWeb
from service.following.source import Source
from tests.service.following.conftest import OpenDesk
from tests.service.following.test_follower import rss

STORY = (
    "The ferry Sula sank off Norhavn on Tuesday night, and nine people were taken from the water "
    "by fishing boats, the harbour office said. "
)


def page(text: str = STORY, robots: str = "") -> MockReply:
    paragraphs = "".join(f"<p>{text}{number} boats helped.</p>" for number in range(8))
    html = (
        "<html><head><title>Ferry sinks</title><meta property='og:type' content='article'></head>"
        f"<body><article><h1>Ferry sinks</h1>{paragraphs}</article></body></html>"
    )
    return MockReply(200, html.encode(), {"X-Robots-Tag": robots} if robots else {})


def sitemap(web: MockWeb, **changed: str) -> MockReply:
    urls = "".join(
        f"<url><loc>{web.url(f'/{name}')}</loc><news:news><news:publication_date>{at}"
        "</news:publication_date></news:news></url>"
        for name, at in changed.items()
    )
    return MockReply(
        200,
        (
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
            f"xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{urls}</urlset>"
        ).encode(),
    )


def index_of(web: MockWeb, lastmod: str) -> MockReply:
    told = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return MockReply(
        200,
        f"<sitemapindex><sitemap><loc>{web.url('/news.xml')}</loc>{told}</sitemap></sitemapindex>".encode(),
    )


def paths(web: MockWeb) -> list[str]:
    asked = [one.path for one in web.asked]
    web.asked.clear()
    return asked


def test_the_pages_of_a_news_sitemap_are_read_once_and_again_when_changed(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    web.pages |= {"/a": page(), "/b": page("It rained. " * 20)}
    web.pages["/news.xml"] = sitemap(web, a="2026-11-27T10:00:00Z", b="2026-11-27T11:00:00Z")
    with open_desk(Source(web.url("/news.xml"))) as desk:
        desk.follower.round()
        assert paths(web) == ["/news.xml", "/robots.txt", "/b", "/a"]
        desk.follower.round()
        assert paths(web) == ["/news.xml"]
        assert desk.texts().keys() == {web.url("/a"), web.url("/b")}

        web.pages["/a"] = page("Ten people were taken from the water, it is now said. ")
        web.pages["/news.xml"] = sitemap(web, a="2026-11-27T12:00:00Z", b="2026-11-27T11:00:00Z")
        desk.follower.round()
        assert paths(web) == ["/news.xml", "/a"]
        assert desk.texts()[web.url("/a")].startswith("Ten people")


def test_robots_txt_is_heeded_for_pages(web: MockWeb, open_desk: OpenDesk) -> None:
    rules = b"User-agent: dateline\nDisallow: /closed\nCrawl-delay: 9\n"
    web.pages["/robots.txt"] = MockReply(200, rules)
    web.pages |= {"/closed": page(), "/lent": MockReply(302, b"", {"Location": "/closed"})}
    web.pages |= {"/open": page()}
    day = "2026-11-27"
    web.pages["/news.xml"] = sitemap(web, closed=day, lent=day, open=day)
    with open_desk(Source(web.url("/news.xml"))) as desk:
        for _ in range(3):
            desk.follower.round()

        assert paths(web) == [
            "/news.xml",
            "/robots.txt",
            "/lent",
            "/open",
            "/news.xml",
            "/news.xml",
        ]
        assert desk.texts().keys() == {web.url("/open")}
        assert [wait for wait in desk.clock.waits if wait > 1] == [9.0]


def test_pages_are_left_alone_while_robots_txt_cannot_be_told(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    web.pages["/robots.txt"] = MockReply(500)
    web.pages |= {"/a": page(), "/news.xml": sitemap(web, a="2026-11-27")}
    with open_desk(Source(web.url("/news.xml"))) as desk:
        desk.follower.round()
        assert paths(web) == ["/news.xml", "/robots.txt"]
        del web.pages["/robots.txt"]
        desk.clock.at += 3600
        desk.follower.round()
        assert paths(web) == ["/news.xml", "/robots.txt", "/a"]
        assert desk.texts().keys() == {web.url("/a")}


def test_what_its_server_says_is_not_to_be_indexed_is_not(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    web.pages |= {"/a": page(robots="noindex"), "/b": page()}
    web.pages["/news.xml"] = sitemap(web, a="2026-11-27", b="2026-11-27")
    with open_desk(Source(web.url("/news.xml"))) as desk:
        desk.follower.round()

        assert desk.texts().keys() == {web.url("/b")}


@pytest.mark.parametrize(("lastmod", "asked"), [("2026-11-27", ["/index.xml"]), ("", None)])
def test_of_an_index_of_sitemaps_those_that_changed_are_read(
    web: MockWeb, open_desk: OpenDesk, lastmod: str, asked: list[str] | None
) -> None:
    web.pages |= {"/a": page(), "/b": page(), "/index.xml": index_of(web, lastmod)}
    web.pages["/news.xml"] = sitemap(web, a="2026-11-27")
    with open_desk(Source(web.url("/index.xml"))) as desk:
        desk.follower.round()
        assert paths(web) == ["/index.xml", "/news.xml", "/robots.txt", "/a"]
        desk.follower.round()
        assert paths(web) == asked or ["/index.xml", "/news.xml"]

        web.pages["/news.xml"] = sitemap(web, a="2026-11-27", b="2026-11-27")
        web.pages["/index.xml"] = index_of(web, lastmod and "2026-11-28")
        desk.follower.round()
        assert paths(web) == ["/index.xml", "/news.xml", "/b"]
        assert desk.texts().keys() == {web.url("/a"), web.url("/b")}


@pytest.mark.parametrize(
    "content", [b"<urlset>", b"<!ENTITY a 'b'><urlset/>", b"\x1f\x8b\x08<urlset "]
)
def test_a_broken_sitemap_is_a_failure(web: MockWeb, open_desk: OpenDesk, content: bytes) -> None:
    web.pages["/news.xml"] = MockReply(200, content)
    with open_desk(Source(web.url("/news.xml"))) as desk:
        assert desk.follower.round().n_failed == 1


def test_pages_are_read_where_a_feed_has_summaries(web: MockWeb, open_desk: OpenDesk) -> None:
    feed = rss(("a", "Nine people…"), ("b", "It rained in the hills. " * 60), link=web.url("/"))
    web.pages |= {"/feed": MockReply(200, feed), "/a": page(), "/b": page()}
    with open_desk(replace(Source(web.url("/feed")), full_text=True)) as desk:
        desk.follower.round()
        desk.follower.round()

        assert paths(web) == ["/feed", "/robots.txt", "/a", "/feed"]
        texts = desk.texts()
        assert texts.keys() == {"Post/a", "Post/b"}
        assert texts["Post/a"].startswith("The ferry Sula sank off Norhavn")


def test_without_full_text_no_page_is_read(web: MockWeb, open_desk: OpenDesk) -> None:
    feed = rss(("a", "Nine people…"), link=web.url("/"))
    web.pages |= {"/feed": MockReply(200, feed), "/a": page()}
    with open_desk(Source(web.url("/feed"))) as desk:
        desk.follower.round()

        assert paths(web) == ["/feed"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_summary_is_taken_where_its_page_cannot_be_had(
    web: MockWeb, open_desk: OpenDesk, status: int
) -> None:
    feed = rss(("a", "Nine people were rescued…"), link=web.url("/"))
    web.pages |= {"/feed": MockReply(200, feed), "/a": MockReply(status)}
    with open_desk(replace(Source(web.url("/feed")), full_text=True)) as desk:
        for _ in range(4):
            desk.follower.round()
            desk.clock.at += 3600

        assert desk.texts() == {"Post/a": "Nine people were rescued…"}
        assert paths(web).count("/a") == (1 if status == 404 else 3)


def test_a_page_that_was_fetched_is_not_fetched_again_by_the_next_process(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    web.pages |= {"/a": page(), "/news.xml": sitemap(web, a="2026-11-27")}
    source = Source(web.url("/news.xml"))
    with open_desk(source) as desk:
        desk.state.enlist([source], None)
        desk.follower.looker.look(source, desk.state.followed()[0])
        desk.follower.pages.fetch(source.key)
        assert desk.state.items.n_waiting("raw") == 1
    web.asked.clear()
    with open_desk(source, every_s=900) as later:
        later.follower.round()
        assert paths(web) == ["/news.xml"]
        assert later.texts().keys() == {web.url("/a")}


class Blog:
    """A WordPress site: answers from `posts` what its REST API would."""

    def __init__(self) -> None:
        self.posts: list[dict[str, object]] = []

    def add(self, number: int, text: str, modified: str) -> None:
        self.posts = [one for one in self.posts if one["id"] != number]
        self.posts.append(
            {
                "id": number,
                "date": "2026-11-27T08:00:00",
                "date_gmt": "2026-11-27T07:00:00",
                "modified": modified,
                "link": f"https://blog.example/{number}",
                "status": "publish",
                "title": {"rendered": f"Post {number}"},
                "content": {"rendered": f"<p>{text}</p>", "protected": False},
            }
        )
        self.posts.sort(key=lambda one: str(one["modified"]))

    def reply(self, asked: Asked) -> MockReply:
        given = {name: value[0] for name, value in parse_qs(urlsplit(asked.path).query).items()}
        since = given.get("modified_after", "")
        chosen = [one for one in self.posts if str(one["modified"]) > since]
        first = int(given["offset"])
        return MockReply(200, json.dumps(chosen[first : first + int(given["per_page"])]).encode())


def test_the_posts_of_a_wordpress_site_are_read_as_they_change(
    web: MockWeb, open_desk: OpenDesk
) -> None:
    blog = Blog()
    web.handle = blog.reply
    for number in range(250):
        blog.add(number, f"It rained {number} times.", f"2026-11-{1 + number // 10:02d}T10:00:00")
    with open_desk(Source(web.url("/wp-json/"))) as desk:
        desk.follower.round()
        assert len(desk.texts()) == 250
        assert len(paths(web)) == 3

        blog.add(3, "It rained four times, not three.", "2026-11-27T10:00:00")
        blog.add(900, "It snowed.", "2026-11-27T11:00:00")
        assert desk.follower.round().n_new == 2
        (asked,) = paths(web)
        assert asked.startswith("/wp-json/wp/v2/posts?")
        assert "modified_after=2026-11-25T08%3A00%3A00" in asked
        texts = desk.texts()
        assert texts["blog.example/3"] == "It rained four times, not three."
        assert len(texts) == 251
        assert desk.follower.round().published == []


@pytest.mark.parametrize("content", [b"{}", b"<html>", b'{"code": "rest_no_route"}', b"[" * 9000])
def test_what_wordpress_would_not_reply_is_a_failure(
    web: MockWeb, open_desk: OpenDesk, content: bytes
) -> None:
    web.handle = lambda asked: MockReply(200, content)
    with open_desk(Source(web.url("/?rest_route=/wp/v2/posts"))) as desk:
        assert desk.follower.round().n_failed == 1
