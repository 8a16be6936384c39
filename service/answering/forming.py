"""From groups of mentions to answers that prove themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from index.hit import Hit
from service.answering.analysis import Analysis, fits
from service.answering.answer import Answer, Citation, CitedText
from service.answering.mentions import Group, Mention
from service.answering.scoring import shown

__all__ = ["Scored", "believed", "cite", "n_independent", "over_time", "to_answer"]

# Below this margin the reader does not believe that a mention answers the question: it neither
# supports an answer nor is a value of its own.
_LEAST_MARGIN = -1.0
# So far below the surest of its group a mention is no proof of the same, but a word in common.
_MOST_DROP = 7.0


@dataclass(frozen=True, slots=True)
class Scored:
    """A group with the probability that it answers the question."""

    group: Group
    probability: float


def to_answer(scored: Scored, confidence: float | None = None) -> Answer:
    """Return a group as an answer in its best words, each article that says it cited once."""
    first = shown(scored.group)
    proofs = believed(scored.group)
    by_article = {first.hit.article.id: first}
    for mention in proofs:
        by_article.setdefault(mention.hit.article.id, mention)
    cited = list(by_article.values())
    return Answer(
        text=first.text,
        confidence=scored.probability if confidence is None else confidence,
        support=n_independent([one.hit for one in cited]),
        citations=tuple(map(cite, cited)),
        value=first.value,
    )


def believed(group: Group) -> list[Mention]:
    """Return the mentions that the reader itself believes to answer the question, surest first."""
    least = max(_LEAST_MARGIN, group.mentions[0].margin - _MOST_DROP)
    return [one for one in group.mentions if one.margin >= least and not _is_cut(one)]


_CLOCK = re.compile(r"\s?(?:[ap]\.?m\b|o['’]clock|:\d\d)", re.IGNORECASE)
_MONTH_BEFORE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s$", re.IGNORECASE
)


def _is_cut(mention: Mention) -> bool:
    """Whether a bare number was cut out of a clock time or a date: "11" of "11 a.m."."""
    if not mention.text.isdigit():
        return False
    text = mention.field_text
    before = text[max(0, mention.start - 12) : mention.start]
    return bool(_CLOCK.match(text, mention.end) or _MONTH_BEFORE.search(before))


def cite(mention: Mention) -> Citation:
    """Return the proof of a mention: the sentence or the headline that it stands in."""
    article = mention.hit.article
    return Citation(
        article_id=article.id,
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        quote=mention.quote,
        quote_start=mention.quote_start,
        quote_end=mention.quote_end,
        answer_start=mention.start,
        answer_end=mention.end,
        field=mention.span.field,
    )


def cited_text(mention: Mention) -> CitedText:
    """Return one of several values or items with its proof."""
    return CitedText(text=mention.text, value=mention.value, citation=cite(mention))


def n_independent(hits: Sequence[Hit]) -> int:
    """Return how many independent sources there are among the articles of these hits.

    Articles of one story (near-duplicates: copies of a wire report, updates) are one source, and
    so are articles of one outlet. An outlet that is not named counts by itself.
    """
    groups: list[set[str]] = []
    for hit in hits:
        marks = {f"article {hit.article.id}"}
        if hit.story is not None:
            marks.add(f"story {hit.story}")
        if hit.article.source:
            marks.add(f"outlet {hit.article.source}")
        touched = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks]
        groups.append(marks.union(*touched))
    return len(groups)


_CORRECTS = re.compile(
    r"\b(?:correct\w*|revis\w+|lower\w*|rais\w+|rose|risen|up from|down from|previous(?:ly)?"
    r"|had said|earlier (?:figure|count|toll)|updated?|now|so far)\b",
    re.IGNORECASE,
)
_CONFLICT = timedelta(days=1)


def over_time(
    question: Analysis, best: Scored, others: Sequence[Scored]
) -> tuple[tuple[CitedText, ...], bool]:
    """Return the values that the archive gives for one fact, in the order of publication.

    And whether outlets differ on the newest. Only dated mentions that the reader believes in
    count, of the answer's own kind, in articles that speak of all names that the answer's does.
    Fewer than two values are no timeline.
    """
    head = shown(best.group)
    firsts = []
    for scored in (best, *others):
        dated = [
            one
            for one in believed(scored.group)
            if one.hit.article.day
            and one.kind == head.kind
            and fits(question.expected, one.text, one.value)
        ]
        if dated:
            firsts.append(min(dated, key=lambda one: (one.hit.article.day, -one.margin)))
    if len(firsts) < 2:
        return (), False
    firsts.sort(key=lambda one: str(one.hit.article.published))
    return tuple(map(cited_text, firsts)), _differ(firsts[-1], firsts[-2])


def _differ(newest: Mention, before: Mention) -> bool:
    days = newest.hit.article.day, before.hit.article.day
    if not days[0] or not days[1] or days[0] - days[1] > _CONFLICT:
        return False
    is_other = newest.hit.article.source != before.hit.article.source
    return is_other and not _CORRECTS.search(newest.quote)
