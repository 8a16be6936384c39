"""From the bytes of a file to its records, by whichever format they are in."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import cast

from corpus.sources.containers.streams import READ_ERRORS, LimitError, decompressed
from corpus.sources.detection import Format, Unknown, detect
from corpus.sources.entry import Entry, Read
from corpus.sources.reasons import because, plain
from corpus.sources.record import ReadArticle, SkippedRecord
from corpus.sources.task import Task

__all__ = ["read_entry"]

_MAX_SKIPS_IN_A_ROW = 10_000
# A crawl may well hold ten thousand pictures in a row, and then a story.
_ARCHIVES = (Format.ZIP, Format.TAR)
_MIXED = (Format.WARC, *_ARCHIVES)
_READERS = {
    Format.JSONL: ("formats.jsonl", "read_jsonl"),
    Format.JSON_ARRAY: ("formats.json_document", "read_json_array"),
    Format.JSON_DOCUMENT: ("formats.json_document", "read_json_document"),
    Format.TABLE: ("formats.table", "read_table"),
    Format.TEXT: ("formats.text", "read_text"),
    Format.HTML: ("formats.html", "read_html"),
    Format.FEED: ("formats.feed", "read_feed"),
    Format.WARC: ("formats.warc", "read_warc"),
    Format.NEWSML: ("formats.newsml", "read_newsml"),
    Format.NITF: ("formats.nitf", "read_nitf"),
    Format.PDF: ("formats.pdf", "read_pdf"),
    Format.SGML: ("formats.sgml", "read_sgml"),
    Format.ZIP: ("containers.archives", "read_zip"),
    Format.TAR: ("containers.archives", "read_tar"),
}


def read_entry(entry: Entry) -> Iterator[ReadArticle | SkippedRecord | Task]:
    """Yield the records of a file, and tasks that come to some. Whatever it is, nothing is raised.

    A file that breaks off yields what came before, then a skip.
    """
    number: int | None = None
    try:
        for record in _read(entry):
            number = record.line if record.file == entry.name else None
            if isinstance(record, SkippedRecord):
                # Reasons quote what was read.
                record = replace(record, reason=plain(record.reason))
            yield record
    except LimitError as error:
        yield SkippedRecord(entry.name, _next(number), f"not read any further: {error}")
    except (*READ_ERRORS, RecursionError, MemoryError) as error:
        reason = f"the file cannot be read on from here: {because(error)}"
        yield SkippedRecord(entry.name, _next(number), reason)
    # The libraries that read foreign formats raise what they like on bytes made to break them; one
    # such file must not end a run over thousands.
    except Exception as error:  # noqa: BLE001
        reason = f"the file cannot be read on from here: {type(error).__name__}: {because(error)}"
        yield SkippedRecord(entry.name, _next(number), reason)


def _next(number: int | None) -> int | None:
    return None if number is None else number + 1


def _read(entry: Entry) -> Iterator[ReadArticle | SkippedRecord | Task]:
    head, stream = decompressed(entry.stream)
    found = detect(head, _without_compression(entry.path or entry.name))
    if isinstance(found, Unknown):
        yield SkippedRecord(entry.name, None, found)
        return
    records = _reader(found)(replace(entry, stream=stream))
    if found in _MIXED:
        yield from records
    else:
        yield from _stop_after_failures(records, entry)


def _stop_after_failures(
    records: Iterator[ReadArticle | SkippedRecord | Task], entry: Entry
) -> Iterator[ReadArticle | SkippedRecord | Task]:
    """Yield records until very many in a row could not be read: the rest is no better.

    Millions of lines of something else would fill the memory with reasons.
    """
    n_in_a_row = 0
    for record in records:
        yield record
        n_in_a_row = n_in_a_row + 1 if isinstance(record, SkippedRecord) else 0
        if n_in_a_row >= _MAX_SKIPS_IN_A_ROW:
            raise LimitError(f"{n_in_a_row} records in a row could not be read")


def _without_compression(name: str) -> str:
    for suffix in (".gz", ".zst", ".bz2", ".xz"):
        name = name.removesuffix(suffix)
    return name


def _reader(known: Format) -> Read:
    # Imported when needed: most bring a library that most runs never need.
    module, name = _READERS[known]
    read = getattr(import_module(f"corpus.sources.{module}"), name)
    # What is in an archive may be of any format: its reader is given this one for it.
    return partial(read, read=read_entry) if known in _ARCHIVES else cast(Read, read)
