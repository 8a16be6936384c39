"""The only door to feedparser: the items of an RSS or Atom feed."""

import io
import re
from collections.abc import Iterator, Mapping
from time import struct_time
from typing import Any

import feedparser

from corpus.sources.decoding import declared_charset, decode
from corpus.sources.entry import Entry
from corpus.sources.fields import persons
from corpus.sources.markup import (
    BrokenXmlError,
    bare_xml,
    mended_xml,
    n_elements,
    read_xml,
    strip_markup,
)
from corpus.sources.record import Found, Skip, find_record
from corpus.sources.streams import LimitError, read_all

__all__ = ["read_feed"]

_MAX_BYTES = 32 * 1024 * 1024
_MAX_ELEMENTS = 400_000
_MAX_LOOSE_CHARS = 200_000
_BARE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_feed(entry: Entry) -> Iterator[Found | Skip]:
    """Yield an article for each item; of an item without its story, the summary is the text.

    A feed that is not well-formed yields what can be read of it, then a skip.
    """
    raw = read_all(entry.stream, _MAX_BYTES, broken=True)
    text = _DECLARATION.sub("", decode(raw, declared_charset(raw)), count=1)
    text, trouble = _whole(bare_xml(text))
    # Always a stream of bytes: the library takes a string for an address, and goes there.
    feed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        # Nothing is shown as HTML here, and nothing followed.
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    number = 0
    for number, item in enumerate(feed.entries, start=1):
        yield _read_item(item, feed.feed, entry, number)
    if trouble:
        yield Skip(entry.name, number + 1, f"{trouble}: items may be missing")
    elif not number:
        yield Skip(entry.name, None, "the feed has no items")


def _whole(text: str) -> tuple[str, str | None]:
    """Return a feed that is well-formed where it can be had, and what is missing in it if anything.

    A bare "&" is mended; a feed that breaks off is closed after its last whole item. What is wrong
    in other ways is left to the library when it is short (it reads such seconds a megabyte), and
    to the parser when it is long.
    """
    trouble = _trouble(text)
    if not trouble:
        return text, None
    mended = _BARE.sub("&amp;", text)
    if not _trouble(mended):
        return mended, None
    last = mended.rfind("</item>"), mended.rfind("</entry>")
    if max(last) >= 0:
        end = "</item></channel></rss>" if last[0] > last[1] else "</entry></feed>"
        closed = mended[: max(last)] + end
        if not _trouble(closed):
            return closed, trouble
    return (mended if len(mended) <= _MAX_LOOSE_CHARS else mended_xml(mended)), trouble


def _trouble(text: str) -> str | None:
    """Return why a feed cannot be parsed, or None when it can."""
    try:
        n = n_elements(read_xml(text.encode("utf-8", "replace")), _MAX_ELEMENTS)
    except BrokenXmlError as error:
        return str(error)
    if n >= _MAX_ELEMENTS:
        raise LimitError(f"the feed has more than {_MAX_ELEMENTS} elements")
    return None


def _read_item(
    item: dict[str, Any], feed: Mapping[str, Any], entry: Entry, number: int
) -> Found | Skip:
    contents = [str(one.get("value") or "") for one in item.get("content") or []]
    text = max(map(_text, [*contents, str(item.get("summary") or "")]), key=len)
    fields: dict[str, object] = {
        "id": item.get("link") or item.get("id"),
        "title": _text(str(item.get("title") or "")),
        "text": text,
        "url": item.get("link") or None,
        "source": (item.get("source") or {}).get("title") or feed.get("title"),
        "authors": _authors(item, feed),
        # As it is held: the library gives one of the two for the other, and warns of it.
        "published": dict.get(item, "published") or dict.get(item, "updated"),
        "language": _language(item) or feed.get("language"),
        "section": next((tag.get("term") for tag in item.get("tags") or []), None),
    }
    record = find_record(fields, entry.name, number)
    if isinstance(record, Skip) and record.reason.startswith("field 'published'"):
        # The library reads more ways to write a date, and gives the instant in UTC.
        at = dict.get(item, "published_parsed") or dict.get(item, "updated_parsed")
        if isinstance(at, struct_time):
            shown = (
                f"{at.tm_year:04}-{at.tm_mon:02}-{at.tm_mday:02}T{at.tm_hour:02}:{at.tm_min:02}Z"
            )
            record = find_record(fields | {"published": shown}, entry.name, number)
    return record


def _text(value: str) -> str:
    return strip_markup(value).strip()


def _language(item: Mapping[str, Any]) -> str | None:
    details = [*(item.get("content") or []), item.get("title_detail") or {}]
    return next(filter(None, (one.get("language") for one in details)), None)


def _authors(item: Mapping[str, Any], feed: Mapping[str, Any]) -> list[str]:
    named = [str(one.get("name") or "") for one in item.get("authors") or []]
    # RSS has "address (name)" in an author's place.
    shown = str(item.get("author") or feed.get("author") or "")
    byline = "; ".join(filter(None, named)) or re.sub(r"\S+@\S+\s*", "", shown).strip("() ")
    return persons(byline)
