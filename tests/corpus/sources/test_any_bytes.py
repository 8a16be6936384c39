"""Whatever the bytes are, articles and skips come out, never an exception."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sources import ReadArticle, SkippedRecord
from tests.corpus.sources.reading import Records, articles_in, read_bytes
from tests.corpus.sources.samples import SAMPLES

# Mistakes of our own, which the reading of files must not hide. What libraries raise on damaged
# bytes is theirs.
_MISTAKE = re.compile(r"\b(Type|Attribute|Key|Index|Name|Assertion|Value|Unicode\w*)Error\b")
_LIBRARIES = ("pdf", "rss", "atom", "html", "warc", "warc.gz", "zip", "tar", "tar.gz")
_NAMES = ("a", "a.csv", "a.jsonl", "a.md", "a.xml")
_MARKS = (
    *(b"{", b"[", b"[{", b'{"text":', b"---\n", b"+++\n", b"text,title\n", b"<REUTERS>"),
    *(b"<rss>", b"<feed ", b"<nitf>", b"<html>", b"<newsItem>", b"<newsMessage", b"%PDF-1.4\n"),
    *(b"WARC/1.0\r\n", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"),
    *(b"BZh9", b"\xfd7zXZ\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"),
    b'<?xml version="1.0" encoding="utf-7"?><rss>',
)
_NASTY = (
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"&", b"<", b"]]>", b"--", b'"', b"\\", b"\\ud800", b"{"),
    *(b"null", b"[]", b"-1", b"99999999999999999999", b"&#0;", b"&nbsp;", b"<![CDATA[", b"\r"),
)


def check(records: Records, fmt: str = "") -> None:
    for record in records:
        if isinstance(record, ReadArticle):
            article = record.article
            stated = (article.url, article.source, article.language, article.section)
            parts = (article.id, article.title, article.text, record.file, *article.authors)
            assert article.text.strip() and article.id
            for part in (*parts, *filter(None, stated)):
                assert part.encode() is not None
        else:
            assert isinstance(record, SkippedRecord)
            assert str(record).isprintable() and record.reason
            assert fmt in _LIBRARIES or not _MISTAKE.search(record.reason), record


@pytest.mark.parametrize("fmt", SAMPLES)
def test_the_samples_are_sound(fmt: str) -> None:
    records = read_bytes(SAMPLES[fmt], "sample")
    assert records and len(articles_in(records)) == len(records)


@settings(max_examples=100)
@given(raw=st.binary(max_size=300), name=st.sampled_from(_NAMES))
def test_any_bytes(raw: bytes, name: str) -> None:
    check(read_bytes(raw, name))


@settings(max_examples=100)
@given(st.sampled_from(_MARKS), st.binary(max_size=200))
def test_any_bytes_after_the_mark_of_a_format(mark: bytes, rest: bytes) -> None:
    check(read_bytes(mark + rest))


@pytest.mark.parametrize("fmt", SAMPLES)
@settings(max_examples=20)
@given(data=st.data())
def test_any_damage_to_a_sound_file(fmt: str, data: st.DataObject) -> None:
    raw = bytearray(SAMPLES[fmt])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.sampled_from((0, 0, 1, 4, 40, len(raw))))
        raw[at : at + cut] = data.draw(st.binary(max_size=12) | st.sampled_from(_NASTY))
    check(read_bytes(bytes(raw)), fmt)
