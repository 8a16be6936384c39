"""The only door to fastwarc: the article pages in a web archive, such as those of CC-NEWS."""

from collections.abc import Iterator

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from corpus.sources.entry import Entry
from corpus.sources.html import Page, read_page
from corpus.sources.reasons import because, plain
from corpus.sources.record import Found, Skip

__all__ = ["read_warc"]

_MAX_PAGE_BYTES = 16 * 1024 * 1024
_HTML = ("text/html", "application/xhtml+xml")
_OK = 200


def read_warc(entry: Entry) -> Iterator[Found | Skip]:
    """Yield an article or a skip for each response; other records are about the crawl.

    Responses are counted from 1. An archive that breaks off yields what came before, then a skip.
    """
    number = 0
    records = iter(
        ArchiveIterator(
            entry.stream,
            record_types=WarcRecordType.response,
            parse_http=False,
            stream_detect=False,
            fsspec_args=False,
        )
    )
    while True:
        try:
            record = next(records)
        except StopIteration:
            break
        number += 1
        yield _read_response(record, entry, number)
    if not number:
        yield Skip(entry.name, None, "the archive holds no response")


def _read_response(record: WarcRecord, entry: Entry, number: int) -> Found | Skip:
    url = plain(record.headers.get("WARC-Target-URI") or "").strip("<>") or None
    where = f" ({url[:200]})" if url else ""
    declared = record.headers.get("Content-Length") or "0"
    if record.content_length > _MAX_PAGE_BYTES:
        return Skip(entry.name, number, f"larger than any page is: {declared} bytes{where}")
    try:
        record.parse_http(auto_decode="all")
    except (OSError, ValueError) as error:
        return Skip(entry.name, number, f"not an HTTP response: {because(error)}{where}")
    status = record.http_headers.status_code if record.http_headers else None
    if status != _OK:
        return Skip(entry.name, number, f"the server answered {status}{where}")
    kind = (record.http_content_type or "").lower()
    if kind not in _HTML:
        return Skip(entry.name, number, f"not a page but {kind or 'of no stated type'}{where}")
    raw = record.reader.read(_MAX_PAGE_BYTES + 1)
    if len(raw) > _MAX_PAGE_BYTES:
        return Skip(entry.name, number, f"the page unpacks to more than any page has{where}")
    page = Page(
        entry.name,
        raw,
        number,
        url=url,
        charset=record.http_charset if "charset" in _content_type(record).lower() else None,
        language=record.http_headers.get("Content-Language"),
        is_crawled=True,
    )
    found = read_page(page)
    return (
        Skip(found.file, found.line, f"{found.reason}{where}") if isinstance(found, Skip) else found
    )


def _content_type(record: WarcRecord) -> str:
    return record.http_headers.get("Content-Type") or ""
