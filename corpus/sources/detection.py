"""Which format a file is of, by its first bytes; its name decides only where they leave it open."""

import json
import re
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import PurePosixPath

from corpus.sources.containers.sound_tar import is_header
from corpus.sources.decoding import declared_charset, decode
from corpus.sources.fields import Naming
from corpus.sources.formats.dialect import sniffed

__all__ = ["KNOWN", "Format", "Unknown", "detect"]

KNOWN = (
    "JSON and JSON lines (.jsonl), CSV and TSV, plain text, Markdown, HTML, RSS and Atom, WARC, "
    "ninjs, NewsML-G2, NITF, PDF, SGML of the Reuters-21578 kind, and ZIP and TAR of these"
)


class Format(Enum):
    """A format that is read here."""

    JSONL = auto()
    JSON_ARRAY = auto()
    JSON_DOCUMENT = auto()
    TABLE = auto()
    TEXT = auto()
    HTML = auto()
    FEED = auto()
    WARC = auto()
    NEWSML = auto()
    NITF = auto()
    PDF = auto()
    SGML = auto()
    ZIP = auto()
    TAR = auto()


class Unknown(str):
    """Why a file is of no format that is read here."""

    __slots__ = ()


_MAGIC = (
    (b"PK\x03\x04", Format.ZIP),
    (b"PK\x05\x06", Format.ZIP),
    (b"WARC/", Format.WARC),
)
_FOREIGN = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a picture or sound (RIFF)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3\0", "a database (SQLite)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"PAR1", "a Parquet file: write it as JSON lines first"),
    (b"ID3", "a sound (MP3)"),
    (b"OggS", "a sound (Ogg)"),
)
# Text that is no story; told by the name, because by its content it could be one.
_NO_STORIES = set(".css .js .mjs .ts .py .sh .c .h .java .rb .go .rs .sql .ini .cfg .toml".split())
_NO_STORIES |= set(".yml .yaml .lock .log .dtd .xsd .xsl .xslt .svg .map .sha256 .md5".split())

_XML_LEAD = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[.*?\]\s*)?>", re.S | re.I)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)([^>]*)", re.S)
_ROOTS = {
    "rss": Format.FEED,
    "feed": Format.FEED,
    "newsitem": Format.NEWSML,
    "newsmessage": Format.NEWSML,
    "packageitem": Format.NEWSML,
    "nitf": Format.NITF,
    "reuters": Format.SGML,
}
_HTML = set("html head body title meta link script style base div p article main section".split())
_HTML |= set("table h1 h2 h3 span a img center font ul ol header nav br b i em strong".split())
_SGML = re.compile(r"<REUTERS\b[^<>]*>|<!DOCTYPE\s+lewis\b", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LINES = (".jsonl", ".ndjson")
_MAX_HEADER_CHARS = 2000
_HEAD_CHARS = 8000
_TABLES = {".csv": ",", ".tsv": "\t", ".tab": "\t"}


def detect(head: bytes, name: str) -> Format | Unknown:
    """Return the format of a file by its first bytes, or why there is none; its name is a hint.

    >>> detect(b"<rss version='2.0'>", "news.txt")
    <Format.FEED: 7>
    """
    if not head.strip():
        return Unknown("the file is empty")
    for magic, known in _MAGIC:
        if head.startswith(magic):
            return known
    # Some have a few bytes of their own before the mark.
    if head.startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and b" obj" in head):
        return Format.PDF
    if is_header(head[:512]):
        return Format.TAR
    for magic, kind in _FOREIGN:
        if head.startswith(magic):
            return Unknown(f"it is {kind}, and not a format that is read here; these are: {KNOWN}")
    suffix = PurePosixPath(name.lower()).suffix
    text = decode(head, declared_charset(head))
    # One by one, damaged lines are told and passed over.
    if suffix not in _LINES and len(_CONTROL.findall(text)) * 50 > len(text):
        return Unknown(f"not a format that is read here; these are: {KNOWN}")
    return _of_text(text.lstrip(), suffix)


def _of_text(text: str, suffix: str) -> Format | Unknown:
    if text.startswith("<") and (found := _of_markup(text, suffix)):
        return found
    if text.startswith(("{", "[")) and (found := _of_json(text, suffix)):
        return found
    # JSON lines may begin in the middle of one, as what "tail" cuts off does.
    if suffix in _LINES or (suffix not in _TABLES and _has_objects(text.split("\n"))):
        return Format.JSONL
    if suffix in _TABLES or _is_table(text):
        return Format.TABLE
    if suffix in _NO_STORIES:
        return Unknown("a program or settings by its name, not a story")
    return Format.TEXT


def _of_markup(text: str, suffix: str) -> Format | Unknown | None:
    if _SGML.search(text):
        return Format.SGML
    position = 0
    while match := _XML_LEAD.match(text, position):
        position = match.end()
    root = _ROOT.match(text, position)
    name = root[1].rpartition(":")[2].lower() if root else ""
    if name in _ROOTS:
        return _ROOTS[name]
    if name == "rdf" and "rss" in text:
        return Format.FEED
    if name in _HTML or re.match(r"<!doctype\s+html", text, re.I) or suffix in (".html", ".htm"):
        return Format.HTML
    is_closed = root and f"</{root[1]}" in text
    if text.startswith("<?xml") or suffix == ".xml" or is_closed:
        what = f"XML with the root <{root[1][:40]}>" if root else "XML without a root"
        return Unknown(f"{what}, and not a format that is read here; these are: {KNOWN}")
    return None


def _of_json(text: str, suffix: str) -> Format | None:
    if suffix in _LINES:
        return Format.JSONL
    if text.startswith("["):
        # "[Editor's note] ..." begins a text.
        is_array = re.match(r"\[\s*(?:[{\]\"]|$)", text) or suffix == ".json"
        return Format.JSON_ARRAY if is_array else None
    if not re.match(r"\{\s*[\"}]", text) and suffix != ".json":
        # A story may begin with a brace; broken lines among good ones are still lines.
        return Format.JSONL if _has_objects(text.split("\n")) else None
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) == 1 or _is_object(lines[0]):
        return Format.JSONL
    return Format.JSONL if not _is_object(text) and _has_objects(lines) else Format.JSON_DOCUMENT


def _has_objects(lines: Sequence[str]) -> bool:
    """Whether half of some lines are JSON objects; the last may be cut off."""
    return sum(map(_is_object, lines)) * 2 > len(lines) - 1 > 0


def _is_object(line: str) -> bool:
    try:
        return line.lstrip().startswith("{") and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_table(text: str) -> bool:
    """Whether the first line names the columns of a table of articles."""
    naming = Naming()
    dialect = sniffed(text[:_HEAD_CHARS], naming)
    first = text[dialect.n_before :].partition("\n")[0]
    if len(first) > _MAX_HEADER_CHARS:
        return False
    names = [name.strip("\"'\r ") for name in first.split(dialect.delimiter)]
    known = {naming.knows(name) for name in names} - {None}
    return len(known) > 1 and bool(known & {"text", "summary"} or dialect.n_before)
