"""What a correction took back: other articles that copied it before are no source of it."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from corpus.article import Article
from corpus.corrections.finding import outside
from corpus.corrections.notice import Correction
from index.search.hit import Hit
from service.answering.analysis import Analysis
from service.answering.mentions import Mention, plain
from service.answering.scoring import article_stems, named_in
from service.answering.values.numbers import number_value

__all__ = ["without_withdrawn"]

# Words of a question without names that both articles have.
_MIN_TERMS = 2
# An error is copied while it is news.
_COPIED = timedelta(days=60)
# Where a notice states no day, copies of the error come as late as this after the article.
_UNTIL_TOLD = timedelta(days=7)
_NUMBER = re.compile(
    r"(?<!\w)[$€£]?\d[\d.,]*(?!\w)|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)\b",
    re.IGNORECASE,
)


def without_withdrawn(
    mentions: Sequence[Mention], hits: Sequence[Hit], question: Analysis
) -> list[Mention]:
    """Return the mentions but for those whose words a notice among the hits takes back.

    A notice takes back what it says and its article, outside of notices, does not. That counts for
    articles of the same subject that were published before the notice, within 60 days of the
    corrected one.
    """
    corrected = {hit.article.id: hit for hit in hits if hit.article.corrections}
    if not corrected:
        return list(mentions)
    return [
        one
        for one in mentions
        if not any(_takes_back(hit, one, question) for hit in corrected.values())
    ]


def _takes_back(corrected: Hit, mention: Mention, question: Analysis) -> bool:
    article, other = corrected.article, mention.hit.article
    if other.id == article.id or not _is_of_it(corrected, mention.hit, question):
        return False
    taken = [one for one in article.corrections if _is_before(other.day, article.day, one)]
    if any(_denies(one.text, mention) for one in taken):
        return True
    return any(_says(one.text, mention) for one in taken) and not _says(_story(article), mention)


def _is_of_it(corrected: Hit, other: Hit, question: Analysis) -> bool:
    """Whether two articles are on one subject, as far as the question tells it."""
    if corrected.story is not None and corrected.story == other.story:
        return True
    if question.names:
        ours = named_in(corrected.article, question)
        return not ours.isdisjoint(named_in(other.article, question))
    ours, theirs = article_stems(corrected.article), article_stems(other.article)
    shared = (ours & theirs).intersection(question.terms)
    return len(shared) >= min(_MIN_TERMS, len(set(question.terms)))


def _is_before(day: date | None, corrected: date | None, notice: Correction) -> bool:
    if day is None or corrected is None:
        return False
    told = date.fromisoformat(notice.day) if notice.day else corrected + _UNTIL_TOLD
    return corrected - _COPIED <= day <= min(told, corrected + _COPIED)


def _story(article: Article) -> str:
    text = article.text
    parts = outside(0, len(text), [one for one in article.corrections if one.is_in_text])
    return "\n".join([article.title, *(text[start:end] for start, end in parts)])


def _denies(notice: str, mention: Mention) -> bool:
    """Whether a notice has "not", "instead of" or "rather than" before the words of a mention."""
    row = f" {plain(notice)} "
    return any(f" {no} {mention.key} " in row for no in ("not", "instead of", "rather than"))


def _says(text: str, mention: Mention) -> bool:
    """Whether a text has the words of a mention, or its number however that is written.

    Notices often leave out the scale: "26 million, not 62".
    """
    if f" {mention.key} " in f" {plain(text)} ":
        return True
    if mention.value is None or mention.value.number is None:
        return False
    return not _numbers(text).isdisjoint({mention.value.number, *_numbers(mention.text)})


@lru_cache(maxsize=64)
def _numbers(text: str) -> frozenset[float]:
    values = (number_value(text, *match.span()) for match in _NUMBER.finditer(text))
    return frozenset(one.number for one in values if one and one.number is not None)
