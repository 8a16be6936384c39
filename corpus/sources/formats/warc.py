"""The only door to fastwarc: the article pages in a web archive, such as those of CC-NEWS."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from corpus.sources.containers.streams import READ_ERRORS
from corpus.sources.entry import Entry
from corpus.sources.formats.html import Page, page_task
from corpus.sources.formats.warc_frames import Frame, read_frames
from corpus.sources.reasons import because, plain
from corpus.sources.record import SkippedRecord
from corpus.sources.task import Task

__all__ = ["read_warc"]

_MAX_PAGE_BYTES = 16 * 1024 * 1024
_HTML = ("text/html", "application/xhtml+xml")
_OK = 200
_HEAD = (
    "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
    "Content-Length: {}\r\n\r\n"
)
_Decoding = Literal["all", "content", "transfer", "none"]
# What headers say of a body's encoding may have been undone already, in part or wholly.
_DECODINGS: tuple[_Decoding, ...] = ("all", "content", "transfer", "none")
_GZIP = b"\x1f\x8b\x08"
_PACKED = (_GZIP, b"\x28\xb5\x2f\xfd")
_MAX_LAYERS = 2


@dataclass(frozen=True, slots=True)
class _Response:
    """A page as the server sent it, unpacked, and what it said of it."""

    body: bytes
    charset: str | None
    language: str | None
    robots: str | None


def read_warc(entry: Entry) -> Iterator[SkippedRecord | Task]:
    """Yield a task or a skip for each response; other records are about the crawl.

    Responses are counted from 1. An archive that breaks off yields what came before, then a skip.
    """
    number = 0
    try:
        for frame in read_frames(entry.stream):
            if frame.kind == "response" or (frame.wrong and not frame.kind):
                number += 1
                yield _read_response(frame, entry, number)
    except READ_ERRORS as error:
        yield SkippedRecord(
            entry.name, number + 1, f"the archive is not read from here: {because(error)}"
        )
        return
    if not number:
        yield SkippedRecord(entry.name, None, "the archive holds no response")


def _read_response(frame: Frame, entry: Entry, number: int) -> SkippedRecord | Task:
    url = plain(frame.headers.get("warc-target-uri", "")).strip("<>") or None
    where = f" ({url[:200]})" if url else ""
    found = frame.wrong or _response(frame.body)
    if isinstance(found, str):
        return SkippedRecord(entry.name, number, found + where)
    return page_task(
        Page(
            entry.name,
            found.body,
            number,
            url=url,
            charset=found.charset,
            language=found.language,
            is_crawled=True,
            policy=entry.policy,
            robots=found.robots,
        )
    )


def _response(raw: bytes) -> _Response | str:
    """Return the page in a response, or why it holds none."""
    reason = "the response cannot be read"
    for decoding in _DECODINGS:
        try:
            found = _decoded(raw, decoding)
        except (OSError, ValueError) as error:
            reason = f"the response cannot be read: {because(error)}"
            continue
        if isinstance(found, str):
            return found
        if found.body or decoding == "none":
            body = _unpacked(found.body)
            return reason if body is None else replace(found, body=body)
    return reason


def _unpacked(body: bytes) -> bytes | None:
    """Return a page that is still packed, or packed twice, unpacked; None when it cannot be."""
    for _ in range(_MAX_LAYERS):
        if not body.startswith(_GZIP):
            break
        try:
            body = zlib.decompressobj(31).decompress(body, _MAX_PAGE_BYTES)
        except zlib.error:
            return None
    return None if body.startswith(_PACKED) else body


def _decoded(raw: bytes, decoding: _Decoding) -> _Response | str:
    """Return the page in a response whose encodings are undone so far, or why it holds none.

    Raises:
        OSError: it is not encoded so.
    """
    record = _record(raw)
    if record is None:
        return "not an HTTP response"
    try:
        record.parse_http(auto_decode=decoding)
        headers = record.http_headers
        status = headers.status_code if headers else None
        if headers is None or status is None:
            return "not an HTTP response"
        if status != _OK:
            return f"the server answered {status}"
        kind = (record.http_content_type or "of no stated type").lower()
        if kind not in _HTML:
            return f"not a page but {kind}"
        page = record.reader.read(_MAX_PAGE_BYTES + 1)
    except Exception:
        raise
    except BaseException as error:
        # A panic of the library, which is written in Rust, is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise OSError(f"the library gave up on it: {because(error)}") from error
    if len(page) > _MAX_PAGE_BYTES:
        return "it unpacks to more than any page holds"
    says_charset = "charset" in (headers.get("Content-Type") or "").lower()
    return _Response(
        page,
        record.http_charset if says_charset else None,
        headers.get("Content-Language"),
        headers.get("X-Robots-Tag"),
    )


def _record(raw: bytes) -> WarcRecord | None:
    """Return a response as a record by itself: what is wrong with it touches no other."""
    head = _HEAD.format(len(raw)).encode("ascii")
    records = ArchiveIterator(
        io.BytesIO(head + raw + b"\r\n\r\n"),
        record_types=WarcRecordType.response,
        parse_http=False,
        stream_detect=False,
        fsspec_args=False,
    )
    return next(records, None)
