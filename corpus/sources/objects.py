"""One JSON object or one row of a table: an article of some archive's own making, or ninjs."""

import json
from collections.abc import Mapping
from typing import Any

from corpus.sources.entry import Entry
from corpus.sources.markup import strip_markup
from corpus.sources.ninjs import is_ninjs, read_ninjs
from corpus.sources.record import Found, Skip, find_record

__all__ = ["check_size", "held_objects", "load_json", "read_object"]

_MAX_BRACKETS = 2_000_000

# Where the answers of news APIs and other documents keep their articles.
_LISTS = (
    *("articles", "items", "results", "docs", "documents", "news", "stories", "posts"),
    *("entries", "records", "hits", "data", "value", "response", "rows", "feed"),
)
_MAX_DEPTH = 4
# Where search engines and some APIs keep the fields of one article.
_INNER = ("_source", "fields", "attributes", "article")
_TEXTS = ("text", "body", "content", "articleBody", "body_text", "story")


def load_json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value that a text holds.

    Raises:
        ValueError: it is not JSON, or made of so many values that they would fill the memory.
        RecursionError: it is nested too deep.
    """
    check_size(text)
    return json.loads(text)


def check_size(text: str) -> None:
    """Refuse JSON of millions of objects and lists: each takes twenty times its two brackets.

    Raises:
        ValueError: it is that.
    """
    if len(text) > _MAX_BRACKETS and text.count("{") + text.count("[") > _MAX_BRACKETS:
        raise ValueError(f"more than {_MAX_BRACKETS} objects and lists in one value")


def read_object(value: Mapping[str, Any], entry: Entry, number: int | None) -> Found | Skip:
    """Return the article that an object describes, or a skip."""
    if is_ninjs(value):
        return read_ninjs(value, entry, number)
    fields = entry.naming.fields(value)
    for name in _INNER:
        if "text" not in fields and isinstance(inner := value.get(name), Mapping):
            fields = entry.naming.fields({**inner, **value}) | entry.naming.fields(inner)
    for name in ("title", "text"):
        if isinstance(told := fields.get(name), str):
            fields[name] = strip_markup(told)
    fields.setdefault("section", entry.section)
    return find_record(fields, entry.name, number)


def held_objects(value: Mapping[str, Any], depth: int = 0) -> list[Mapping[str, Any]] | None:
    """Return the articles in an object that is none itself, or None when it holds no list."""
    if is_ninjs(value) or depth > _MAX_DEPTH or any(isinstance(value.get(n), str) for n in _TEXTS):
        return None
    for name in _LISTS:
        held = value.get(name)
        if isinstance(held, list) and held and all(isinstance(one, dict) for one in held):
            return held
        if isinstance(held, dict) and (found := held_objects(held, depth + 1)) is not None:
            return found
    return None
