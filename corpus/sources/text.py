"""Plain text and Markdown: one file an article, its first line the title."""

from collections.abc import Iterator
from pathlib import Path

from corpus.sources.record import Record, Skip, read_record

__all__ = ["SUFFIXES", "decode", "read_text"]

SUFFIXES = (".txt", ".md")


def decode(raw: bytes) -> str:
    """Return bytes as text: UTF-8 if they are that, else the Western single-byte encoding.

    Raises:
        ValueError: the bytes are not text.
    """
    if b"\x00" in raw:
        raise ValueError("the file holds NUL bytes: it is not text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_text(path: Path, name: str) -> Iterator[Record]:
    """Yield the one article of a text file, or a skip."""
    try:
        text = decode(path.read_bytes())
    except (OSError, ValueError) as error:
        yield Skip(name, None, str(error))
        return
    title, _, body = text.strip().partition("\n")
    if path.suffix == ".md":
        title = title.lstrip("# ")
    if not body.strip():
        yield Skip(name, None, "the first line is the title, and there is no text after it")
        return
    yield read_record({"id": name, "title": title, "text": body}, name)
