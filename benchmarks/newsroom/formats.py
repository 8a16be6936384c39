"""What the mock newsrooms send: stories as feeds, sitemaps, pages and posts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from benchmarks.mock_web import MockReply, MockWeb

__all__ = [
    "Story",
    "atom",
    "json_feed",
    "links",
    "mark",
    "page",
    "posts",
    "rss",
    "sitemap",
    "sitemap_index",
    "summaries",
]


@dataclass
class Story:
    """One story of an outlet, as it is now; `n` is unique everywhere."""

    n: int
    outlet: str
    text: str
    at: datetime
    changed: datetime

    @property
    def title(self) -> str:
        """Return its headline."""
        return f"Ferry report {self.n}"


def mark(n: int) -> str:
    """Return the word that only this story has."""
    return f"zq{n:05d}"


def rss(web: MockWeb, stories: Sequence[Story], *, guid: bool = True) -> bytes:
    """Return RSS 2.0, with a guid for each item or without."""
    items = "".join(
        "<item>"
        + (f"<guid isPermaLink='false'>item-{one.n}</guid>" if guid else "")
        + f"<link>{web.url(f'/{one.outlet}/{one.n}')}</link><title>{one.title}</title>"
        f"<pubDate>{format_datetime(one.at)}</pubDate>"
        f"<description>{escape(one.text)}</description></item>"
        for one in reversed(stories)
    )
    feed = f"<rss version='2.0'><channel><title>Post</title>{items}</channel></rss>"
    return f"<?xml version='1.0'?>{feed}".encode()


def links(web: MockWeb, stories: Sequence[Story]) -> bytes:
    """Return RSS whose items have links only."""
    return rss(web, stories, guid=False)


def atom(web: MockWeb, stories: Sequence[Story]) -> bytes:
    """Return Atom."""
    entries = "".join(
        f"<entry><id>tag:atom.example,2026:{one.n}</id><title>{one.title}</title>"
        f"<updated>{one.changed.isoformat()}</updated><published>{one.at.isoformat()}</published>"
        f"<content type='html'>{escape(f'<p>{one.text}</p>')}</content></entry>"
        for one in stories
    )
    return (
        "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Atom</title>"
        f"{entries}</feed>"
    ).encode()


def json_feed(web: MockWeb, stories: Sequence[Story]) -> bytes:
    """Return a JSON Feed."""
    items = [
        {
            "id": f"https://json.example/{one.n}",
            "title": one.title,
            "content_text": one.text,
            "date_published": one.at.isoformat(),
        }
        for one in stories
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "Json", "items": items}).encode()


def summaries(web: MockWeb, stories: Sequence[Story]) -> bytes:
    """Return RSS with the beginning of each story only."""
    items = "".join(
        f"<item><guid isPermaLink='false'>full-{one.n}</guid><title>{one.title}</title>"
        f"<link>{web.url(f'/full/{one.n}')}</link><pubDate>{format_datetime(one.at)}</pubDate>"
        f"<description>{one.text[:60]}… {one.changed.isoformat()}</description></item>"
        for one in stories
    )
    return f"<rss version='2.0'><channel><title>Full</title>{items}</channel></rss>".encode()


def sitemap(web: MockWeb, stories: Sequence[Story]) -> bytes:
    """Return a sitemap; every seventh page is closed to programs."""
    urls = "".join(
        f"<url><loc>{web.url(f'/story/{one.n}' + ('/closed' if one.n % 7 == 0 else ''))}</loc>"
        f"<lastmod>{one.changed.isoformat()}</lastmod></url>"
        for one in stories
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


def sitemap_index(web: MockWeb, stories: Sequence[Story]) -> bytes:
    """Return an index of one sitemap."""
    return (
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<sitemap><loc>{web.url('/news.xml')}</loc></sitemap></sitemapindex>"
    ).encode()


def posts(target: str, stories: Sequence[Story]) -> MockReply:
    """Return the posts that WordPress's REST API would."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    since = datetime.fromisoformat(asked.get("modified_after", "2000-01-01T00:00:00"))
    in_order = sorted(stories, key=lambda one: one.changed)
    chosen = [one for one in in_order if one.changed.replace(tzinfo=None) > since]
    first = int(asked["offset"])
    posts = [
        {
            "id": one.n,
            "date": one.at.replace(tzinfo=None).isoformat(timespec="seconds"),
            "modified": one.changed.replace(tzinfo=None).isoformat(timespec="seconds"),
            "link": f"https://blog.example/{one.n}",
            "status": "publish",
            "title": {"rendered": one.title},
            "content": {"rendered": f"<p>{one.text}</p>", "protected": False},
        }
        for one in chosen[first : first + int(asked["per_page"])]
    ]
    return MockReply(200, json.dumps(posts).encode(), {"Content-Type": "application/json"})


def page(story: Story) -> bytes:
    """Return the page of a story."""
    body = "".join(f"<p>{escape(part)}.</p>" for part in story.text.rstrip(".").split(". "))
    return (
        f"<html><head><title>{story.title}</title><meta property='og:type' content='article'>"
        f"</head><body><article><h1>{story.title}</h1>{body}</article></body></html>"
    ).encode()
