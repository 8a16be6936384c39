"""The only door to pypdf: the text of a PDF, as one article."""

import io
import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

from corpus.sources.containers.streams import read_all
from corpus.sources.entry import Entry
from corpus.sources.fields import persons
from corpus.sources.formats.columns import in_columns, may_have_columns
from corpus.sources.formats.wrapping import joined, vocabulary
from corpus.sources.policy import Policy
from corpus.sources.reasons import because
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import embargo_in, reason_unpublished
from corpus.sources.task import Task

__all__ = ["read_pdf"]

_MAX_BYTES = 256 * 1024 * 1024
_MAX_PAGES = 2000
_MAX_TOLD = 20
# A page may be as slow as the limits below allow, and be there two thousand times.
_MAX_S = 30
_MAX_TITLE_CHARS = 200
_MAX_FACTS = 100
_MAX_PIECES = 100_000
# Far above what a page of text needs; the library's own are for pictures.
_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": 16 * 2**20,
    "lzw_maximum_output_length": 16 * 2**20,
    "run_length_maximum_output_length": 16 * 2**20,
    "array_based_stream_maximum_output_length": 16 * 2**20,
    "stream_decoding_work_maximum_length": 64 * 2**20,
    "stream_parsing_work_maximum_count": 400_000,
    "xform_maximum_invocations_per_extraction": 200,
    "page_tree_maximum_page_entries": 20_000,
}
_PAGE_NUMBER = re.compile(
    r"[-–— ]*(?:page\s+)?[0-9]{1,4}(?:\s*(?:/|of)\s*[0-9]{1,4})?[-–— ]*", re.I
)
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"(?:microsoft word\b.*|untitled.*|.*\.(?:docx?|pdf|indd|odt|qxd|tex|pages)|document ?[0-9]*)",
    re.IGNORECASE,
)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class _Document:
    """A PDF, and what is known of it besides its bytes."""

    name: str
    raw: bytes
    section: str | None
    place: str | None
    policy: Policy


def read_pdf(entry: Entry) -> Iterator[Task]:
    """Yield the task of reading the one article of a PDF.

    The date is that on which the PDF was made.
    """
    raw = read_all(entry.stream, _MAX_BYTES)
    document = _Document(entry.name, raw, entry.section, entry.place, entry.policy)
    yield Task(entry.name, None, _read_document, document, len(raw), _MAX_S + 10.0)


def _read_document(entry: _Document) -> list[ReadArticle | SkippedRecord]:
    return list(_records(entry))


def _records(entry: _Document) -> Iterator[ReadArticle | SkippedRecord]:
    try:
        with apply_configuration(**_LIMITS):
            reader = PdfReader(io.BytesIO(entry.raw))
            if reader.is_encrypted and not reader.decrypt(""):
                yield SkippedRecord(entry.name, None, "the PDF needs a password")
                return
            about = _about(reader)
            lines, wrong = _lines(reader)
    except (FileNotDecryptedError, DependencyError):
        yield SkippedRecord(entry.name, None, "the PDF is encrypted")
        return
    except PyPdfError as error:
        yield SkippedRecord(entry.name, None, f"the PDF cannot be read: {because(error)}")
        return
    if any(lines):
        yield _article(about, lines, entry)
    elif not wrong:
        yield SkippedRecord(
            entry.name, None, "the PDF holds no text: a scan has to be recognised first"
        )
    for reason in wrong[:_MAX_TOLD]:
        yield SkippedRecord(entry.name, None, reason)


def _article(
    about: Mapping[str, str], lines: list[str], entry: _Document
) -> ReadArticle | SkippedRecord:
    title = "" if _NO_TITLE.fullmatch(about["Title"]) else about["Title"]
    if not title and len(lines) > 1 and len(lines[0]) <= _MAX_TITLE_CHARS:
        title, lines = lines[0], lines[1:]
    elif lines[0] == title:
        lines = lines[1:]
    fields: dict[str, Any] = {
        "place": entry.place,
        "title": title,
        "text": _paragraphs(lines),
        "authors": persons(about["Author"]),
        "published": about["CreationDate"],
        "section": entry.section,
        "unpublished": reason_unpublished(about),
        "embargo": embargo_in(about),
        "is_whole": False,
    }
    return find_record(fields, entry.name, policy=entry.policy)


def _about(reader: PdfReader) -> dict[str, str]:
    told: Mapping[str, Any] = reader.metadata or {}
    known = dict.fromkeys(("Title", "Author", "CreationDate"), "")
    named = list(told.items())[:_MAX_FACTS]
    return known | {name.lstrip("/"): str(value or "").strip()[:1000] for name, value in named}


def _lines(reader: PdfReader) -> tuple[list[str], list[str]]:
    """Return the lines of all pages, without their numbers, and what is wrong with which page."""
    lines, wrong = [], []
    ends = time.monotonic() + _MAX_S
    for number, page in enumerate(islice(reader.pages, _MAX_PAGES), start=1):
        if time.monotonic() > ends:
            wrong.append(f"not read from page {number} on: the pages before took {_MAX_S} seconds")
            break
        try:
            found = _lines_of(page)
        # The library raises what it likes on a damaged page: the others are still to be had.
        except Exception as error:  # noqa: BLE001
            wrong.append(f"page {number} cannot be read: {because(error)}")
            continue
        for line in found:
            if not _PAGE_NUMBER.fullmatch(line.strip()) or not line.strip():
                lines.append(" ".join(line.split()))
    return lines, wrong


def _lines_of(page: PageObject) -> list[str]:
    """Return the lines of a page, column by column where it has several."""
    pieces: list[tuple[float, float]] = []

    def note(text: str, _: object, place: Sequence[float], *others: object) -> None:
        if text.strip() and len(pieces) < _MAX_PIECES:
            pieces.append((place[4], place[5]))

    text = page.extract_text(visitor_text=note)
    if may_have_columns(pieces, float(page.mediabox.width)):
        # Drawn line by line across the columns: the gaps between them tell them apart.
        laid_out = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)
        if (ordered := in_columns(laid_out.splitlines())) is not None:
            return ordered
    return text.splitlines()


def _paragraphs(lines: list[str]) -> str:
    """Join the lines of a printed text: a paragraph ends with a line that is short, or blank."""
    width = median([len(line) for line in lines if line] or [0])
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        if len(line) < 0.8 * width:
            paragraphs.append([])
    known = vocabulary(lines)
    return "\n\n".join(joined(paragraph, known) for paragraph in paragraphs if paragraph)
