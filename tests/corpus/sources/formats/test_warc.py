import gzip
import io
import zlib

import pytest

from corpus.sources import SkippedRecord
from tests.corpus.sources.reading import articles_in, read_bytes, skips_in

STORY = "".join(
    f"<p>The ferry Sula sank on Tuesday, witness number {i} said.</p>" for i in range(20)
)
PAGE = (
    '<html lang="en"><head><title>Ferry sinks</title><meta property="og:type" content="article">'
    '<meta property="og:title" content="Ferry sinks">'
    '<meta property="article:published_time" content="2024-03-05T08:30:00Z">'
    '<meta property="og:site_name" content="Harbour Post"></head>'
    f"<body><article><h1>Ferry sinks</h1>{STORY}<p>“Café,” she said.</p></article></body></html>"
)
URL = "https://harbourpost.example/2024/ferry"


def record(body: bytes, kind: str = "response", url: str = URL) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{len(body)}>\r\n"
        f"WARC-Date: 2024-03-05T09:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def response(
    body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK", more: str = ""
) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


INFO = record(b"software: x\r\n", "warcinfo")
REQUEST = record(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "request")


def test_article_pages_are_found_among_other_records() -> None:
    raw = INFO + REQUEST + record(response(PAGE.encode()))
    per_record = b"".join(map(gzip.compress, (INFO, REQUEST, record(response(PAGE.encode())))))
    for variant in (raw, gzip.compress(raw), per_record):
        (article,) = articles_in(read_bytes(variant))
        assert article.title == "Ferry sinks" and article.url == URL
        assert article.published == "2024-03-05T08:30:00+00:00"
        assert article.source == "Harbour Post" and article.language == "en"
        assert "witness number 19" in article.text and "“Café,” she said." in article.text


def test_the_charset_of_the_server_is_trusted() -> None:
    page = PAGE.replace("Café", "Дождь").replace("“", "").replace("”", "")
    raw = record(response(page.encode("cp1251"), "text/html; charset=windows-1251"))
    assert "Дождь" in articles_in(read_bytes(raw))[0].text


def test_bodies_are_unpacked() -> None:
    packed = response(gzip.compress(PAGE.encode()), more="Content-Encoding: gzip\r\n")
    assert len(articles_in(read_bytes(record(packed)))) == 1
    broken = response(b"not gzip at all", more="Content-Encoding: gzip\r\n")
    assert not articles_in(read_bytes(record(broken)))


def test_what_is_no_article_is_skipped_with_its_address() -> None:
    thin = b"<html><body><p>Log in to go on.</p></body></html>"
    records = read_bytes(
        record(response(b"GIF89a", "image/gif"), url="https://a.example/1.gif")
        + record(response(b"gone", status="404 Not Found"), url="https://a.example/gone")
        + record(response(thin), url="https://a.example/login")
        + record(response(PAGE.encode()), url="https://a.example/")
        + record(b"no http at all", url="https://a.example/odd")
        + record(response(PAGE.encode()))
    )
    reasons = [skip.reason for skip in skips_in(records)]
    expected = ("not a page but image/gif", "answered 404", "not look like", "a front page", "HTTP")
    assert len(reasons) == 5
    assert all(part in reason for part, reason in zip(expected, reasons, strict=True))
    assert "https://a.example/1.gif" in reasons[0]
    assert len(articles_in(records)) == 1 and records[-1].line == 6


def test_an_odd_page_costs_itself_only() -> None:
    odd = record(response(PAGE.encode()), url="http://[odd/a")
    broken = PAGE.replace("og:title", "og:url").replace('content="Ferry', 'content="http://[x')
    records = read_bytes(odd + record(response(broken.encode())) + record(response(PAGE.encode())))
    assert [type(one).__name__ for one in records] == [
        "SkippedRecord",
        "ReadArticle",
        "ReadArticle",
    ]


def test_an_archive_that_breaks_off_yields_what_came_before() -> None:
    one = record(response(PAGE.encode()))
    for raw in (one * 3 + one[:-900], gzip.compress(one) * 3 + gzip.compress(one)[:-30]):
        records = read_bytes(raw)
        assert len(articles_in(records)) >= 3, records
        assert isinstance(records[-1], SkippedRecord), records[-1]


def test_a_bomb_in_a_body_is_told() -> None:
    bomb = io.BytesIO()
    with gzip.GzipFile(fileobj=bomb, mode="wb") as packed:
        packed.write(bytes(40 * 2**20))
    raw = record(response(bomb.getvalue(), more="Content-Encoding: gzip\r\n"))
    (skip,) = read_bytes(raw)
    assert isinstance(skip, SkippedRecord) and "more than any page" in skip.reason


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        (gzip.compress(PAGE.encode()), "x-gzip"),
        (gzip.compress(PAGE.encode()), ""),
        (gzip.compress(gzip.compress(PAGE.encode())), "gzip"),
        (gzip.compress(PAGE.encode()), "gzip, br"),
        (zlib.compress(PAGE.encode()), "deflate"),
        (PAGE.encode(), "zstd"),
        (PAGE.encode(), "UTF-8"),
    ],
)
def test_a_page_is_unpacked_by_what_it_is(packed: bytes, says: str) -> None:
    more = f"Content-Encoding: {says}\r\n" if says else ""
    raw = record(response(packed, more=more)) + record(response(PAGE.encode()), url=f"{URL}-2")
    assert [article.id for article in articles_in(read_bytes(raw))] == [URL, f"{URL}-2"]
