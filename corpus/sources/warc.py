"""The only door to fastwarc: the article pages in a web archive, such as those of CC-NEWS."""

from collections.abc import Iterator

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from corpus.sources.entry import Entry
from corpus.sources.html import Page, page_task
from corpus.sources.reasons import because, plain
from corpus.sources.record import Skip
from corpus.sources.streams import Stream
from corpus.sources.task import Task

__all__ = ["read_warc"]

_MAX_PAGE_BYTES = 16 * 1024 * 1024
_HTML = ("text/html", "application/xhtml+xml")
_OK = 200


class _Forward:
    """A stream as the library wants one: it asks where it is, and never goes back."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._position = 0

    def read(self, size: int = 65_536) -> bytes:
        raw = self._stream.read1(max(size, 1))
        self._position += len(raw)
        return raw

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        raise OSError(f"a web archive is read forward only: no seek to {offset} ({whence})")

    def close(self) -> None:
        """Leave it to its owner."""


def read_warc(entry: Entry) -> Iterator[Skip | Task]:
    """Yield a task or a skip for each response; other records are about the crawl.

    Responses are counted from 1. An archive that breaks off yields what came before, then a skip.
    """
    number = 0
    records = ArchiveIterator(
        _Forward(entry.stream),
        record_types=WarcRecordType.response,
        parse_http=False,
        # Out of its compression already, within limits.
        stream_detect=False,
        fsspec_args=False,
    )
    while record := _next(records):
        number += 1
        yield _read_response(record, entry, number)
    if not number:
        yield Skip(entry.name, None, "the archive holds no response")


def _next(records: ArchiveIterator) -> WarcRecord | None:
    try:
        return next(records, None)
    except Exception:
        raise
    except BaseException as error:
        # A panic of the library, which is written in Rust, is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise OSError(f"the library gave up on it: {because(error)}") from error


def _read_response(record: WarcRecord, entry: Entry, number: int) -> Skip | Task:
    url = plain(record.headers.get("WARC-Target-URI") or "").strip("<>") or None
    where = f" ({url[:200]})" if url else ""
    n_bytes = record.content_length
    if n_bytes > _MAX_PAGE_BYTES:
        return Skip(entry.name, number, f"larger than any page is: {n_bytes} bytes{where}")
    raw = record.reader.read(n_bytes)
    if len(raw) < n_bytes:
        return Skip(entry.name, number, f"the archive breaks off in this response{where}")
    page = _page(record, raw, where)
    if isinstance(page, str):
        return Skip(entry.name, number, page + where)
    headers = record.http_headers
    return page_task(
        Page(
            entry.name,
            page,
            number,
            url=url,
            charset=record.http_charset if "charset" in _kind(record) else None,
            language=headers.get("Content-Language"),
            is_crawled=True,
        )
    )


def _page(record: WarcRecord, raw: bytes, where: str) -> bytes | str:
    """Return the page in a response, or why it holds none."""
    record.set_bytes_content(raw)
    try:
        record.parse_http(auto_decode="all")
        status = record.http_headers.status_code if record.http_headers else None
        if status is None:
            return "not an HTTP response"
        if status != _OK:
            return f"the server answered {status}"
        kind = (record.http_content_type or "of no stated type").lower()
        if kind not in _HTML:
            return f"not a page but {kind}"
        page = record.reader.read(_MAX_PAGE_BYTES + 1)
    except (OSError, ValueError) as error:
        return f"the response cannot be read: {because(error)}"
    if len(page) > _MAX_PAGE_BYTES:
        return "it unpacks to more than any page holds"
    return page


def _kind(record: WarcRecord) -> str:
    return (record.http_headers.get("Content-Type") or "").lower()
