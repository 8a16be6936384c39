"""The only door to feedparser: the items of an RSS or Atom feed."""

import io
import re
import xml.sax
from collections.abc import Iterator, Mapping
from time import struct_time
from typing import Any

import feedparser

from corpus.sources.decoding import declared_charset, decode
from corpus.sources.entry import Entry
from corpus.sources.fields import persons
from corpus.sources.markup import strip_markup
from corpus.sources.reasons import because
from corpus.sources.record import Found, Skip, find_record
from corpus.sources.streams import read_all

__all__ = ["read_feed"]

_MAX_BYTES = 16 * 1024 * 1024
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_feed(entry: Entry) -> Iterator[Found | Skip]:
    """Yield an article for each item; of an item without its story, the summary is the text.

    A feed that is not well-formed yields what can be read of it, then a skip.
    """
    raw = read_all(entry.stream, _MAX_BYTES, broken=True)
    text = _DECLARATION.sub("", decode(raw, declared_charset(raw)), count=1)
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
    error = feed.get("bozo_exception")
    if isinstance(error, xml.sax.SAXException):
        reason = f"the feed is not well-formed, items may be missing: {because(error)}"
        yield Skip(entry.name, number + 1, reason)
    elif not number:
        yield Skip(entry.name, None, "the feed has no items")


def _read_item(
    item: Mapping[str, Any], feed: Mapping[str, Any], entry: Entry, number: int
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
        "published": item.get("published") or item.get("updated"),
        "language": _language(item) or feed.get("language"),
        "section": next((tag.get("term") for tag in item.get("tags") or []), None),
    }
    record = find_record(fields, entry.name, number)
    if isinstance(record, Skip) and record.reason.startswith("field 'published'"):
        # The library reads more ways to write a date, and gives the instant in UTC.
        at = item.get("published_parsed") or item.get("updated_parsed")
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
