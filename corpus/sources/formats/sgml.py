"""SGML of the Reuters-21578 kind: many stories a file, each between <REUTERS> and </REUTERS>.

Not a general SGML reader: there is none that is kept up, and this needs none. Tags are closed and
not nested in themselves, and text holds character references.
"""

import re
from collections.abc import Iterator
from html import unescape

from corpus.sources.containers.streams import READ_ERRORS, chunks
from corpus.sources.decoding import decode
from corpus.sources.entry import Entry
from corpus.sources.fields import persons
from corpus.sources.formats.wrapping import unwrapped
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import embargo_in, reason_unpublished

__all__ = ["read_sgml"]

_MAX_STORY_BYTES = 16 * 1024 * 1024
_MAX_TAG_BYTES = 2000
_ENDLESS = "the story does not end: </REUTERS> is missing"
_START = re.compile(rb"<REUTERS\b[^<>]*>", re.I)
_END = re.compile(rb"</REUTERS\s*>", re.I)
_NUMBER = re.compile(r"\bNEWID\s*=\s*[\"']?([0-9]{1,12})", re.I)
_ATTRIBUTE = re.compile(r"([\w-]{1,40})\s*=\s*[\"']?([^\"'>]{0,80})[\"']?")
# The agency's sign-off, which is no part of the story.
# Begun only where white space begins, so that a long run of it is looked through once.
_SIGN_OFF = re.compile(r"(?<!\s)[^\S\n]*\n\s*Reuters?\s*\Z", re.I)
_AGENCY = re.compile(r"(?:,|(?<!\s))\s*\bReuters\b\.?\s*$", re.I)


def read_sgml(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield the stories of a file; one that has a headline only, and no body, is skipped."""
    held = b""
    number = 0
    error: Exception | None = None
    pieces = chunks(entry.stream)
    while True:
        try:
            raw = next(pieces, b"")
        except READ_ERRORS as caught:
            raw, error = b"", caught
        stories, held = _whole_stories(held + raw)
        for tag, story in stories:
            number += 1
            yield _read_story(tag, story, entry, number)
        if error:
            raise error
        if not raw:
            break
        if len(held) > _MAX_STORY_BYTES:
            yield SkippedRecord(entry.name, number + 1, _ENDLESS)
            return
    if _START.search(held):
        yield SkippedRecord(entry.name, number + 1, "the file breaks off inside this story")
    elif not number:
        yield SkippedRecord(entry.name, None, "the file holds no whole story")


def _whole_stories(held: bytes) -> tuple[list[tuple[bytes, bytes | None]], bytes]:
    """Return the tags and bodies of the stories in a piece, and what is left of it.

    A story that does not end before the next begins has None for a body.
    """
    stories: list[tuple[bytes, bytes | None]] = []
    while (start := _START.search(held)) and (end := _END.search(held, start.end())):
        if again := _START.search(held, start.end(), end.start()):
            stories.append((start[0], None))
            held = held[again.start() :]
        else:
            stories.append((start[0], held[start.end() : end.start()]))
            held = held[end.end() :]
    # The last bytes may be the beginning of a tag.
    return stories, held if start else held[-_MAX_TAG_BYTES:]


def _read_story(
    tag: bytes, raw: bytes | None, entry: Entry, number: int
) -> ReadArticle | SkippedRecord:
    if raw is None:
        return SkippedRecord(entry.name, number, _ENDLESS)
    story = decode(raw)
    body = _part(story, "BODY")
    if not body.strip():
        return SkippedRecord(entry.name, number, "the story has no body: it is a headline only")
    named = _NUMBER.search(decode(tag))
    told: dict[str, object] = dict(_ATTRIBUTE.findall(decode(tag)))
    dateline = " ".join(_part(story, "DATELINE").split())
    body = unwrapped(_SIGN_OFF.sub("", body)).strip()
    return find_record(
        {
            "id": f"reuters-{named[1]}" if named else None,
            "title": " ".join(_part(story, "TITLE").split()),
            # As it stood in print: "SALVADOR, Feb 26 - Showers continued ...".
            "text": f"{dateline} {body}" if dateline else body,
            "authors": [_AGENCY.sub("", name) for name in persons(_part(story, "AUTHOR").strip())],
            "published": _part(story, "DATE").strip(),
            "source": "Reuters",
            # All of the collection is; its shortest stories do not show it.
            "language": "en",
            "section": entry.section,
            "unpublished": reason_unpublished(told),
            "embargo": embargo_in(told),
        },
        entry.name,
        number,
        policy=entry.policy,
    )


def _part(story: str, name: str) -> str:
    """Return what stands between a story's tags of this name; empty when there are none."""
    match = re.search(rf"<{name}\b[^<>]*>(.*?)(?:</{name}\s*>|\Z)", story, re.S | re.I)
    return unescape(match[1]) if match else ""
