"""A JSON document: an array of articles, an object that holds one, or a single article."""

import codecs
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from corpus.sources.containers.streams import READ_ERRORS, chunks, read_all
from corpus.sources.decoding import WESTERN_ELSE, decode
from corpus.sources.entry import Entry
from corpus.sources.formats.objects import Held, check_size, held_objects, load_json, read_object
from corpus.sources.reasons import because
from corpus.sources.record import ReadArticle, SkippedRecord

__all__ = ["read_json_array", "read_json_document", "salvaged"]

_MAX_BYTES = 48 * 1024 * 1024
_MAX_ITEM_CHARS = 48 * 1024 * 1024
# A word or escape that is cut off is told this far before the end: -Infinity, \\ud83d\\ude00.
_LONGEST_WORD = 12
_BETWEEN = re.compile(r"[\s,]*")
_FIRST_KEY = re.compile(r"\{\s*(\"(?:[^\"\\]|\\.){1,100}\")\s*:")
_MAX_KEY_CHARS = 200
_MAX_KEYS = 50
# Where a list of objects begins in a document.
_LIST = re.compile(r"\"\s*:\s*\[\s*(?=\{)")
_MAX_LISTS = 20
_MAX_OPEN = 6


def read_json_document(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield the articles of an object: of the list it holds, as the answers of news APIs do.

    Of a document that is broken the list is read element by element.
    """
    text = decode(read_all(entry.stream, _MAX_BYTES))
    try:
        value = load_json(text)
    except (ValueError, RecursionError) as error:
        yield from salvaged(text, entry, because(error))
        return
    if not isinstance(value, dict):
        yield SkippedRecord(entry.name, None, "not a JSON object")
    elif (held := held_objects(value, entry.naming)) is None:
        yield read_object(value, entry, None)
    else:
        for number, item in enumerate(held.items, start=1):
            yield _read_item(item, entry, number, held)


def _read_item(
    item: object, entry: Entry, number: int, held: Held | None = None
) -> ReadArticle | SkippedRecord:
    if not isinstance(item, dict):
        return SkippedRecord(entry.name, number, "not a JSON object with at least a 'text' field")
    return read_object(item, entry, number, held)


def salvaged(text: str, entry: Entry, reason: str) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield the articles of a broken document whose list begins before it breaks."""
    for match in islice(_LIST.finditer(text), _MAX_LISTS):
        before = text[: match.end()]
        for n_open in range(1, _MAX_OPEN):
            try:
                value = json.loads(f"{before}{{}}]{'}' * n_open}")
            except (ValueError, RecursionError):
                continue
            held = held_objects(value, entry.naming) if isinstance(value, dict) else None
            if held is not None:
                rest = io.BytesIO(f"[{text[match.end() :]}".encode("utf-8", "replace"))
                yield from _read_elements(replace(entry, stream=rest), held)
                return
    yield SkippedRecord(entry.name, None, f"not a JSON document: {reason}")


def read_json_array(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield an article or a skip for each element of an array, however long it is.

    After an element that is broken the next one that begins like those before is looked for.
    """
    yield from _read_elements(entry, None)


def _read_elements(entry: Entry, held: Held | None) -> Iterator[ReadArticle | SkippedRecord]:
    text = _Window(entry)
    text.skip_past("[")
    decoder = json.JSONDecoder()
    keys: set[str] = set()
    number = 0
    item: object = None
    is_damaged = False
    while text.skip_separators():
        if text.buffer.startswith("]", text.position):
            # It may close a list of a broken element: then something else than an end follows.
            is_last = held is None and not is_damaged and text.is_last_char()
            if is_last or not text.skip_to(_beginning(keys)):
                break
        number += 1
        start = text.buffer[text.position : text.position + _MAX_KEY_CHARS]
        key = _FIRST_KEY.match(start)
        try:
            item = text.next_value(decoder)
        except (ValueError, RecursionError) as error:
            yield SkippedRecord(entry.name, number, f"not a JSON value: {because(error)}")
            is_damaged = True
            if not text.skip_to(_beginning(keys or ({key[1]} if key else set()))):
                break
        else:
            record = _read_item(item, entry, number, held)
            # Objects inside a broken one begin otherwise than the elements do.
            if key and isinstance(record, ReadArticle) and len(keys) < _MAX_KEYS:
                keys.add(key[1])
            yield record
    if text.error:
        raise text.error
    if not is_damaged and not text.buffer.startswith("]", text.position):
        yield from _broken_off(item, entry, number, held)


def _broken_off(
    last: object, entry: Entry, number: int, held: Held | None
) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield what an array has to tell that ends without its bracket, behind the last element."""
    yield SkippedRecord(entry.name, number + 1, "the array breaks off here")
    # An element that is cut within a list of its own takes those behind it into that list, and
    # the array's end for its own.
    for n, inside in enumerate(_alike_inside(last), start=number + 1):
        if isinstance(record := _read_item(inside, entry, n, held), ReadArticle):
            yield record


def _alike_inside(item: object) -> list[dict[str, Any]]:
    """Return the objects in the lists of an object that begin with the same key as it does."""
    found: list[dict[str, Any]] = []
    rest = [item]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            rest += value.values()
        elif isinstance(value, list):
            found += [one for one in value if isinstance(one, dict) and one]
            rest += value
    first = next(iter(item), None) if isinstance(item, dict) else None
    return [one for one in found if next(iter(one)) == first]


def _beginning(keys: set[str]) -> re.Pattern[str]:
    """Return what an element begins like: with one of these keys, or with any."""
    known = "|".join(map(re.escape, sorted(keys))) or r'"(?:[^"\\]|\\.){1,100}"'
    return re.compile(rf"(?=\{{\s*(?:{known})\s*:)")


class _Window:
    """The part of a long text that is being read."""

    def __init__(self, entry: Entry) -> None:
        self.buffer = ""
        self.position = 0
        self.error: Exception | None = None
        self._chunks = chunks(entry.stream)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(WESTERN_ELSE)

    def more(self) -> bool:
        """Read as much again as is held; False at the end."""
        wanted = max(len(self.buffer) - self.position, 1)
        self.buffer = self.buffer[self.position :]
        self.position = 0
        pieces = [self.buffer]
        try:
            while wanted > 0 and (raw := next(self._chunks, b"")):
                pieces.append(self._decoder.decode(raw))
                wanted -= len(pieces[-1])
        except READ_ERRORS as error:
            # Told at the end: what came before is read first.
            self.error = error
        self.buffer = "".join(pieces)
        return len(pieces) > 1

    def skip_past(self, char: str) -> None:
        self.more()
        self.position = self.buffer.find(char) + 1

    def skip_separators(self) -> bool:
        """Go to the next thing that is no comma or white space; False when there is none."""
        while True:
            match = _BETWEEN.match(self.buffer, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.buffer):
                return True
            if not self.more():
                return False

    def is_last_char(self) -> bool:
        """Whether nothing but white space follows the next character."""
        while True:
            if self.buffer[self.position + 1 :].strip():
                return False
            if not self.more():
                return True

    def next_value(self, decoder: json.JSONDecoder) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value at the position and go past it.

        Raises:
            ValueError: there is no JSON value here, or it is too long.
        """
        while True:
            try:
                check_size(self.buffer)
                value, end = decoder.raw_decode(self.buffer, self.position)
            except json.JSONDecodeError as error:
                held = len(self.buffer) - self.position
                if not self._is_cut(error) or held > _MAX_ITEM_CHARS or not self.more():
                    raise
            else:
                # A number at the end of what is held may go on.
                if end == len(self.buffer) and not isinstance(value, dict) and self.more():
                    continue
                self.position = end
                return value

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether more text may mend a value: it fails only where what is held ends."""
        at_end = error.pos >= len(self.buffer) - _LONGEST_WORD
        return at_end or error.msg.startswith("Unterminated string")

    def skip_to(self, begins: re.Pattern[str]) -> bool:
        """Go to where the next element seems to begin; False when there is none."""
        self.position += 1
        while not (match := begins.search(self.buffer, self.position)):
            self.position = max(self.position, len(self.buffer) - 1000)
            if not self.more():
                return False
        self.position = match.end()
        return True
