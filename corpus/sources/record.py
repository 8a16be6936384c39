"""What a source yields for each record: an article, or the reason why there is none."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from corpus.article import Article
from corpus.cleaning import clean_text, clean_title
from corpus.dates import parse_published
from corpus.sources.dating import Stated, day_in_dateline, day_in_url
from corpus.sources.moments import as_iso

__all__ = ["Found", "Record", "Skip", "find_record", "read_record"]

# An id is part of a URL's path and of a file's line: keep those that need no escaping.
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:@-]{0,199}")
_MAX_TEXT_CHARS = 20_000_000
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Skip:
    """A record that could not be indexed. `line` counts from 1; None when a file is one record."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Found:
    """An article and where it was read; `line` as in `Skip`.

    `dropped` tells how many lines of it each rule of `corpus.cleaning` dropped, `date_from` where
    its date stood: in the `record`, or as `corpus.sources.dating` names it; None without a date.
    """

    file: str
    line: int | None
    article: Article
    dropped: Mapping[str, int] = field(default_factory=dict)
    date_from: str | None = None


Record = Article | Skip


def _whole(value: object) -> object:
    """Drop halves of surrogate pairs: they are no characters, and cannot be stored."""
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return _HALVES.sub("", value)
    return value


def _empty_is_unknown(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _as_id(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


def _as_authors(value: object) -> object:
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(map(_whole, value))
    return (_whole(value),) if isinstance(value, str) else value


def _as_date(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return as_iso(value) if is_number or isinstance(value, str) else value  # type: ignore[arg-type]


Optional = Annotated[
    Annotated[str, StringConstraints(max_length=2000)] | None,
    BeforeValidator(_empty_is_unknown),
    BeforeValidator(_whole),
]


class _Fields(BaseModel):
    """The fields of a record as they arrive."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    text: Annotated[
        str,
        StringConstraints(min_length=1, max_length=_MAX_TEXT_CHARS),
        BeforeValidator(_whole),
    ]
    title: Annotated[str, StringConstraints(max_length=2000), BeforeValidator(_whole)] = ""
    id: Annotated[Optional, BeforeValidator(_as_id)] = None
    url: Optional = None
    source: Optional = None
    authors: Annotated[tuple[str, ...], BeforeValidator(_as_authors)] = ()
    published: Annotated[Optional, BeforeValidator(_as_date)] = None
    language: Optional = None
    section: Optional = None


def read_record(fields: Mapping[str, Any], file: str, line: int | None = None) -> Record:
    """Return the article that `fields` describe, or a `Skip` that says what is wrong."""
    found = find_record(fields, file, line)
    return found if isinstance(found, Skip) else found.article


def find_record(
    fields: Mapping[str, Any], file: str, line: int | None = None, date_from: str = "record"
) -> Found | Skip:
    """Return what `read_record` does, and for an article where it was read.

    `date_from` is where the date stood that `fields` hold.
    """
    try:
        told = _Fields.model_validate(dict(fields))
        # Clean first: every offset refers to the stored text.
        cleaned = clean_text(told.text)
        dated = _dated(told, cleaned.text, date_from)
        article = _article(told, cleaned.text, dated.raw if dated else None)
        return Found(file, line, article, cleaned.dropped, dated.where if dated else None)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"])) or "record"
        return Skip(file, line, f"field {name!r}: {first['msg']}")
    except ValueError as error:
        return Skip(file, line, str(error))


def _article(fields: _Fields, text: str, published: str | None) -> Article:
    """Clean the fields of a record whose text is clean.

    Raises:
        ValueError: nothing is left of the text.
    """
    if not text:
        raise ValueError("field 'text': nothing is left of it once it is cleaned")
    title = clean_title(fields.title)
    return Article(
        id=_id(fields.id, fields.url or f"{title}\n{text}"),
        title=title,
        text=text,
        url=fields.url,
        source=clean_title(fields.source) if fields.source else None,
        authors=tuple(clean_title(author) for author in fields.authors if author.strip()),
        published=published,
        language=fields.language,
        section=clean_title(fields.section) if fields.section else None,
    )


def _dated(fields: _Fields, text: str, date_from: str) -> Stated | None:
    """Return the date of a record, or else of its address or dateline.

    Raises:
        ValueError: the record states a date that cannot be read.
    """
    if fields.published is not None:
        try:
            return Stated(date_from, parse_published(fields.published))
        except ValueError as error:
            raise ValueError(f"field 'published': {error}") from error
    if day := day_in_url(fields.url):
        return Stated("URL", day)
    day = day_in_dateline(text)
    return Stated("dateline", day) if day else None


def _id(given: str | None, fallback: str) -> str:
    """Keep an id that can stand in a URL as it is; make one from what names the article else."""
    if given and _PLAIN_ID.fullmatch(given):
        return given
    named = (given or fallback).encode("utf-8", "surrogatepass")
    return hashlib.sha256(named).hexdigest()[:16]
