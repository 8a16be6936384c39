"""Damage to any one record of any format costs that record: all others arrive."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpus.sources.formats.test_warc import PAGE, record, response
from tests.corpus.sources.reading import articles_in, read_bytes

N = 7
STORY = "The ferry number {n} sank off Norhavn on Tuesday, and nine people were rescued."


def story(n: int) -> str:
    return STORY.format(n=n)


def as_object(n: int) -> str:
    people = [{"name": "Ana Ruiz"}, {"name": "Dov Pruett"}]
    return json.dumps({"id": f"a{n}", "title": f"T{n}", "text": story(n), "authors": people})


def as_item(n: int) -> str:
    return (
        f"<item><title>T{n}</title><guid>g{n}</guid><description><![CDATA[{story(n)}]]>"
        "</description></item>"
    )


def as_entry(n: int) -> str:
    return f"<entry><title>T{n}</title><id>g{n}</id><content>{story(n)}</content></entry>"


def as_news_item(n: int) -> str:
    return (
        f'<newsItem guid="urn:x:{n}"><itemMeta><itemClass qcode="ninat:text"/></itemMeta>'
        f"<contentMeta><headline>T{n}</headline></contentMeta><contentSet><inlineXML><p>{story(n)}"
        "</p></inlineXML></contentSet></newsItem>"
    )


def as_sgml(n: int) -> str:
    return f'<REUTERS NEWID="{n}"><TITLE>T{n}</TITLE><BODY>{story(n)}</BODY></REUTERS>\n'


def as_row(n: int) -> str:
    return f'a{n},T{n},"{story(n)}"\r\n'


Whole = Callable[[list[str]], bytes]
WHOLE: dict[str, tuple[Callable[[int], str], Whole]] = {
    "lines": (as_object, lambda parts: "\n".join(parts).encode()),
    "array": (as_object, lambda parts: f"[{', '.join(parts)}]".encode()),
    "spread array": (as_object, lambda parts: "[\n{}\n]".format(",\n".join(parts)).encode()),
    "document": (as_object, lambda parts: f'{{"ok": 1, "articles": [{",".join(parts)}]}}'.encode()),
    "rss": (
        as_item,
        lambda parts: (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>P</title>'
            f"{''.join(parts)}</channel></rss>"
        ).encode(),
    ),
    "atom": (
        as_entry,
        lambda parts: (
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>{"".join(parts)}</feed>'
        ).encode(),
    ),
    "newsml": (
        as_news_item,
        lambda parts: (
            '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet>'
            f"{''.join(parts)}</itemSet></newsMessage>"
        ).encode(),
    ),
    "sgml": (as_sgml, lambda parts: "".join(parts).encode()),
    "table": (as_row, lambda parts: ("id,title,text\r\n" + "".join(parts)).encode()),
}
# What people's tools do to a record: it is cut short, loses a sign, or gets one too many.
DAMAGE: dict[str, Callable[[str], str]] = {
    "cut short": lambda part: part[: len(part) * 2 // 3],
    "without its end": lambda part: part[:-9],
    "a sign too many": lambda part: part[:30] + '"<&' + part[30:],
    "control characters": lambda part: part[:25] + "\0\1\2" + part[25:],
    "gone": lambda part: "",
}


def arrived(raw: bytes) -> set[int]:
    texts = [article.text for article in articles_in(read_bytes(raw))]
    return {n for n in range(N) if story(n) in texts}


@pytest.mark.parametrize("fmt", WHOLE)
@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("bad", [0, 3, N - 1])
def test_all_others_arrive(fmt: str, damage: str, bad: int) -> None:
    make, whole = WHOLE[fmt]
    parts = [make(n) for n in range(N)]
    assert arrived(whole(parts)) == set(range(N))
    parts[bad] = DAMAGE[damage](parts[bad])
    if fmt == "table" and parts[bad]:
        # Two rows on one line are both lost.
        parts[bad] = parts[bad].rstrip("\r\n") + "\r\n"
    if not parts[bad]:
        parts.pop(bad)
    assert arrived(whole(parts)) >= set(range(N)) - {bad}


@given(st.sampled_from(sorted(WHOLE)), st.integers(0, N - 1), st.data())
def test_any_cut_in_a_record_costs_that_record(fmt: str, bad: int, data: st.DataObject) -> None:
    make, whole = WHOLE[fmt]
    parts = [make(n) for n in range(N)]
    end = data.draw(st.integers(1, len(parts[bad]) - 1))
    # A cell in quotes goes on in the next line: of a table the line's end is not cut.
    parts[bad] = parts[bad][:end].rstrip("\r\n") + ("\r\n" if fmt == "table" else "")
    assert arrived(whole(parts)) >= set(range(N)) - {bad}


@given(st.sampled_from(sorted(WHOLE)), st.integers(1, N - 1), st.data())
def test_anything_lost_in_a_record_costs_that_record(
    fmt: str, bad: int, data: st.DataObject
) -> None:
    # Not of the first record: with its beginning a file may lose what it is told by.
    make, whole = WHOLE[fmt]
    parts = [make(n) for n in range(N)]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(parts[bad]))] * 2)))
    parts[bad] = (parts[bad][:start] + parts[bad][end:]).rstrip("\r\n")
    parts[bad] += "\r\n" if fmt == "table" else ""
    assert arrived(whole(parts)) >= set(range(N)) - {bad}


@pytest.mark.parametrize("fmt", ["document", "array", "lines"])
@pytest.mark.parametrize("bad", [0, 3, N - 1])
def test_every_cut_of_an_object_costs_that_object(fmt: str, bad: int) -> None:
    # Cut within its list of authors, an object takes those behind it for authors.
    make, whole = WHOLE[fmt]
    parts = [make(n) for n in range(N)]
    for end in range(1, len(parts[bad])):
        cut = [*parts[:bad], parts[bad][:end], *parts[bad + 1 :]]
        assert arrived(whole(cut)) >= set(range(N)) - {bad}, end


def test_json_lines_that_begin_in_the_middle_of_one_are_read() -> None:
    lines = "\n".join(as_object(n) for n in range(N)).encode()
    assert arrived(lines[40:]) == set(range(1, N))


def test_arrays_one_after_the_other_are_all_read() -> None:
    both = f"[{as_object(0)}, {as_object(1)}]\n[{as_object(2)}]".encode()
    assert arrived(both) == {0, 1, 2}


# Archives of files and of responses.

HEADS = range(N)


def page(n: int) -> bytes:
    return PAGE.replace("Ferry sinks", f"Ferry {n} sinks").encode()


def titles(raw: bytes) -> set[int]:
    found = {article.title for article in articles_in(read_bytes(raw, "a"))}
    return {n for n in range(N) if f"Ferry {n} sinks" in found}


def as_response(n: int, more: str = "") -> bytes:
    return record(response(page(n), more=more), url=f"https://a.example/{n}/ferry")


LIES = {
    "says gzip": lambda n: as_response(n, "Content-Encoding: gzip\r\n"),
    "says brotli": lambda n: as_response(n, "Content-Encoding: br\r\n"),
    "says chunked": lambda n: as_response(n, "Transfer-Encoding: chunked\r\n"),
    "says both": lambda n: as_response(
        n, "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
    ),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("bad", [0, 3, N - 1])
def test_a_response_that_lies_of_its_encoding_is_read_as_it_stands(lie: str, bad: int) -> None:
    records = [as_response(n) for n in range(N)]
    records[bad] = LIES[lie](bad)
    assert titles(b"".join(records)) == set(range(N))
    assert titles(b"".join(map(gzip.compress, records))) == set(range(N))


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "too long": lambda raw: raw.replace(b"Content-Length: ", b"Content-Length: 9", 1),
    "too short": lambda raw: raw.replace(b"Content-Length: ", b"Content-Length: 0000", 1)[:-200],
    "no length": lambda raw: raw.replace(b"Content-Length: ", b"Content-Lenght: ", 1),
    "odd length": lambda raw: raw.replace(b"Content-Length: ", b"Content-Length: x", 1),
    "no head": lambda raw: raw[5:],
    "cut": lambda raw: raw[: len(raw) // 2],
    "empty": lambda raw: b"",
}


@pytest.mark.parametrize("damage", BROKEN)
@pytest.mark.parametrize("bad", [0, 3, N - 1])
def test_a_damaged_record_of_a_web_archive_costs_itself(damage: str, bad: int) -> None:
    records = [as_response(n) for n in range(N)]
    records[bad] = BROKEN[damage](records[bad])
    if bad == 0 and not records[bad].startswith(b"WARC/"):
        # What a file is, is told by its first bytes.
        records.insert(0, record(b"software: x\r\n", "warcinfo"))
    assert titles(b"".join(records)) >= set(range(N)) - {bad}


@pytest.mark.parametrize("at", [0, 12, 400, -6])
@pytest.mark.parametrize("bad", [1, 3, N - 1])
def test_a_damaged_member_of_gzip_costs_its_record(at: int, bad: int) -> None:
    members = [bytearray(gzip.compress(as_response(n))) for n in range(N)]
    members[bad][at] ^= 0xFF
    assert titles(b"".join(map(bytes, members))) >= set(range(N)) - {bad}


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(N):
            archive.writestr(f"{n}.html", page(n))
    return out.getvalue()


def tarred() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for n in range(N):
            info = tarfile.TarInfo(f"{n}.html")
            info.size = len(page(n))
            archive.addfile(info, io.BytesIO(page(n)))
    return out.getvalue()


@pytest.mark.parametrize("bad", [1, 3, N - 1])
def test_a_damaged_file_in_a_zip_costs_itself(bad: int) -> None:
    whole = zipped()
    assert titles(whole) == set(range(N))
    at = whole.index(f"{bad}.html".encode())
    # Its head, its name, its bytes.
    for where in (at - 30, at - 20, at + 40):
        raw = bytearray(whole)
        raw[where] ^= 0xFF
        assert titles(bytes(raw)) >= set(range(N)) - {bad}


@pytest.mark.parametrize("bad", [0, 3, N - 1])
def test_a_zip_whose_list_is_damaged_is_read_by_its_files(bad: int) -> None:
    raw = bytearray(zipped())
    raw[raw.rindex(f"{bad}.html".encode()) - 46] ^= 0xFF
    assert titles(bytes(raw)) == set(range(N))
    assert titles(bytes(raw[: raw.index(b"PK\x01\x02")])) == set(range(N))


@pytest.mark.parametrize("bad", [1, 3, N - 1])
def test_a_damaged_head_in_a_tar_costs_its_file(bad: int) -> None:
    whole = tarred()
    at = whole.index(f"{bad}.html".encode())
    for where in (at, at + 130, at + 150):
        raw = bytearray(whole)
        raw[where] ^= 0x01
        assert titles(bytes(raw)) == set(range(N)) - {bad}
        assert titles(gzip.compress(bytes(raw))) == set(range(N)) - {bad}
