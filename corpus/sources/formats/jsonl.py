"""JSON lines: one article a line."""

from collections.abc import Iterator

from corpus.sources.decoding import decode
from corpus.sources.entry import Entry
from corpus.sources.formats.json_document import salvaged
from corpus.sources.formats.objects import held_objects, load_json, read_object
from corpus.sources.reasons import because
from corpus.sources.record import ReadArticle, SkippedRecord

__all__ = ["read_jsonl"]

_MAX_LINE_BYTES = 48 * 1024 * 1024
_MIN_ANSWER_BYTES = 100


def read_jsonl(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield an article or a skip for each line that is not empty."""
    number = 0
    while line := entry.stream.readline(_MAX_LINE_BYTES):
        number += 1
        if len(line) == _MAX_LINE_BYTES and not line.endswith(b"\n"):
            yield SkippedRecord(
                entry.name, number, f"the line is longer than {_MAX_LINE_BYTES} bytes"
            )
            # The rest of it is no line of its own.
            while (rest := entry.stream.readline(_MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
        elif line.strip():
            yield from _read_line(line, entry, number)


def _read_line(line: bytes, entry: Entry, number: int) -> Iterator[ReadArticle | SkippedRecord]:
    text = decode(line)
    try:
        value = load_json(text)
    except (ValueError, RecursionError) as error:
        reason = f"not a line of JSON: {because(error)}"
        # A line can be a whole answer of a news API, of which one article is broken.
        found = salvaged(text, entry, reason) if len(line) > _MIN_ANSWER_BYTES else iter(())
        yield from (one for one in found if one.line is not None)
        yield SkippedRecord(entry.name, number, reason)
        return
    if not isinstance(value, dict):
        yield SkippedRecord(entry.name, number, "not a JSON object with at least a 'text' field")
        return
    # A line can be a whole answer of a news API.
    held = held_objects(value, entry.naming)
    if held is None:
        yield read_object(value, entry, number)
        return
    for item in held.items:
        if isinstance(item, dict):
            yield read_object(item, entry, number, held)
        else:
            yield SkippedRecord(entry.name, number, "it lists what is not a JSON object")
