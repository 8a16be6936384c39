"""Places where the reader sees an answer, and which of them say the same."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from index.search.hit import Hit
from service.answering.analysis import Analysis
from service.answering.values.reading import value_of
from service.answering.values.value import Value
from service.reader.reader import Span

__all__ = ["Group", "Mention", "Said", "Words", "group", "mentions_of", "plain", "same", "widened"]

# From this margin on the reader believes that a passage answers the question.
_BELIEVED = -1.0


@dataclass(frozen=True)
class Mention:
    """One answer at one place: code points `[start, end)` of the `span`'s field of an article.

    `margin` is by how much the reader prefers it to "no answer here", in logits; `text` are its
    words, `value` what they come to, `[quote_start, quote_end)` its sentence or sentences. It
    `is_past` where a newer article tells that whom it names holds the post asked about no more.
    """

    span: Span
    hit: Hit
    start: int
    end: int
    text: str
    value: Value | None
    quote_start: int
    quote_end: int
    is_past: bool = False

    @property
    def margin(self) -> float:
        """See the class."""
        return self.span.score - self.span.null_score

    @property
    def field_text(self) -> str:
        """The text that the offsets count in."""
        return self.span.field_text(self.hit)

    @property
    def quote(self) -> str:
        """The sentence or sentences that it stands in."""
        return self.field_text[self.quote_start : self.quote_end]

    @property
    def kind(self) -> tuple[str, str]:
        """The type of its value and what it counts in; names and other words have none."""
        if self.value:
            return self.value.type, self.value.currency or self.value.of or ""
        return ("name" if self.text[:1].isupper() else "words"), ""

    @cached_property
    def key(self) -> str:
        """What it has in common with others of the same words: no case, articles or titles."""
        return _key(self.text)


@dataclass(frozen=True)
class Words:
    """An answer told before: its words and what they come to."""

    text: str
    value: Value | None

    @cached_property
    def key(self) -> str:
        """See `Mention.key`."""
        return _key(self.text)


class Said(Protocol):
    """What `same` compares."""

    @property
    def text(self) -> str:
        """The words."""
        ...

    @property
    def value(self) -> Value | None:
        """What they come to, if that is a date or a number."""
        ...

    @property
    def key(self) -> str:
        """See `Mention.key`."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions that say the same, the one that the reader is surest of first."""

    mentions: tuple[Mention, ...]


def mentions_of(spans: Sequence[Span], hits: Sequence[Hit]) -> list[Mention]:
    """Return what the reader found as mentions, surest first.

    A headline is read with each passage of its article; what is found in it counts once, and only
    where the reader believes in nothing that the article's text says: its words are cut short.
    What a notice says is no mention: it repeats what was wrong.
    """
    told_by_story = [span for span in spans if not _is_in_notice(span, hits[span.hit])]
    made = sorted(
        (_mention(span, hits[span.hit]) for span in told_by_story), key=lambda one: -one.margin
    )
    # dict keeps the first, which is the surest, of each place.
    places: dict[tuple[str, str, int, int], Mention] = {}
    for mention in made:
        place = (mention.hit.article.id, mention.span.field, mention.start, mention.end)
        places.setdefault(place, mention)
    told = {
        one.hit.article.id
        for one in places.values()
        if one.span.field == "text" and one.margin >= _BELIEVED
    }
    return [
        one for one in places.values() if one.span.field == "text" or one.hit.article.id not in told
    ]


def _is_in_notice(span: Span, hit: Hit) -> bool:
    # Articles that were split before notices were known have them in their passages.
    return span.field == "text" and any(
        one.start is not None
        and one.end is not None
        and one.start < span.end
        and span.start < one.end
        for one in hit.article.corrections
    )


def _mention(span: Span, hit: Hit) -> Mention:
    text = span.field_text(hit)
    quote = (0, len(text))
    if span.field == "text":
        touched = [
            bounds
            for bounds in hit.passage.sentences
            if bounds[0] < span.end and span.start < bounds[1]
        ]
        quote = (touched[0][0], touched[-1][1])
    # "12.500" is twelve and a half only in English.
    is_english = (hit.article.language or "en").lower().startswith("en")
    value = value_of(text, span.start, span.end, hit.article.day) if is_english else None
    words = text[span.start : span.end]
    return Mention(span, hit, span.start, span.end, words, value, *quote)


def widened(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions as the sentences that they stand in: a reason is told by a whole one."""
    return [
        replace(one, start=one.quote_start, end=one.quote_end, text=one.quote, value=None)
        for one in mentions
    ]


def group(mentions: Sequence[Mention], question: Analysis) -> list[Group]:
    """Put mentions, surest first, into groups that say the same as the first of the group."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        for members in groups:
            if same(mention, members[0], question):
                members.append(mention)
                break
        else:
            groups.append([mention])
    return [Group(tuple(members)) for members in groups]


_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
# The dots of "U.K.".
_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)|(?<=\.\w)\.")
_NOT_WORD = re.compile(r"[^\w%$€£]+")
_TITLES = re.compile(
    r"^(?:(?:former|then|ex|acting|deputy|vice|prime minister|president|chancellor|minister|premier"
    r"|secretary|governor|gov|senator|sen|representative|rep|mayor|judge|justice|king|queen|prince"
    r"|princess|pope|dr|mr|mrs|ms|miss|sir|dame|lord|lady|professor|prof|captain|capt|colonel|col"
    r"|lieutenant|lt|general|gen|sergeant|sgt|major|maj|chief|executive|coach|manager|director"
    r"|chairman|chairwoman|spokesman|spokeswoman) )+(?=\w)"
)
# In more words than this a value is only a part of what is said.
_MAX_VALUE_WORDS = 6


def plain(text: str) -> str:
    """Return the words of a text in a row: no case, marks or articles."""
    text = unicodedata.normalize("NFKC", text).casefold()
    words = _NOT_WORD.sub(" ", _INITIALS.sub("", text))
    return " ".join(_ARTICLES.sub(" ", words).split()) or " ".join(text.split())


def _key(text: str) -> str:
    key = plain(text)
    name = _TITLES.sub("", key)
    # "General Motors" is no Motors with a rank.
    return name if " " in name else key


def same(one: Said, other: Said, question: Analysis) -> bool:
    """Tell whether two mentions, or answers, answer a question alike.

    Equal values do, however they are written. So do equal words, titles and articles aside, and a
    name in more words that are no part of another name: "barman Lorcan Shay", a word that the
    question asks with ("Yellowstone National Park" for a park), or, of a person, a first name.
    """
    if one.key == other.key:
        return True
    values = [
        mention.value if len(mention.text.split()) <= _MAX_VALUE_WORDS else None
        for mention in (one, other)
    ]
    if values[0] and values[1]:
        return _equal(values[0], values[1])
    if values[0] or values[1]:
        return False
    short, long = sorted((one, other), key=lambda mention: len(mention.key))
    if question.expected == "person" and long.key.endswith(f" {short.key}"):
        return short.text[:1].isupper() and len(long.key.split()) <= _MAX_NAME_WORDS
    return _names_in_more_words(long.text, short.text, question)


_MAX_NAME_WORDS = 4
_WORD = re.compile(r"[^\W_]+")


def _equal(one: Value, other: Value) -> bool:
    if one.iso and other.iso:
        return one.iso.startswith(other.iso) or other.iso.startswith(one.iso)
    facts = [{k: v for k, v in value.as_dict().items() if k != "unit"} for value in (one, other)]
    if one.unit and other.unit and one.unit != other.unit:
        return False
    # "600" is "600 years" where one question is answered.
    kinds = {fact.pop("type") for fact in facts}
    return facts[0] == facts[1] and (len(kinds) == 1 or kinds == {"number", "quantity"})


def _names_in_more_words(long: str, short: str, question: Analysis) -> bool:
    """Whether `long` is `short` with words around it that make no other name or number of it."""
    found = re.search(rf"(?<!\w){re.escape(short)}(?!\w)", long, re.IGNORECASE)
    if not found or not short[:1].isupper():
        return False
    around = _WORD.findall(long[: found.start()]) + _WORD.findall(long[found.end() :])
    asked = {word.casefold() for word in _WORD.findall(question.text)}
    return all(word[0].islower() or word.casefold() in asked for word in around)
