"""What a source yields for each record: an article, or the reason why there is none."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.article import Article
from corpus.cleaning import clean_text
from corpus.corrections.finding import find_corrections
from corpus.corrections.notice import Correction
from corpus.identity import article_id, plain_id
from corpus.language import detect_language
from corpus.sources.corrections import stated_corrections
from corpus.sources.dates.dating import Stated, day_in_dateline, day_in_url
from corpus.sources.policy import Policy
from corpus.sources.side_fields import SideFields, Unread, without_halves
from corpus.sources.state import WITHDRAWN
from corpus.sources.stories import headline_story, reason_stub, trimmed

__all__ = ["ReadArticle", "Record", "SkippedRecord", "SkipKind", "Unread", "find_record"]

_MAX_TEXT_CHARS = 20_000_000
SkipKind = Literal["unreadable", "unpublished"]


@dataclass(frozen=True, slots=True)
class SkippedRecord:
    """A record that could not be indexed. `line` counts from 1; None when a file is one record.

    `kind` tells what says of itself that it is not published from what cannot be read. `withdrawn`
    is the id of an article that was taken back: an archive that has it must not answer from it.
    """

    file: str
    line: int | None
    reason: str
    kind: SkipKind = "unreadable"
    withdrawn: str | None = None

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article and where it was read; `line` as in `SkippedRecord`.

    `dropped` tells how many lines of it each rule of `corpus.cleaning` dropped, `date_from` where
    its date stood: in the `record`, or as `corpus.sources.dates.dating` names it; None: undated.
    `unread` are the fields that cost only themselves, `dialect` how its table is written, and
    `is_detected` tells that its language was told by its words.
    """

    file: str
    line: int | None
    article: Article
    dropped: Mapping[str, int] = field(default_factory=dict)
    date_from: str | None = None
    unread: tuple[Unread, ...] = ()
    dialect: str | None = None
    is_detected: bool = False


Record = Article | SkippedRecord


def find_record(
    fields: Mapping[str, Any],
    file: str,
    line: int | None = None,
    date_from: str = "record",
    policy: Policy | None = None,
) -> ReadArticle | SkippedRecord:
    """Return the article that `fields` describe, with where it was read, or why there is none.

    `date_from` is where the date stood that `fields` hold. Besides the fields of an article they
    may hold `unpublished`, why the item is not to be indexed; `embargo`, the date until which it is
    not to be shown; `place`, what to call it when it has no id or address; `is_feed`; `zone`, the
    time zone that it names; `correction`, what the source says of it in a field (see
    `stated_corrections`); and `missing`, what to say when it has no story. Only a text or
    headline is needed: a side field that cannot be read costs itself.
    """
    policy = policy or Policy()
    text = fields.get("text")
    if (reason := fields.get("unpublished")) and not policy.include_unpublished:
        taken_back = None
        if reason == WITHDRAWN:
            taken_back = _id(SideFields.read(fields, policy), fields, str(text or ""))
        return SkippedRecord(file, line, str(reason), "unpublished", taken_back)
    if text is not None and not isinstance(text, str):
        return SkippedRecord(file, line, "field 'text': it is not a text")
    if reason := reason_stub(fields):
        return SkippedRecord(file, line, reason, "unpublished")
    side = SideFields.read(fields, policy)
    # Clean first: every offset refers to the stored text.
    cleaned = clean_text(trimmed(without_halves((text or "")[: _MAX_TEXT_CHARS + 1])))
    story = cleaned.text or headline_story(side.title, fields)
    if not story:
        missing = fields.get("missing") or "field 'text': it is missing"
        is_cleaned = bool(text and text.strip())
        gone = "field 'text': nothing is left of it once it is cleaned"
        return SkippedRecord(file, line, gone if is_cleaned else str(missing))
    if len(story) > _MAX_TEXT_CHARS:
        return SkippedRecord(
            file, line, f"field 'text': it is longer than {_MAX_TEXT_CHARS} characters"
        )
    dated = _dated(side, story, date_from)
    if side.embargo == "" and not policy.include_unpublished:
        return SkippedRecord(
            file, line, "not published: it is embargoed, without an end", "unpublished"
        )
    detected = None if side.language else detect_language(story)
    article = Article(
        id=_id(side, fields, story),
        title=side.title,
        text=story,
        url=side.url,
        source=side.source,
        authors=side.authors,
        published=dated.raw if dated else None,
        language=side.language or detected,
        section=side.section,
        embargo=None if policy.include_unpublished else side.embargo,
        corrections=_corrections(story, fields, dated.raw if dated else None),
    )
    return ReadArticle(
        file,
        line,
        article,
        cleaned.dropped,
        dated.where if dated else None,
        side.unread,
        is_detected=detected is not None,
    )


def _corrections(
    story: str, fields: Mapping[str, Any], published: str | None
) -> tuple[Correction, ...]:
    """Return the notices in a story, and those that its source states besides."""
    found = find_corrections(story, published)
    stated = stated_corrections(fields.get("correction"), published)
    words = " ".join(story.split())
    return (*found, *(one for one in stated if one.text not in words))


def _dated(side: SideFields, text: str, date_from: str) -> Stated | None:
    """Return the date of a record, or else of its address or dateline."""
    if side.published:
        return Stated(date_from, side.published)
    if day := day_in_url(side.url):
        return Stated("URL", day)
    day = day_in_dateline(text)
    return Stated("dateline", day) if day else None


def _id(side: SideFields, fields: Mapping[str, Any], text: str) -> str:
    """Return what an article is called: by itself, its address, its place, or else its words."""
    scope = side.source or side.host
    if side.id and (made := article_id(side.id, scope, of_feed=bool(fields.get("is_feed")))):
        return made
    if side.url:
        return plain_id(side.url)
    if place := fields.get("place"):
        return plain_id(str(place))
    named = f"{side.title}\n{text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(named).hexdigest()[:16]
