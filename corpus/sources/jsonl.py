"""JSON lines, plain or compressed: one article a line."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import zstandard

from corpus.sources.record import Record, Skip, read_record

__all__ = ["SUFFIXES", "read_jsonl", "read_line"]

SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst")

_MAX_LINE_BYTES = 64 * 1024 * 1024
_READ_ERRORS = (OSError, EOFError, zlib.error, zstandard.ZstdError)


def read_jsonl(path: Path, name: str) -> Iterator[Record]:
    """Yield an article or a skip for each line that is not empty.

    A file that breaks off (a truncated gzip, say) yields what came before, then a skip.
    """
    number = 0
    try:
        with _open(path) as lines:
            while line := lines.readline(_MAX_LINE_BYTES):
                number += 1
                if line.strip():
                    yield read_line(line, name, number)
    except _READ_ERRORS as error:
        yield Skip(name, number + 1, f"the file cannot be read on from here: {error}")


def _open(path: Path) -> io.BufferedIOBase:
    if path.name.endswith(".gz"):
        return gzip.GzipFile(path, "rb")
    if path.name.endswith(".zst"):
        return io.BufferedReader(zstandard.open(path, "rb"))
    return path.open("rb")


def read_line(line: bytes, name: str, number: int) -> Record:
    """Return the article on line `number` of the file `name`, or a skip that says what is wrong."""
    if len(line) == _MAX_LINE_BYTES and not line.endswith(b"\n"):
        return Skip(name, number, f"the line is longer than {_MAX_LINE_BYTES} bytes")
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Skip(name, number, f"not a line of JSON in UTF-8: {error}")
    if not isinstance(fields, dict):
        return Skip(name, number, "not a JSON object with at least a 'text' field")
    return read_record(fields, name, number)
