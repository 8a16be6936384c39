"""Each format by each promise: names stay, the unpublished stays out, bad fields and records cost
only themselves. Every cell is a real file of that format, made here."""

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import pytest

from corpus.processes import Processes
from corpus.sources import Policy, ReadArticle, Reading, SkippedRecord, find_records
from index.building.builder import Builder
from tests.corpus.sources.formats.test_pdf import drawn
from tests.corpus.sources.formats.test_warc import record, response

N = 4
TEXT = "The ferry number {} sank off Norhavn on Tuesday, and nine people were rescued from it."
MORE = "The coast guard said in the evening that the hull had cracked in a storm at sea."


@dataclass(frozen=True, slots=True)
class Item:
    n: int
    date: str = "2024-03-05"
    is_draft: bool = False

    @property
    def own(self) -> str:
        return f"2024/03/ferry {self.n} för"

    @property
    def text(self) -> str:
        return TEXT.format(self.n)

    @property
    def url(self) -> str:
        return f"https://a.example/2024/ferry-{self.n}"


Files = dict[str, bytes]
Make = Callable[[Sequence[Item]], Files]
Cut = Callable[[bytes], bytes]


def as_object(item: Item) -> dict[str, object]:
    return {
        "id": item.own,
        "title": f"Ferry {item.n}",
        "text": item.text,
        "date": item.date,
        "source": "Harbour Post",
        "status": "draft" if item.is_draft else "publish",
    }


def jsonl(items: Sequence[Item]) -> Files:
    return {"a.jsonl": b"\n".join(json.dumps(as_object(item)).encode() for item in items)}


def array(items: Sequence[Item]) -> Files:
    return {"a.json": json.dumps([as_object(item) for item in items]).encode()}


def document(items: Sequence[Item]) -> Files:
    held = {"status": "ok", "articles": [as_object(item) for item in items]}
    return {"a.json": json.dumps(held, indent=1).encode()}


def json_feed(items: Sequence[Item]) -> Files:
    held = [
        {
            "id": item.own,
            "title": f"Ferry {item.n}",
            "content_text": item.text,
            "date_published": item.date,
            "_state": {"x": 1},
            "draft": item.is_draft,
        }
        for item in items
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "items": held}
    return {"feed.json": json.dumps(feed, indent=1).encode()}


def ninjs(items: Sequence[Item]) -> Files:
    return {
        "a.jsonl": b"\n".join(
            json.dumps(
                {
                    "uri": item.own,
                    "type": "text",
                    "headline": f"Ferry {item.n}",
                    "body_text": item.text,
                    "versioncreated": item.date,
                    "pubstatus": "withheld" if item.is_draft else "usable",
                }
            ).encode()
            for item in items
        )
    }


def table(items: Sequence[Item]) -> Files:
    rows = [
        f'{item.own};Ferry {item.n};"{item.text}";{item.date};{str(not item.is_draft).lower()}'
        for item in items
    ]
    return {"a.csv": "\r\n".join(["sep=;", "id;title;text;date;published", *rows]).encode()}


def markdown(items: Sequence[Item]) -> Files:
    return {
        f"{item.n}.md": (
            f"---\ntitle: Ferry {item.n}\nid: {item.own}\ndate: {item.date}\n"
            f"draft: {str(item.is_draft).lower()}\n---\n{item.text}\n"
        ).encode()
        for item in items
    }


def page(item: Item) -> str:
    robots = '<meta name="robots" content="noindex">' if item.is_draft else ""
    return (
        f'<html lang="en"><head><title>Ferry {item.n}</title>{robots}'
        f'<link rel="canonical" href="{item.url}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{item.date}"></head><body><article>'
        f"<h1>Ferry {item.n}</h1><p>{item.text}</p><p>{MORE}</p></article></body></html>"
    )


def html(items: Sequence[Item]) -> Files:
    return {f"{item.n}.html": page(item).encode() for item in items}


def warc(items: Sequence[Item]) -> Files:
    parts = [record(response(page(item).encode()), url=item.url) for item in items]
    return {"a.warc": record(b"software: x\r\n", "warcinfo") + b"".join(parts)}


def rss(items: Sequence[Item]) -> Files:
    parts = "".join(
        f"<item><title>Ferry {item.n}</title><guid isPermaLink='false'>{escape(item.own)}</guid>"
        f"<link>https://a.example/bulletins</link><pubDate>{item.date}</pubDate>"
        f"<description>{item.text}</description>"
        f"<wp:status>{'private' if item.is_draft else 'publish'}</wp:status></item>"
        for item in items
    )
    head = '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    return {"a.xml": f"{head}<title>Harbour Post</title>{parts}</channel></rss>".encode()}


def atom(items: Sequence[Item]) -> Files:
    parts = "".join(
        f"<entry><title>Ferry {item.n}</title><id>{escape(item.own)}</id>"
        f"<published>{item.date}</published><content>{item.text}</content><app:control><app:draft>"
        f"{'yes' if item.is_draft else 'no'}</app:draft></app:control></entry>"
        for item in items
    )
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app">'
    return {"a.xml": f"{head}<title>Harbour Post</title>{parts}</feed>".encode()}


def newsml(items: Sequence[Item]) -> Files:
    parts = "".join(
        f'<newsItem guid="{escape(item.own)}"><itemMeta><itemClass qcode="ninat:text"/>'
        f'<pubStatus qcode="stat:{"canceled" if item.is_draft else "usable"}"/>'
        f"<firstCreated>{item.date}</firstCreated></itemMeta><contentMeta><headline>Ferry {item.n}"
        f"</headline></contentMeta><contentSet><inlineXML><p>{item.text}</p></inlineXML>"
        "</contentSet></newsItem>"
        for item in items
    )
    head = '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet>'
    return {"a.xml": f"{head}{parts}</itemSet></newsMessage>".encode()}


def nitf(items: Sequence[Item]) -> Files:
    return {
        f"{item.n}.xml": (
            f"<nitf><head><title>Ferry {item.n}</title><docdata management-status="
            f'"{"withheld" if item.is_draft else "usable"}">'
            f'<doc-id id-string="{escape(item.own)}"/><date.issue norm="{item.date}"/></docdata>'
            "</head><body><body.content>"
            f"<p>{item.text}</p></body.content></body></nitf>"
        ).encode()
        for item in items
    }


def sgml(items: Sequence[Item]) -> Files:
    return {
        "a.sgm": "\n".join(
            f'<REUTERS NEWID="{item.n}" STATUS="{"WITHDRAWN" if item.is_draft else "LIVE"}">'
            f"<DATE>{item.date}</DATE><TITLE>Ferry {item.n}</TITLE><BODY>{item.text}</BODY>"
            "</REUTERS>"
            for item in items
        ).encode()
    }


def pdf(items: Sequence[Item]) -> Files:
    return {
        f"{item.n}.pdf": drawn(
            f"BT /F1 12 Tf 14 TL 72 720 Td (Ferry {item.n}) Tj T* ({item.text}) Tj T* "
            f"({MORE}) Tj ET",
            f"/CreationDate (D:{item.date.replace('-', '')}) "
            + ("/Status (Draft)" if item.is_draft else ""),
        )
        for item in items
    }


def zipped(items: Sequence[Item]) -> Files:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in html(items).items():
            archive.writestr(name, raw)
    return {"a.zip": out.getvalue()}


def tarred(items: Sequence[Item]) -> Files:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, raw in html(items).items():
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return {"a.tar": out.getvalue()}


@dataclass(frozen=True, slots=True)
class Format:
    """How files of it are made, what their articles are called, and a date that it cannot hold.

    `damage` spoils what stands for one item.
    """

    make: Make
    called: Callable[[Item], str]
    bad_date: str = "31 Feb 2024"

    def write(self, folder: Path, items: Sequence[Item]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, raw in self.make(items).items():
            (folder / name).write_bytes(raw)


def own(item: Item) -> str:
    return item.own


def of_feed(item: Item) -> str:
    return f"Harbour Post/{item.own}"


def address(item: Item) -> str:
    return item.url


FORMATS = {
    "JSON lines": Format(jsonl, own),
    "JSON array": Format(array, own),
    "JSON document": Format(document, own),
    "JSON Feed": Format(json_feed, of_feed),
    "ninjs": Format(ninjs, own),
    "table": Format(table, own),
    "Markdown": Format(markdown, own),
    "HTML": Format(html, address),
    "WARC": Format(warc, address),
    "RSS": Format(rss, of_feed),
    "Atom": Format(atom, of_feed),
    "NewsML-G2": Format(newsml, own),
    "NITF": Format(nitf, own),
    "SGML": Format(sgml, lambda item: f"reuters-{item.n}"),
    # A PDF names itself nowhere: it is called by its place.
    "PDF": Format(pdf, lambda item: f"news/{item.n}.pdf", "2024-02-31"),
    "ZIP": Format(zipped, address),
    "TAR": Format(tarred, address),
}
ITEMS = [Item(n) for n in range(N)]
each_format = pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS)


Found = tuple[list[ReadArticle], list[SkippedRecord]]
Read = Callable[..., Found]


@pytest.fixture
def read(page_readers: Processes) -> Read:
    def read(folder: Path, policy: Policy | None = None) -> Found:
        reading = Reading(policy=policy or Policy())
        records = list(find_records([folder], reading, processes=page_readers))
        found = [one for one in records if isinstance(one, ReadArticle)]
        return found, [one for one in records if isinstance(one, SkippedRecord)]

    return read


@each_format
def test_what_arrives_keeps_its_name(
    fmt: Format,
    read: Read,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_builder: Callable[[], Builder],
) -> None:
    fmt.write(tmp_path / "news", ITEMS)
    found, skips = read(tmp_path / "news")
    ids = [one.article.id for one in found]
    assert ids == [fmt.called(item) for item in ITEMS] and not skips
    # However the command was typed.
    monkeypatch.chdir(tmp_path / "news")
    assert [one.article.id for one in read(Path())[0]] == ids
    # And it is removed by the name it has where it comes from.
    make_builder().build([one.article for one in found])
    names = [item.own if fmt.called in (own, of_feed) else fmt.called(item) for item in ITEMS]
    assert make_builder().remove(names[1:]).removed == N - 1


@each_format
def test_what_is_not_published_stays_out(fmt: Format, read: Read, tmp_path: Path) -> None:
    items = [replace(item, is_draft=item.n == 1) for item in ITEMS]
    fmt.write(tmp_path / "news", items)
    found, skips = read(tmp_path / "news")
    assert [one.article.title for one in found] == ["Ferry 0", "Ferry 2", "Ferry 3"]
    (skip,) = skips
    assert skip.kind == "unpublished" and skip.reason.startswith("not published")
    everything, none = read(tmp_path / "news", Policy(include_unpublished=True))
    assert len(everything) == N and not none


@each_format
def test_a_bad_field_costs_that_field(fmt: Format, read: Read, tmp_path: Path) -> None:
    items = [replace(item, date=fmt.bad_date if item.n == 2 else item.date) for item in ITEMS]
    fmt.write(tmp_path / "news", items)
    found, skips = read(tmp_path / "news")
    assert len(found) == N and not skips
    good, bad = [one for one in found if one.article.title != "Ferry 2"], found[2]
    assert {one.article.published for one in good} == {"2024-03-05"}
    assert not any(one.unread for one in good)
    (unread,) = bad.unread
    assert bad.article.published is None and unread.field == "published"
    assert unread.value.strip("D:") == fmt.bad_date.replace("-", "") or unread.value == fmt.bad_date
    assert unread.why == "there is no such day or time"


@each_format
@pytest.mark.parametrize("bad", [0, 2])
def test_a_bad_record_costs_that_record(fmt: Format, read: Read, bad: int, tmp_path: Path) -> None:
    fmt.write(tmp_path / "news", ITEMS)
    files = sorted((tmp_path / "news").iterdir())
    if len(files) == N:
        # A file is a record: half of one, and then noise.
        raw = files[bad].read_bytes()
        files[bad].write_bytes(raw[: len(raw) // 2] + bytes(range(256)) * 4)
    else:
        # The first sign of its story is lost, and with it the tag, quote or head around it.
        raw = files[0].read_bytes()
        at = raw.index(f"Ferry {bad}".encode())
        files[0].write_bytes(raw[: at - 1] + b"\0" + raw[at:])
    titles = {one.article.title for one in read(tmp_path / "news")[0]}
    assert titles >= {f"Ferry {n}" for n in range(N)} - {f"Ferry {bad}"}
