"""The only door to feedparser: the items of an RSS or Atom feed."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import feedparser

from corpus.sources.containers.streams import LimitError, read_all
from corpus.sources.decoding import declared_charset, decode
from corpus.sources.entry import Entry
from corpus.sources.fields import persons
from corpus.sources.formats.whole_items import whole_items
from corpus.sources.formats.wordpress import local_moment
from corpus.sources.markup import (
    BrokenXmlError,
    bare_xml,
    find_all,
    mended_xml,
    n_elements,
    read_xml,
    strip_markup,
)
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import embargo_in, reason_unpublished
from corpus.sources.stories import joined_story
from corpus.sources.titles import without_site

__all__ = ["NO_ITEMS", "read_feed"]

NO_ITEMS = "the feed has no items"
"""What is said of a feed that is sound and empty."""

_MAX_BYTES = 32 * 1024 * 1024
_MAX_ELEMENTS = 400_000
_MAX_LOOSE_CHARS = 200_000
_BARE = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_MARK = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]")
_CLOSED = re.compile(r"</(?:rss|feed|(?:\w+:)?rdf)\s*>\s*$", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_feed(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield an article for each item; of an item without its story, the summary is the text.

    A feed that is not well-formed yields each item that is, and a skip for each that is not.
    """
    raw = read_all(entry.stream, _MAX_BYTES, broken=True)
    text = bare_xml(_DECLARATION.sub("", decode(raw, declared_charset(raw)), count=1))
    text, broken, trouble = _whole(text)
    # Always a stream of bytes: the library takes a string for an address, and goes there.
    feed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        # Nothing is shown as HTML here, and nothing followed.
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    number = 0
    uses = Counter(_own_id(item) for item in feed.entries)
    for item in feed.entries:
        number += 1
        while number in broken:
            yield SkippedRecord(entry.name, number, broken.pop(number))
            number += 1
        own = _own_id(item)
        if own and uses[own] > 1:
            # What several items of one feed are called names none of them.
            own = f"{own}#{_digest(item)}"
        yield _read_item(item, feed.feed, entry, number, own)
    for left, reason in broken.items():
        yield SkippedRecord(entry.name, left, reason)
    if trouble:
        yield SkippedRecord(entry.name, number + 1, f"{trouble}: items may be missing")
    elif not number and not broken:
        yield SkippedRecord(entry.name, None, NO_ITEMS)


def _whole(text: str) -> tuple[str, dict[int, str], str | None]:
    """Return a well-formed feed, why which of its items were left out, and what else is missing.

    A bare "&" is mended. Of a feed that is still not well-formed each item is looked at by itself.
    Where it has none, it is left to the library when it is short (it reads such seconds a
    megabyte), and to the parser when it is long.
    """
    n_items, trouble = _items_in(text)
    if not trouble and n_items >= len(_MARK.findall(text)):
        return text, {}, None
    mended = text if not trouble else _BARE.sub("&amp;", text)
    n_mended, still = (n_items, trouble) if mended == text else _items_in(mended)
    if trouble and not still:
        return mended, {}, None
    # An item that is not closed may take the next ones in, where CDATA goes on.
    found = whole_items(mended, ("item", "entry"))
    if found and found.n_kept >= n_mended:
        is_closed = _CLOSED.search(mended) is not None
        return found.text, found.broken, None if is_closed else trouble
    if not trouble:
        return text, {}, None
    return (mended if len(mended) <= _MAX_LOOSE_CHARS else mended_xml(mended)), {}, trouble


def _items_in(text: str) -> tuple[int, str | None]:
    """Return how many items a feed has, and why it cannot be parsed if it cannot."""
    try:
        root = read_xml(text.encode("utf-8", "replace"))
    except BrokenXmlError as error:
        return 0, str(error)
    if n_elements(root, _MAX_ELEMENTS) >= _MAX_ELEMENTS:
        raise LimitError(f"the feed has more than {_MAX_ELEMENTS} elements")
    return sum(1 for _ in find_all(root, "item", "entry")), None


def _own_id(item: dict[str, Any]) -> str | None:
    # Bulletins and podcasts share one link: what names an item is its guid.
    return dict.get(item, "id") or _link(item)


def _digest(item: dict[str, Any]) -> str:
    told = f"{item.get('title')}\n{dict.get(item, 'published')}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()[:8]


def _read_item(
    item: dict[str, Any], feed: Mapping[str, Any], entry: Entry, number: int, own: str | None
) -> ReadArticle | SkippedRecord:
    contents = [_text(str(one.get("value") or "")) for one in item.get("content") or []]
    facts = _facts(item)
    summary = _text(str(item.get("summary") or facts.get("excerpt_encoded") or ""))
    source = (item.get("source") or {}).get("title") or feed.get("title") or _host(feed.get("link"))
    title = without_site(_text(str(item.get("title") or "")), [_text(str(source or ""))])
    fields: dict[str, object] = {
        "id": own,
        "is_feed": True,
        "title": title,
        "text": joined_story(summary, max(contents, key=len, default="")) or None,
        "url": _link(item),
        "source": _text(str(source)) if source else None,
        "authors": _authors(item, feed),
        # As it is held: the library gives one of the two for the other, and warns of it.
        "published": local_moment(facts)
        or dict.get(item, "published")
        or dict.get(item, "updated")
        or facts.get("wp_post_date"),
        "language": _language(item) or feed.get("language"),
        "section": next((tag.get("term") for tag in item.get("tags") or []), None),
        "unpublished": reason_unpublished(facts) or _other_kind(item),
        "embargo": embargo_in(facts),
    }
    return find_record(fields, entry.name, number, policy=entry.policy)


def _other_kind(item: dict[str, Any]) -> str | None:
    """Return why an item of a Blogger export is no post, or None: its kind is a category there."""
    for tag in item.get("tags") or []:
        _, mark, kind = str(tag.get("term") or "").partition("/blogger/2008/kind#")
        if mark and kind != "post":
            return f"not an article: it is a {kind} of the blog"
    return None


def _facts(item: dict[str, Any]) -> dict[str, object]:
    """Return what an item says in plain words, by its names with and without their name space."""
    facts: dict[str, object] = {}
    for name in item:
        if isinstance(value := dict.get(item, name), str):
            facts[name] = facts[name.partition("_")[2] or name] = value
    # The library's own names for a text's kind and a link's.
    for name in ("type", "content", "summary", "published", "title"):
        facts.pop(name, None)
    return facts


def _link(item: dict[str, Any]) -> str | None:
    link = item.get("link")
    # The library takes a guid for the link where there is none.
    is_guid = link == dict.get(item, "id") and not str(link).startswith(("http://", "https://"))
    return str(link) if link and not is_guid else None


def _host(link: object) -> str | None:
    try:
        return urlsplit(link).hostname if isinstance(link, str) else None
    except ValueError:
        return None


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
