"""IPTC ninjs, versions 1 to 3: a news item as one JSON object."""

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.corrections.rules import CHANGE
from corpus.sources.entry import Entry
from corpus.sources.fields import persons
from corpus.sources.markup import strip_markup
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import embargo_in, reason_unpublished

__all__ = ["is_ninjs", "read_ninjs"]

# Version 3 writes versionCreated where 1 and 2 have versioncreated, and 1 and 2 body_text.
_OWN = {"versioncreated", "representationtype", "pubstatus", "bodytext", "bodyxhtml", "bodies"}
_BODIES = ("bodyxhtml", "bodyhtml", "bodytext")


def is_ninjs(value: Mapping[str, Any]) -> bool:
    """Whether an object is a ninjs item: `uri` is the one property it must have."""
    return "uri" in value and len(_OWN & set(map(_small, value))) >= 1


def read_ninjs(
    value: Mapping[str, Any], entry: Entry, number: int | None
) -> ReadArticle | SkippedRecord:
    """Return the article of a ninjs item, or a skip for one that was withdrawn or has no text."""
    item = {_small(name): one for name, one in value.items()}
    text = next(filter(None, _bodies(item)), "")
    if not text and item.get("type", "text") != "text":
        kind = item.get("type") or "item"
        return SkippedRecord(entry.name, number, f"this {kind} has no body of text")
    return find_record(
        {
            "id": item["uri"],
            "unpublished": reason_unpublished({"pubstatus": item.get("pubstatus")}),
            "embargo": embargo_in(item),
            "correction": _corrections(item),
            "missing": f"this {item.get('type') or 'item'} has no body of text",
            "url": _url(item),
            "title": strip_markup(_by_role(item, "headlines", "main") or _string(item, "headline"))
            or _string(item, "title"),
            "text": text,
            "authors": persons(_by_role(item, "bylines", "main") or _byline(item)),
            "published": next(
                filter(None, (item.get(f"{e}created") for e in ("first", "version", "content"))),
                None,
            ),
            "language": item.get("language"),
            "source": _source(item),
            "section": entry.section,
        },
        entry.name,
        number,
        policy=entry.policy,
    )


def _small(name: str) -> str:
    return name.replace("_", "").casefold()


def _string(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _objects(item: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = item.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _bodies(item: Mapping[str, Any]) -> Iterator[str]:
    for one in sorted(_objects(item, "bodies"), key=lambda one: one.get("role", "main") != "main"):
        yield strip_markup(_string(one, "value"))
    for name in _BODIES:
        yield strip_markup(_string(item, name))


def _by_role(item: Mapping[str, Any], name: str, role: str) -> str:
    """Return the value with this role of a list of values, else the first."""
    told = _objects(item, name)
    told.sort(key=lambda one: one.get("role") != role)
    values = (_string(one, "value") or _string(one, "byline") for one in told)
    return next(filter(None, values), "")


def _corrections(item: Mapping[str, Any]) -> list[object]:
    """Return what an item says of its corrections: its own field, and notes that speak of one."""
    notes = [item.get("ednote"), *(_string(one, "value") for one in _objects(item, "ednotes"))]
    told = [note for note in notes if isinstance(note, str) and CHANGE.search(note)]
    return [item.get("correction") or item.get("corrections"), *told]


def _byline(item: Mapping[str, Any]) -> str:
    return _string(item, "byline") or _string(item, "by")


def _url(item: Mapping[str, Any]) -> str | None:
    # The uri is a name first of all; where it can be followed it is the link as well.
    given = _string(item, "url") or _string(item, "uri")
    return given if given.startswith(("http://", "https://")) else None


def _source(item: Mapping[str, Any]) -> str | None:
    told = _objects(item, "infosources")
    first = next(filter(None, (_string(one, "name") for one in told)), "")
    return first or _string(item, "source") or _string(item, "copyrightholder") or None
