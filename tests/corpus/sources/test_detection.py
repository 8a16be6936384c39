import gzip

import pytest

from corpus.sources.detection import Format, Unknown, detect
from tests.corpus.sources.reading import only_article, only_skip

NITF = b'<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf><body/></nitf>'


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b'{"text": "a"}\n{"text": "b"}\n', Format.JSONL),
        (b'{"text": "a"}', Format.JSONL),
        (b'{not json\n{"text": "b"}\n{"text": "c"}\n', Format.JSONL),
        (b'{\n "text": "a"\n}', Format.JSON_DOCUMENT),
        (b'{"articles": [\n{"text": "a"}\n]}', Format.JSON_DOCUMENT),
        (b'\xef\xbb\xbf[ {"text": "a"}]', Format.JSON_ARRAY),
        (b"[Editor's note]\nIt rained.", Format.TEXT),
        (b"Date;Headline;Body\n2024-03-05;Rain;It rained.", Format.TABLE),
        (b"<SULA> sinks\nIt rained.", Format.TEXT),
        (b"Rain, again\nIt rained.", Format.TEXT),
        (b"---\ntitle: Rain\n---\nIt rained.", Format.TEXT),
        (b"<!-- saved -->\n<!doctype html><p>It rained.", Format.HTML),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>', Format.HTML),
        (b"<?xml version='1.0'?><?xml-stylesheet href='a'?><rss version='2.0'>", Format.FEED),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", Format.FEED),
        (b"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'>", Format.NEWSML),
        (b"<nar:newsMessage xmlns:nar='http://iptc.org/std/nar/2006-10-01/'>", Format.NEWSML),
        (NITF, Format.NITF),
        (b'<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS NEWID="1">', Format.SGML),
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", Format.WARC),
        (b"%PDF-1.7\n", Format.PDF),
        (b"PK\x03\x04rest", Format.ZIP),
        ("Rain\nÉté à Orvale.".encode("utf-16"), Format.TEXT),
    ],
)
def test_the_format_is_told_by_the_content(head: bytes, known: Format) -> None:
    for name in ("file", "wrong.pdf", "page.html.bak"):
        assert detect(head, name) is known


@pytest.mark.parametrize(
    ("head", "name", "reason"),
    [
        (b"", "a.jsonl", "empty"),
        (b" \n\t", "a.txt", "empty"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", "a picture (PNG)"),
        (b"\x00\x01\x02\x03" * 20, "a.txt", "not a format that is read here"),
        (b"<?xml version='1.0'?><recipe>", "a.html.xml", "XML with the root <recipe>"),
        (b"<recipe><step>Stir.</step></recipe>", "a", "XML with the root <recipe>"),
        (b"body { color: red }", "style.css", "not a story"),
    ],
)
def test_what_is_no_source_is_told_why(head: bytes, name: str, reason: str) -> None:
    found = detect(head, name)
    assert isinstance(found, Unknown) and reason in found


def test_the_name_decides_where_the_content_leaves_it_open() -> None:
    assert detect(b"a,b\n1,2\n", "a.csv") is Format.TABLE
    assert detect(b"a,b\n1,2\n", "a.txt") is Format.TEXT
    assert detect(b"{broken\n", "a.jsonl") is Format.JSONL


def test_a_wrong_name_and_no_name_read_the_same() -> None:
    raw = b'{"headline": "Rain", "body": "It rained."}\n'
    assert only_article(raw, "a.html") == only_article(gzip.compress(raw), "b")


def test_a_skip_can_be_printed_whatever_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    skip = only_skip(b"\x7fELF", "a")
    assert "a program" in str(skip)
