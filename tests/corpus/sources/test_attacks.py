"""Files made to read what they must not, to fill the memory, or to take for ever."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus.sources.formats.test_feed import RSS
from tests.corpus.sources.formats.test_news_xml import NITF, item
from tests.corpus.sources.reading import (
    STORY,
    articles_in,
    only_article,
    only_skip,
    read_bytes,
    skips_in,
)

# Of processor time, which other work does not lengthen; far from what any of these takes.
MAX_S = 10.0
LAUGHS = "<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < MAX_S


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        yield server
        with pytest.raises(TimeoutError):
            server.accept()


def with_doctype(document: str, root: str, subset: str) -> bytes:
    """Declare entities in a document, and use the first after the first headline."""
    body = document[document.index(f"<{root}") :]
    for tag in ("</hl1>", "</headline>", "</title>"):
        body = body.replace(tag, f"&a11;&x;{tag}", 1)
    return f"<!DOCTYPE {root} [{subset}]>{body}".encode()


DOCUMENTS = [(NITF, "nitf"), (item(), "newsItem"), (RSS, "rss")]


@pytest.mark.parametrize(("document", "root"), DOCUMENTS)
def test_a_billion_laughs_stay_small(document: str, root: str) -> None:
    records = read_bytes(with_doctype(document, root, LAUGHS + "<!ENTITY x ''>"))
    assert records and all(len(a.text) + len(a.title) < 5000 for a in articles_in(records))


@pytest.mark.parametrize(("document", "root"), DOCUMENTS)
def test_no_entity_reads_a_file_or_calls_a_server(
    document: str, root: str, tmp_path: Path, listener: socket.socket
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("open sesame", encoding="utf-8")
    server = f"http://127.0.0.1:{listener.getsockname()[1]}/a.dtd"
    for subset in (
        f"<!ENTITY x SYSTEM '{secret.as_uri()}'>",
        f"<!ENTITY x SYSTEM '{server}'>",
        f"<!ENTITY % p SYSTEM '{server}'> %p;",
        f"<!ENTITY % p SYSTEM '{secret.as_uri()}'> %p;",
    ):
        assert "sesame" not in str(read_bytes(with_doctype(document, root, subset)))
    remote = document[document.index(f"<{root}") :]
    for doctype in (
        f"<!DOCTYPE {root} SYSTEM '{server}'>",
        f"<!DOCTYPE {root} PUBLIC 'p' '{server}'>",
    ):
        assert read_bytes((doctype + remote).encode())


def test_a_page_calls_no_server(listener: socket.socket) -> None:
    server = f"http://127.0.0.1:{listener.getsockname()[1]}"
    said = "".join(f"<p>The ferry sank, and witness {i} said so.</p>" for i in range(20))
    page = (
        f'<html><head><base href="{server}"><link rel="stylesheet" href="{server}/a.css">'
        f'<link rel="canonical" href="{server}/a"></head><body><article><img src="{server}/a.png">'
        f'<iframe src="{server}/f"></iframe><script src="{server}/s"></script>{said}</article>'
    )
    assert "witness 19" in only_article(page.encode()).text
    items = f"<item><title>T</title><link>{server}/a</link><description>It sank."
    ends = "</description></item></channel></rss>"
    feed = f"<rss version='2.0'><channel><link>{server}</link>{items}{ends}"
    assert only_article(feed.encode()).text == "It sank."


@pytest.mark.parametrize("tag", ["div", "p", "b", "span", "table", "ul", "font", "blockquote"])
def test_html_of_a_hundred_thousand_levels(tag: str) -> None:
    raw = b"<html><body>" + f"<{tag}>".encode() * 100_000 + STORY.encode()
    assert len(read_bytes(raw)) == 1
    deep = json.dumps({"text": f"<{tag}>" * 100_000 + STORY}).encode()
    assert len(read_bytes(deep)) == 1


@pytest.mark.parametrize("root", ["nitf", "newsItem", "rss", "feed"])
def test_xml_of_a_hundred_thousand_levels(root: str) -> None:
    assert skips_in(read_bytes(f"<{root}>".encode() + b"<a>" * 100_000))


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":', b'{"text": ['])
def test_json_of_a_hundred_thousand_levels(opening: bytes) -> None:
    for name in ("a.json", "a.jsonl"):
        assert not articles_in(read_bytes(opening * 100_000, name))


def test_a_text_too_long_for_any_article_is_told() -> None:
    text = "The ferry sank off Norhavn. " * 760_000
    assert "20000000 characters" in only_skip(f"Title\n{text}".encode()).reason
    assert "20000000 characters" in only_skip(json.dumps({"text": text}).encode()).reason
    assert "16 MiB" in only_skip(f"<html><body><p>{text}".encode()).reason
    assert skips_in(read_bytes(f"text,title\n{text},T\n".encode()))


@pytest.mark.parametrize(
    "raw",
    [
        b"<REUTERS " * 100_000,
        b"<REUTERS>" + b"<BODY " * 100_000 + b"</REUTERS>",
        b"<REUTERS>" * 100_000,
        b"T\n" + b"**a " * 100_000,
        b"T\n" + b"[" * 100_000,
        b"T\n" + b"![](" * 50_000,
        b"T\n" + b"```\n" * 50_000,
        b"---\n" + b"a: b\n" * 100_000,
        b"T\n" + b" \n" * 200_000 + b"x",
        b"T\n" + b"\t" * 500_000 + b"x",
        b"<!--" * 100_000,
        b"<?xml " * 100_000,
        b"<!DOCTYPE a [" + b"]" * 100_000,
        b"<html><meta " + b"charset" * 100_000,
        b"<html>" + b"<meta content=" * 50_000,
        b'text,title\n"' + b'a,"b\n' * 10_000,
        b"[" + b'{"a":1 "b"},' * 5_000,
        b"[" + b"1," * 200_000,
        b'[{"text":"' + b"x" * 3_000_000,
        b"<rss>" + b"<item><title>" * 20_000,
        b"<rss><channel>" + b"&lt;" * 50_000,
        b"<feed>" + b"<entry>" * 5_000,
        b"%PDF-1.7\n" + b"1 0 obj <<" * 50_000,
        b"%PDF-1.7\n" + b"[" * 100_000,
        b"WARC/1.0\r\n" * 50_000,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200\r\n",
        b"PK\x05\x06" + b"\0" * 8 + b"\xff" * 8 + b"\0\0",
    ],
    ids=range(27),
)
def test_what_is_made_to_take_for_ever_does_not(raw: bytes) -> None:
    assert read_bytes(raw)


def test_a_file_of_something_else_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.sources.dispatch._MAX_SKIPS_IN_A_ROW", 100)
    records = read_bytes(b'{"text": "It rained."}\n' + b'{"a": 1}\n' * 1000, "a.jsonl")
    assert len(articles_in(records)) == 1 and len(records) == 102
    assert "100 records in a row" in skips_in(records)[-1].reason


def test_nul_bytes_do_not_cost_a_story() -> None:
    said = STORY.replace("sank", "sa\0nk")
    for raw in (
        f"Title\n{said}".encode(),
        f"text,title\n{said.replace(',', '')},T\n".encode(),
        json.dumps({"text": said}).encode(),
        f"<REUTERS><BODY>{said}</BODY></REUTERS>".encode(),
        NITF.replace("sank", "sa\0nk").encode(),
        RSS.replace("sank", "sa\0nk").encode(),
    ):
        found = articles_in(read_bytes(raw))
        assert found and "The ferry Sula sank off Norhavn" in found[0].text


def test_odd_names_of_encodings_do_no_harm() -> None:
    for name in ("zip", "rot13", "idna", "utf-7", "unicode_escape", "base64", "x" * 30, "utf-16"):
        xml = NITF.replace('encoding="UTF-8"', f'encoding="{name}"')
        assert only_article(xml.encode()).text
        assert read_bytes(f"<html><meta charset={name}><body>{STORY}".encode())
