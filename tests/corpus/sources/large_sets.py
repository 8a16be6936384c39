"""Sources of two hundred items each, as WordPress, a feed, CC-NEWS and a news API write them.

Written after their public descriptions; what must come of them is known item by item.
"""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from tests.corpus.sources.formats.test_warc import record, response

__all__ = ["SETS", "Truth", "cc_news", "feed", "news_api", "word_press"]

N = 200
BASE = datetime(2024, 1, 1, 5, 17, 0, tzinfo=UTC)
STREETS = "Bridge Quay Mill Elm Harbour Tarn Station Church Market School".split()
PEOPLE = "Petra Lindqvist,Odd Lie,Solveig Aune,Pia Holm,Tom Adair,Iris Holt,Kai Moe".split(",")


@dataclass(frozen=True, slots=True)
class Truth:
    """What must come of an item; `published` None: nothing may."""

    id: str
    published: str | None
    said: str


def at(n: int) -> datetime:
    return BASE + timedelta(hours=7 * n, minutes=13 * n)


def said(n: int) -> str:
    street, person = STREETS[n % len(STREETS)], PEOPLE[n % len(PEOPLE)]
    return f"The council bought house number {n} on {street} Street for £{n + 2}m, {person} said."


_WP_STATES = ("draft", "pending", "private", "trash", "future", "auto-draft", "inherit")


def _wp_state(n: int) -> tuple[str, str, str]:
    """Return status, type and password of the nth post: two in five are no published posts."""
    if n % 5 == 1:
        return _WP_STATES[n // 5 % len(_WP_STATES)], "post", ""
    if n % 5 == 3:
        kinds = ("page", "attachment", "nav_menu_item", "revision", "wp_block", "post")
        kind = kinds[n // 5 % len(kinds)]
        return "publish", kind, "secret" if kind == "post" else ""
    return "publish", "post", ""


def word_press() -> tuple[bytes, list[Truth]]:
    """Return a WXR export of a site an hour and a half east of Greenwich."""
    zone = timezone(timedelta(hours=1, minutes=30))
    items, truths = [], []
    for n in range(N):
        status, kind, password = _wp_state(n)
        moment, guid = at(n), f"https://courier.example/?p={n}"
        is_new = status in ("draft", "auto-draft", "pending")
        gmt = "0000-00-00 00:00:00" if is_new else f"{moment:%Y-%m-%d %H:%M:%S}"
        told = "Wed, 30 Nov -0001 00:00:00 +0000" if is_new else format_datetime(moment)
        body = f"<!-- wp:paragraph --><p>{escape(said(n))}</p><!-- /wp:paragraph -->"
        body += f'\n[gallery ids="{n},2"]\n[caption id="a{n}"]<img src="x.jpg"/> A house[/caption]'
        items.append(
            f"<item><title><![CDATA[House {n} is sold]]></title>"
            f"<link>https://courier.example/2024/house-{n}/</link><pubDate>{told}</pubDate>"
            f"<dc:creator><![CDATA[editor]]></dc:creator><guid isPermaLink='false'>{guid}</guid>"
            f"<description></description><content:encoded><![CDATA[{body}]]></content:encoded>"
            f"<excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{n}</wp:post_id>"
            f"<wp:post_date><![CDATA[{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}]]></wp:post_date>"
            f"<wp:post_date_gmt><![CDATA[{gmt}]]></wp:post_date_gmt>"
            f"<wp:status><![CDATA[{status}]]></wp:status><wp:post_type>{kind}</wp:post_type>"
            f"<wp:post_password><![CDATA[{password}]]></wp:post_password></item>"
        )
        is_out = status == "publish" and kind == "post" and not password
        published = moment.astimezone(zone).isoformat() if is_out else None
        truths.append(Truth(guid, published, said(n)))
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"'
        ' xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">'
        "<channel><title>Tarn Courier</title><link>https://courier.example</link>"
        "<language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>"
    )
    return f"{head}{''.join(items)}</channel></rss>".encode(), truths


_ZONES = (("GMT", 0), ("EST", -5), ("BST", 1), ("CET", 1), ("JST", 9), ("AEST", 10), ("IST", 5.5))


def feed() -> tuple[bytes, list[Truth]]:
    """Return an RSS feed whose bulletins share links, in the zones of the world's news."""
    items, truths = [], []
    for n in range(N):
        name, hours = _ZONES[n % len(_ZONES)]
        moment = at(n).astimezone(timezone(timedelta(hours=hours)))
        # A third are bulletins on one page, named by a number.
        is_bulletin = n % 3 == 0
        guid = f"b-{n}" if is_bulletin else f"https://lake.example/{n}"
        link = "https://lake.example/bulletins" if is_bulletin else f"{guid}?utm_source=rss"
        inner = escape(f"<p>{escape(said(n))}</p><p>The post House {n} appeared first on Lake.</p>")
        items.append(
            f"<item><title>House {n} is sold</title><link>{escape(link)}</link><guid>{guid}</guid>"
            f"<pubDate>{moment:%a, %d %b %Y %H:%M:%S} {name}</pubDate>"
            f"<description>{escape(inner) if n % 7 == 0 else inner}</description></item>"
        )
        own = f"Lake Gazette/{guid}" if is_bulletin else guid
        truths.append(Truth(own, moment.isoformat(), said(n)))
    head = (
        '<rss version="2.0"><channel><title>Lake Gazette</title><link>https://lake.example</link>'
    )
    return f"{head}{''.join(items)}</channel></rss>".encode(), truths


def cc_news() -> tuple[bytes, list[Truth]]:
    """Return a web archive of which some responses are packed, or say that they are and are not."""
    parts, truths = [record(b"software: x\r\n", "warcinfo")], []
    for n in range(N):
        url, moment = f"https://hp.example/2024/houses/{n}", at(n).replace(second=0)
        robots = '<meta name="robots" content="noindex">' if n % 9 == 4 else ""
        page = (
            f'<html lang="en"><head><title>House {n} is sold - Harbour Post</title>{robots}'
            '<meta property="og:type" content="article">'
            '<meta property="og:site_name" content="Harbour Post">'
            f'<meta property="article:published_time" content="{moment.isoformat()}"></head><body>'
            f"<article><h1>House {n} is sold</h1><p>{said(n)}</p><p>It has stood on its street"
            " since a mason built it for his family, and has been empty for a year.</p></article>"
            "</body></html>"
        ).encode()
        lies = ("", "Content-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\n")
        more, status = lies[n % 3], "404 Not Found" if n % 11 == 7 else "200 OK"
        body = gzip.compress(page) if n % 6 == 1 else page
        parts.append(record(response(body, more=more, status=status), url=url))
        is_out = not robots and status == "200 OK"
        truths.append(Truth(url, moment.isoformat() if is_out else None, said(n)))
    return b"".join(map(gzip.compress, parts)), truths


def news_api() -> tuple[bytes, list[Truth]]:
    """Return an answer of a news API, with stubs, cut contents and lone headlines."""
    articles: list[dict[str, object]] = []
    truths = []
    for n in range(N):
        url, moment = f"https://vn.example/house/{n}", at(n)
        title = f"House number {n} is sold to the council"
        told: dict[str, object] = {
            "source": {"id": None, "name": "Valley News"},
            "author": PEOPLE[n % len(PEOPLE)],
            "title": f"{title} - Valley News",
            "description": said(n),
            "url": url,
            "publishedAt": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "content": f"Nobody has lived in it for a year. Its ro… [+{n + 900} chars]",
        }
        words, published = said(n), moment.isoformat()
        if n % 8 == 3:
            told |= {"description": None, "content": ""}
            words = title
        if n % 8 == 6:
            told |= dict.fromkeys(("title", "description", "content"), "[Removed]")
            told |= {"url": "https://removed.com", "publishedAt": "1970-01-01T00:00:00Z"}
        articles.append(told)
        truths.append(Truth(url, None if n % 8 == 6 else published, words))
    answer = {"status": "ok", "totalResults": N, "articles": articles}
    return json.dumps(answer, ensure_ascii=False).encode(), truths


SETS: dict[str, tuple[str, Callable[[], tuple[bytes, list[Truth]]]]] = {
    "WordPress": ("export.xml", word_press),
    "feed": ("feed.xml", feed),
    "CC-NEWS": ("CC-NEWS-20240301.warc.gz", cc_news),
    "news API": ("answer.json", news_api),
}
