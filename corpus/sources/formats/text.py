"""Plain text and Markdown: one file an article, its first line the title."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from corpus.sources.containers.streams import read_all
from corpus.sources.decoding import decode
from corpus.sources.entry import Entry
from corpus.sources.formats.front_matter import split_front_matter
from corpus.sources.formats.wrapping import unwrapped
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import embargo_in, reason_unpublished

__all__ = ["read_text"]

_MAX_BYTES = 64 * 1024 * 1024
_MAX_MARKDOWN_CHARS = 1_000_000
_MARKDOWN = (".md", ".markdown", ".mdown", ".qmd")
_HEADING = re.compile(r"#{1,6}\s+")
_UNDERLINE = re.compile(r"[=-]{3,}\s*$")
# What Markdown marks, for the words alone.
_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^```.*?^```[^\n]*$", re.M | re.S), ""),
    (re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,1000}\)"), ""),
    (re.compile(r"\[([^\]\n]{1,300})\](?:\([^)\n]{0,1000}\)|\[[^\]\n]{0,100}\])"), r"\1"),
    (re.compile(r"^[ \t]{0,3}\[[^\]\n]{1,100}\]:[ \t]+\S[^\n]*$", re.M), ""),
    (re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+(?=\S))", re.M), ""),
    (re.compile(r"^[ \t]{0,3}(?:[-*_=][ \t]*){3,}$", re.M), ""),
    (re.compile(r"(?<!\\)(\*\*|__)(?=\S)([^\n]{1,300}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*\\])([*_])(?=\S)([^\n*_]{1,300})(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"`([^`\n]{1,300})`"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def read_text(entry: Entry) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield the one article of a text file, or a skip."""
    text = decode(read_all(entry.stream, _MAX_BYTES)).replace("\r\n", "\n").replace("\r", "\n")
    told, text = split_front_matter(text.lstrip("\ufeff \n\t"))
    fields = dict(entry.naming.fields(told))
    is_markdown = bool(told) or PurePosixPath(entry.path.lower()).suffix in _MARKDOWN
    title = fields.pop("title", None)
    # Of front matter it says what the file is about, and is no part of the text.
    fields.pop("summary", None)
    if not isinstance(title, str) or not title:
        title, text = _headed(text, fields)
    elif _HEADING.match(text.lstrip()):
        # The title once more, as the page's heading.
        first, _, rest = text.lstrip().partition("\n")
        text = rest if _HEADING.sub("", first).strip() == title.strip() else text
    text = unwrapped(text) if text.strip() else ""
    if is_markdown and len(text) <= _MAX_MARKDOWN_CHARS:
        for mark, words in _MARKS:
            text = mark.sub(words, text)
    fields |= {
        "title": title,
        "text": text,
        "unpublished": reason_unpublished(told) or _drafts_folder(entry.place or entry.path),
        "embargo": embargo_in(told),
        "place": entry.place,
        "missing": "the first line is the title, and there is no text after it",
        "zone": told.get("timezone"),
    }
    yield find_record({"section": entry.section} | fields, entry.name, policy=entry.policy)


def _drafts_folder(path: str) -> str | None:
    # Where generators of sites keep what they leave out.
    folders = {part.lower() for part in PurePosixPath(path).parts[:-1]}
    is_draft = bool(folders & {"_drafts", "_trash"})
    return "not published: it lies in a folder of drafts" if is_draft else None


def _headed(text: str, told: Mapping[str, object]) -> tuple[str, str]:
    """Return the first line as the title, and what is after it."""
    title, _, body = text.strip().partition("\n")
    title = _HEADING.sub("", title).strip()
    first, _, rest = body.lstrip("\n").partition("\n")
    if title and _UNDERLINE.match(first):
        body = rest
    # With a head that says all else, a text may do without a title.
    return ("", text) if told and not body.strip() else (title, body)
