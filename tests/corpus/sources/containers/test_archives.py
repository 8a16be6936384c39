import gzip
import io
import json
import tarfile
import zipfile

import pytest

from tests.corpus.sources.reading import (
    STORY,
    articles_in,
    only_article,
    only_skip,
    read_bytes,
    skips_in,
)

LINE = json.dumps({"id": "line", "title": "Line", "text": STORY}).encode()
FILES = {
    "news/world news/ferry.txt": f"Ferry\n{STORY}".encode(),
    "news/lines.jsonl.gz": gzip.compress(LINE),
    "news/page.md": f"# Page\n{STORY}".encode(),
}


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return out.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, raw in files.items():
            header = tarfile.TarInfo(name)
            header.size = len(raw)
            archive.addfile(header, io.BytesIO(raw))
    return out.getvalue()


@pytest.mark.parametrize(
    "raw", [zipped(FILES), tarred(FILES), tarred(FILES, "w:gz"), tarred(FILES, "w:xz")]
)
def test_the_files_in_an_archive_are_read_in_order(raw: bytes) -> None:
    found = articles_in(read_bytes(raw, "all"))
    assert [(article.title, article.section) for article in found] == [
        ("Ferry", "world news"),
        ("Line", None),
        ("Page", None),
    ]
    assert {article.text for article in found} == {STORY}


def test_a_pattern_says_which_files_are_wanted() -> None:
    for pattern in ("*.txt", "news/*.txt", "ferry.*"):
        (found,) = articles_in(read_bytes(tarred(FILES), glob=pattern))
        assert found.title == "Ferry"


def test_an_archive_in_an_archive_but_no_deeper() -> None:
    inner = zipped({"a.txt": f"Ferry\n{STORY}".encode()})
    assert only_article(tarred({"inner.zip": inner})).title == "Ferry"
    deep = only_skip(zipped({"outer.tar": tarred({"inner.zip": inner})}))
    assert "unpack the outer one first" in deep.reason
    assert deep.file == "file/outer.tar/inner.zip"


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "C:\\out.txt"])
def test_no_path_leaves_the_archive(name: str) -> None:
    for raw in (zipped({name: LINE}), tarred({name: LINE})):
        assert "leads out" in only_skip(raw).reason


def test_links_and_devices_are_skipped() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            header = tarfile.TarInfo("link.txt")
            header.type, header.linkname = kind, "/etc/passwd"
            archive.addfile(header)
    records = read_bytes(out.getvalue())
    assert len(skips_in(records)) == 4 and not articles_in(records)


def test_what_systems_leave_behind_is_passed_over() -> None:
    files = {"__MACOSX/._a.txt": b"x", "news/.DS_Store": b"x", "README.txt": b"About\nus."}
    records = read_bytes(zipped(files | {"news/a.txt": f"Ferry\n{STORY}".encode()}))
    assert len(articles_in(records)) == 1
    assert [skip.file for skip in skips_in(records)] == ["file/README.txt"]


def test_a_bad_file_costs_itself_only() -> None:
    raw = bytearray(zipped({"a.txt": f"A\n{STORY}".encode(), "b.txt": f"B\n{STORY}".encode()}))
    raw[45] ^= 0xFF
    records = read_bytes(bytes(raw))
    assert [article.title for article in articles_in(records)] == ["B"]
    assert skips_in(records)[0].file == "file/a.txt"


def test_an_archive_that_breaks_off_yields_what_came_before() -> None:
    files = {f"{i}.txt": f"T{i}\n{STORY}".encode() for i in range(9)}
    tar = tarred(files)
    records = read_bytes(tar[: 512 * 2 * 7 + 100])
    assert len(articles_in(records)) == 7 and skips_in(records)
    compressed = gzip.compress(tar)
    records = read_bytes(compressed[: len(compressed) - 40])
    assert articles_in(records) and skips_in(records)
    records = read_bytes(zipped(files)[:-60])
    assert len(articles_in(records)) == 9
    assert "list of its files cannot be read" in skips_in(records)[0].reason


def test_office_documents_and_encrypted_files_are_told() -> None:
    assert "Office" in only_skip(zipped({"[Content_Types].xml": b"<a/>", "w/d.xml": b""})).reason
    raw = bytearray(zipped({"a.txt": LINE}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + at] |= 1
    assert "encrypted" in only_skip(bytes(raw)).reason


def test_bombs_are_told_and_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.sources.containers.streams._FREE_BYTES", 2**20)
    bomb = b"Title\n" + b"a" * 3 * 2**20
    for raw in (gzip.compress(bomb), zipped({"a.txt": bomb}), tarred({"a.txt": bomb}, "w:gz")):
        records = read_bytes(raw)
        assert not articles_in(records)
        assert any("only bombs do" in skip.reason for skip in skips_in(records))
    layers = read_bytes(gzip.compress(gzip.compress(bomb, 0)))
    assert "only bombs do" in skips_in(layers)[0].reason
    nested = zipped({"bomb.txt.gz": gzip.compress(bomb), "after.txt": f"A\n{STORY}".encode()})
    assert [article.title for article in articles_in(read_bytes(nested))] == ["A"]
