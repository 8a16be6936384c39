"""One JSON object or one row of a table: an article of some archive's own making, or ninjs."""

from collections.abc import Mapping
from typing import Any

from corpus.sources.entry import Entry
from corpus.sources.markup import strip_markup
from corpus.sources.ninjs import is_ninjs, read_ninjs
from corpus.sources.record import Found, Skip, find_record

__all__ = ["read_object"]


def read_object(value: Mapping[str, Any], entry: Entry, number: int | None) -> Found | Skip:
    """Return the article that an object describes, or a skip."""
    if is_ninjs(value):
        return read_ninjs(value, entry, number)
    fields = entry.naming.fields(value)
    for name in ("title", "text"):
        if isinstance(told := fields.get(name), str):
            fields[name] = strip_markup(told)
    fields.setdefault("section", entry.section)
    return find_record(fields, entry.name, number)
