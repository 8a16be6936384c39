"""NITF: a news story as XML, by itself or inside another format."""

from collections.abc import Iterator

from corpus.sources.containers.streams import read_all
from corpus.sources.entry import Entry
from corpus.sources.fields import persons
from corpus.sources.markup import (
    BrokenXmlError,
    Element,
    attribute,
    find,
    find_all,
    paragraphs,
    read_xml,
    words,
)
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import reason_unpublished

__all__ = ["nitf_fields", "read_nitf"]

_MAX_BYTES = 64 * 1024 * 1024


def read_nitf(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield the one story of a document, or a skip."""
    try:
        root = read_xml(read_all(entry.stream, _MAX_BYTES))
    except BrokenXmlError as error:
        yield SkippedRecord(entry.name, None, str(error))
        return
    fields = nitf_fields(root)
    fields["section"] = fields["section"] or entry.section
    told = {name: value for name, value in fields.items() if value or name == "embargo"}
    missing = "the document has no body.content with text"
    yield find_record(
        {"place": entry.place, "missing": missing} | told, entry.name, policy=entry.policy
    )


def nitf_fields(nitf: Element) -> dict[str, object]:
    """Return the fields of a <nitf> element, empty where it does not say."""
    head, published = find(nitf, "head"), find(nitf, "pubdata")
    content = find(nitf, "body.content")
    # A table's or picture's headline is not the story's.
    headline = words(find(nitf, "body.head", "hedline", "hl1"))
    dateline = words(find(nitf, "body.head", "dateline"))
    text = paragraphs(content) if content is not None else ""
    if dateline and text and not text.startswith(dateline[:20]):
        # As it stands in print: "NORHAVN, March 5 — The ferry sank."
        text = f"{dateline.rstrip(' -–—')} — {text}"
    status = attribute(find(nitf, "docdata"), "management-status")
    return {
        "unpublished": None if status == "embargoed" else reason_unpublished({"status": status}),
        "embargo": attribute(find(nitf, "date.release"), "norm") or ""
        if status == "embargoed"
        else None,
        "id": attribute(find(nitf, "doc-id"), "id-string"),
        "title": headline or words(find(head, "title")),
        "text": text,
        "authors": _authors(nitf),
        "published": attribute(find(nitf, "date.issue"), "norm")
        or attribute(published, "date.publication")
        or attribute(find(nitf, "date.release"), "norm"),
        "source": attribute(published, "name")
        or words(find(nitf, "body.head", "distributor"))
        or attribute(find(nitf, "doc.copyright"), "holder"),
        "url": _address(attribute(published, "ex-ref")),
        "language": attribute(nitf, "lang"),
        "section": attribute(published, "position.section"),
        "correction": attribute(find(nitf, "docdata", "correction"), "info"),
    }


def _authors(nitf: Element) -> list[str]:
    byline = find(nitf, "body.head", "byline")
    people = [words(person) for person in find_all(byline, "person")] if byline is not None else []
    return people or persons(words(byline))


def _address(value: str | None) -> str | None:
    return value if value and value.startswith(("http://", "https://")) else None
