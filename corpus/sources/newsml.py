"""IPTC NewsML-G2: news items, one or many in a message, whose story is NITF, XHTML or plain."""

from collections.abc import Iterator

from corpus.sources.entry import Entry
from corpus.sources.fields import persons
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
from corpus.sources.nitf import nitf_fields
from corpus.sources.record import Found, Skip, find_record
from corpus.sources.streams import read_all
from corpus.sources.wrapping import unwrapped

__all__ = ["read_newsml"]

_MAX_BYTES = 64 * 1024 * 1024


def read_newsml(entry: Entry) -> Iterator[Found | Skip]:
    """Yield the items of a document; of one that breaks off, those before, then a skip."""
    raw = read_all(entry.stream, _MAX_BYTES, broken=True)
    broken = None
    try:
        root = read_xml(raw)
    except BrokenXmlError as error:
        broken = error
        try:
            root = read_xml(raw, broken=True)
        except BrokenXmlError:
            yield Skip(entry.name, None, str(error))
            return
    items = [root] if local_name(root) == "newsItem" else list(find_all(root, "newsItem"))
    if broken and items:
        # The item in which the document broke off is not whole.
        items.pop()
    for number, item in enumerate(items, start=1):
        yield _read_item(item, entry, number)
    if broken:
        yield Skip(entry.name, len(items) + 1, f"the document cannot be read on: {broken}")
    elif not items:
        yield Skip(
            entry.name, None, f"the document holds no newsItem, its root is {local_name(root)}"
        )


def _read_item(item: Element, entry: Entry, number: int) -> Found | Skip:
    about, content = find(item, "itemMeta"), find(item, "contentMeta")
    status = attribute(find(about, "pubStatus"), "qcode") or ""
    if status.rpartition(":")[2] in ("canceled", "withheld"):
        return Skip(entry.name, number, f"the item was withdrawn: its pubStatus is {status}")
    held = find(item, "contentSet")
    story: dict[str, object] = _story(held) if held is not None else {}
    if not story.get("text"):
        kind = attribute(find(about, "itemClass"), "qcode") or "item"
        return Skip(entry.name, number, f"this {kind} has no text: it is a picture, or elsewhere")
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
    return find_record(fields, entry.name, number)


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
