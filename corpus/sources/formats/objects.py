"""One JSON object or one row of a table: an article of some archive's own making, or ninjs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.sources.entry import Entry
from corpus.sources.fields import Naming
from corpus.sources.formats.ninjs import is_ninjs, read_ninjs
from corpus.sources.formats.wordpress import local_moment
from corpus.sources.markup import strip_markup
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import embargo_in, reason_unpublished
from corpus.sources.stories import joined_story, trimmed
from corpus.sources.titles import without_site

__all__ = ["Held", "check_size", "held_objects", "load_json", "read_object"]

_MAX_BRACKETS = 2_000_000

# Where the answers of news APIs and other documents keep their articles.
_LISTS = (
    *("articles", "items", "results", "docs", "documents", "news", "stories", "posts"),
    *("entries", "records", "hits", "data", "value", "response", "rows", "feed"),
)
# Ghost puts its whole export into a list of one.
_WRAPPERS = ("db",)
_MAX_DEPTH = 4
# Where search engines and some APIs keep the fields of one article.
_INNER = ("_source", "fields", "attributes", "article")
_ZONES = ("timezone", "time_zone", "tz", "timeZone")
_CORRECTIONS = ("correction", "corrections", "correction_notice", "correctionNotice")
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


@dataclass(frozen=True, slots=True)
class Held:
    """The articles in a document, and what it says of all of them.

    `is_feed` tells that ids need only be unique in this document's outlet.
    """

    items: Sequence[object]
    told: Mapping[str, object] = field(default_factory=dict)
    is_feed: bool = False


def read_object(
    value: Mapping[str, Any], entry: Entry, number: int | None, held: Held | None = None
) -> ReadArticle | SkippedRecord:
    """Return the article that an object describes, or a skip; `held` is what it stands in."""
    if is_ninjs(value):
        return read_ninjs(value, entry, number)
    fields = entry.naming.fields(value)
    facts = dict(value)
    for name in _INNER:
        if isinstance(inner := value.get(name), Mapping):
            if not {"text", "summary"} & fields.keys():
                fields = entry.naming.fields({**inner, **value}) | entry.naming.fields(inner)
            facts = {**inner, **facts}
    for name in ("title", "text", "summary"):
        if isinstance(told := fields.get(name), str):
            fields[name] = strip_markup(told)
    told_of_all = held.told if held else {}
    fields = {**told_of_all, "section": entry.section, **fields}
    fields |= _story(fields)
    fields |= {
        "published": local_moment(facts) or fields.get("published"),
        "unpublished": reason_unpublished(facts) or _protected(facts),
        "embargo": embargo_in(facts),
        "correction": next((facts[name] for name in _CORRECTIONS if facts.get(name)), None),
        "zone": next((facts[name] for name in _ZONES if isinstance(facts.get(name), str)), None),
        "is_feed": held.is_feed if held else False,
    }
    return find_record(fields, entry.name, number, policy=entry.policy)


def _story(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the title without the outlet after it, and the text with the summary before it."""
    title, text, summary = (fields.get(name) for name in ("title", "text", "summary"))
    changed: dict[str, object] = {}
    if isinstance(title, str) and isinstance(source := fields.get("source"), str):
        changed["title"] = without_site(title, [source])
    if isinstance(summary, str) and (text is None or isinstance(text, str)):
        changed["text"] = joined_story(summary, trimmed(text or "")) or None
    return changed


def _protected(facts: Mapping[str, Any]) -> str | None:
    # As WordPress answers for a post with a password.
    content = facts.get("content")
    is_protected = isinstance(content, Mapping) and content.get("protected") is True
    return "not published: it is protected" if is_protected else None


def held_objects(value: Mapping[str, Any], naming: Naming, depth: int = 0) -> Held | None:
    """Return the articles in an object that is none itself, or None when it holds no list."""
    if is_ninjs(value) or depth > _MAX_DEPTH or any(isinstance(value.get(n), str) for n in _TEXTS):
        return None
    for name in _WRAPPERS:
        held = value.get(name)
        for inner in held if isinstance(held, list) else []:
            if isinstance(inner, dict) and (found := held_objects(inner, naming, depth + 1)):
                return found
    for name in _LISTS:
        held = value.get(name)
        if isinstance(held, list) and any(isinstance(one, dict) for one in held):
            return Held(held, *_told_of_all(value, naming))
        if held == [] and _is_json_feed(value):
            return Held((), is_feed=True)  # one that has no items now
        if isinstance(held, dict) and (found := held_objects(held, naming, depth + 1)) is not None:
            told, is_feed = _told_of_all(value, naming)
            return Held(found.items, {**told, **found.told}, is_feed or found.is_feed)
    return None


def _is_json_feed(value: Mapping[str, Any]) -> bool:
    version = value.get("version")
    return isinstance(version, str) and "jsonfeed.org" in version


def _told_of_all(value: Mapping[str, Any], naming: Naming) -> tuple[dict[str, object], bool]:
    """Return what a document says of its articles, and whether it is a feed."""
    feed = value.get("feed")
    about = {**value, **(feed if isinstance(feed, dict) else {})}
    is_feed = _is_json_feed(about) or isinstance(feed, dict)
    fields = naming.fields(about)
    names = ("source", "language", "authors") if is_feed else ("source", "language")
    told = {name: fields[name] for name in names if fields.get(name)}
    if is_feed and (title := fields.get("title")):
        told["source"] = title
    return told, is_feed
