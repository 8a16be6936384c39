"""IPTC NewsML-G2: news items, one or many in a message, whose story is NITF, XHTML or plain."""

import re
from collections.abc import Iterator

from corpus.corrections.rules import CHANGE
from corpus.sources.containers.streams import read_all
from corpus.sources.decoding import declared_charset, decode
from corpus.sources.entry import Entry
from corpus.sources.fields import persons
from corpus.sources.formats.nitf import nitf_fields
from corpus.sources.formats.whole_items import whole_items
from corpus.sources.formats.wrapping import unwrapped
from corpus.sources.markup import (
    BrokenXmlError,
    Element,
    attribute,
    children,
    find,
    find_all,
    has_markup,
    local_name,
    paragraphs,
    read_xml,
    strip_markup,
    words,
)
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import reason_unpublished

__all__ = ["read_newsml"]

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"<!ENTITY\b")
_MAX_BYTES = 64 * 1024 * 1024


def read_newsml(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield the items of a document, and a skip for each that is broken."""
    raw = read_all(entry.stream, _MAX_BYTES, broken=True)
    reasons: dict[int, str] = {}
    try:
        root = read_xml(raw)
    except BrokenXmlError as error:
        # Each item by itself: one that is broken must not cost those behind it.
        text = _DECLARATION.sub("", decode(raw, declared_charset(raw)), count=1)
        found = whole_items(text, ("newsItem",))
        if found is None or _ENTITY.search(text):
            yield SkippedRecord(entry.name, None, str(error))
            return
        reasons = found.broken
        root = read_xml(found.text.encode())
    items = [root] if local_name(root) == "newsItem" else list(find_all(root, "newsItem"))
    number = 0
    for item in items:
        number += 1
        while number in reasons:
            yield SkippedRecord(entry.name, number, reasons.pop(number))
            number += 1
        yield _read_item(item, entry, number)
    for left, reason in reasons.items():
        yield SkippedRecord(entry.name, left, reason)
    if not number and not reasons:
        yield SkippedRecord(
            entry.name, None, f"the document holds no newsItem, its root is {local_name(root)}"
        )


def _read_item(item: Element, entry: Entry, number: int) -> ReadArticle | SkippedRecord:
    about, content = find(item, "itemMeta"), find(item, "contentMeta")
    status = attribute(find(about, "pubStatus"), "qcode") or ""
    held = find(item, "contentSet")
    story: dict[str, object] = _story(held) if held is not None else {}
    kind = attribute(find(about, "itemClass"), "qcode") or "item"
    if not story.get("text") and kind.rpartition(":")[2] not in ("text", "item"):
        return SkippedRecord(
            entry.name, number, f"this {kind} has no text: it is a picture, or elsewhere"
        )
    told = {
        "id": attribute(item, "guid"),
        "title": words(find(content, "headline")) or words(find(about, "title")),
        "authors": _authors(content),
        "published": next(filter(None, (words(find(*at)) for at in _dates(about, content))), None),
        "source": _provider(about, content),
        "url": _url(item, about),
        "language": attribute(find(content, "language"), "tag") or attribute(item, "lang"),
        "section": entry.section,
    }
    fields = story | {name: value for name, value in told.items() if value}
    embargo = find(about, "embargoed")
    fields |= {
        "unpublished": reason_unpublished({"status": status}) or fields.get("unpublished"),
        # An element without a date is an embargo without an end.
        "missing": f"this {kind} has no text: it is a picture, or elsewhere",
        "embargo": words(embargo) if embargo is not None else fields.get("embargo"),
        "correction": _corrections(about) or fields.get("correction"),
    }
    return find_record(fields, entry.name, number, policy=entry.policy)


def _corrections(about: Element | None) -> list[str]:
    """Return the notes to editors that speak of a change, all where the item signals one."""
    if about is None:
        return []
    signals = (attribute(one, "qcode") or "" for one in children(about, "signal"))
    is_signalled = any(one.rpartition(":")[2].startswith("correct") for one in signals)
    notes = map(words, children(about, "edNote"))
    return [note for note in notes if note and (is_signalled or CHANGE.search(note))]


def _dates(about: Element | None, content: Element | None) -> list[tuple[Element | None, str]]:
    return [
        (about, "firstCreated"),
        (content, "contentCreated"),
        (about, "versionCreated"),
        (content, "contentModified"),
    ]


def _story(held: Element) -> dict[str, object]:
    """Return the text of a contentSet, and what NITF in it says besides."""
    for inline in find_all(held, "inlineXML", "inlineData"):
        fields: dict[str, object]
        nitf = find(inline, "nitf")
        if nitf is not None:
            fields = {name: value for name, value in nitf_fields(nitf).items() if value}
        elif local_name(inline) == "inlineXML":
            body = find(inline, "body")
            fields = {"text": paragraphs(body if body is not None else inline)}
        else:
            text = "".join(str(piece) for piece in inline.itertext())
            fields = {"text": strip_markup(text) if has_markup(text) else unwrapped(text)}
        if fields.get("text"):
            return fields
    return {}


def _authors(content: Element | None) -> list[str]:
    if content is None:
        return []
    people = [words(find(creator, "name")) for creator in children(content, "creator")]
    literal = [attribute(creator, "literal") or "" for creator in children(content, "creator")]
    return (
        [*filter(None, people)] or persons(words(find(content, "by"))) or [*filter(None, literal)]
    )


def _provider(about: Element | None, content: Element | None) -> str | None:
    for said in (find(content, "infoSource"), find(about, "provider")):
        code = attribute(said, "qcode") or ""
        name = words(find(said, "name")) or attribute(said, "literal") or code.rpartition(":")[2]
        if name:
            return name
    return None


def _url(item: Element, about: Element | None) -> str | None:
    links = children(about, "link") if about is not None else iter(())
    found = (attribute(link, "href") for link in links)
    guid = attribute(item, "guid")
    return next((one for one in (*found, guid) if one and one.startswith("http")), None)
