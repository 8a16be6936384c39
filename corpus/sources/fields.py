"""What archives call the fields of an article, and which field each name stands for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from corpus.sources.state import is_switch

__all__ = ["FIELDS", "Naming", "persons"]

# Of several names the first that a record has is taken. Written small, without what is not a
# letter or digit: pubDate, pub_date and "Pub date" are one name.
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "uri", "guid", "articleid", "docid", "documentid", "uuid", "newid"),
    "title": ("title", "headline", "headlines", "articletitle", "webtitle", "heading", "name"),
    "text": (
        *("text", "body", "content", "articlebody", "bodytext", "fulltext", "maintext", "story"),
        *("articletext", "articlecontent", "contenttext", "contents", "bodyhtml", "contenthtml"),
        *("bodyxhtml", "html", "plaintext", "article", "document", "paragraphs", "transcript"),
    ),
    "summary": (
        *("description", "summary", "shortdescription", "abstract", "leadparagraph", "snippet"),
        *("lead", "excerpt", "teaser", "standfirst", "dek", "deck", "subtitle", "subheadline"),
    ),
    "url": ("url", "link", "href", "articleurl", "weburl", "permalink", "canonicalurl"),
    "source": (
        *("source", "outlet", "publisher", "publication", "publicationname", "site", "sitename"),
        *("sourcename", "sourcedomain", "domain", "newspaper", "provider", "medianame"),
    ),
    "authors": ("authors", "author", "byline", "bylines", "by", "creator", "creators", "writer"),
    "published": (
        *("published", "datepublished", "publishedat", "publisheddate", "publicationdate"),
        *("pubdate", "publishdate", "datepublish", "publishedon", "publishedtime", "date"),
        *("datetime", "timestamp", "time", "firstcreated", "versioncreated", "datecreated"),
        *("createdat", "created", "webpublicationdate", "issued", "dategmt"),
    ),
    "language": ("language", "lang", "inlanguage", "languagecode", "locale"),
    "section": ("section", "articlesection", "sectionname", "category", "topic", "desk"),
}
FIELDS = tuple(_NAMES)

_NOT_NAME = re.compile(r"[\W_]+")
# Where an object stands in a field's place, its own name or words are meant.
_WORDS = (
    *("name", "text", "value", "content", "main", "original", "rendered", "title", "byline"),
    *("#text", "@value", "$date", "$oid"),
)
_MAX_DEPTH = 4
_BETWEEN_PERSONS = re.compile(r";|\n|\s(?:and|&)\s", re.IGNORECASE)
_BY = re.compile(r"^\s*by[\s:]+", re.IGNORECASE)
# Lists that were written into a table's cell.
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"")


@lru_cache(maxsize=4096)
def _small(name: str) -> str:
    return _NOT_NAME.sub("", name).casefold()


_MEANING = {name: canonical for canonical, names in _NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Naming:
    """Which of a record's names stands for which field.

    `given` says it for names that are not among the common ones: field to the record's own name.
    """

    given: Mapping[str, str] = field(default_factory=dict)

    def knows(self, name: str) -> str | None:
        """Return the field that a name stands for, or None."""
        return next(
            (canonical for canonical, given in self.given.items() if given == name),
            _MEANING.get(_small(name)),
        )

    def fields(self, record: Mapping[str, object]) -> dict[str, object]:
        """Return the fields of an article as far as `record` has them, values made flat.

        >>> Naming().fields({"headline": "Rain", "Body": "It rained.", "site": {"name": "Post"}})
        {'title': 'Rain', 'text': 'It rained.', 'source': 'Post'}
        """
        small = {_small(name): name for name in reversed(list(record))}
        fields = {}
        for canonical, names in _NAMES.items():
            own = self.given.get(canonical)
            candidates = [own] if own else [small[name] for name in names if name in small]
            for name in candidates:
                value = record.get(name)
                if canonical == "published" and is_switch(value):
                    continue
                if value not in (None, "", [], {}):
                    fields[canonical] = _flat(canonical, value)
                    break
        return fields


def _flat(canonical: str, value: object) -> object:
    """Return a value as the field has it; what has no such form stays, to be refused by name."""
    if canonical == "authors" and isinstance(value, str | Sequence | Mapping):
        return list(_persons(value))
    if canonical in ("text", "summary") and _is_list(value):
        return "\n\n".join(filter(None, map(_words, value)))  # type: ignore[call-overload]
    if canonical in ("published", "id") and isinstance(value, int | float):
        return value
    return _words(value) if isinstance(value, Mapping) or _is_list(value) else value


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _persons(value: object, depth: int = 0) -> Iterator[object]:
    if _is_list(value) and depth < _MAX_DEPTH:
        for one in value:  # type: ignore[attr-defined]
            yield from _persons(one, depth + 1)
    elif isinstance(value, str):
        yield from persons(value)
    else:
        yield _BY.sub("", _words(value)) if isinstance(value, Mapping) else value


def persons(byline: str) -> list[str]:
    """Return the people that a byline names.

    Commas part a name from an agency or office as often as from another name: they stay.

    >>> persons("By Ana Ruiz and Dov Pruett, Harbour Post")
    ['Ana Ruiz', 'Dov Pruett, Harbour Post']
    """
    if byline.startswith("[") and byline.endswith("]"):
        return [one or other for one, other in _QUOTED.findall(byline)]
    names = (_BY.sub("", name).strip() for name in _BETWEEN_PERSONS.split(byline))
    return [name for name in names if name]


def _words(value: object, depth: int = 0) -> str:
    """Return the words in a value: a string, or what an object calls its name or text."""
    if isinstance(value, str):
        return value
    if depth < _MAX_DEPTH:
        if isinstance(value, Mapping):
            found = (_words(value[key], depth + 1) for key in _WORDS if key in value)
            return next(filter(None, found), "")
        if _is_list(value):
            return next(filter(None, (_words(one, depth + 1) for one in value)), "")  # type: ignore[attr-defined]
    return ""
