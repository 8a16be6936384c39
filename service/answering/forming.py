"""From groups of mentions to answers that prove themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from index.search.hit import Hit
from service.answering.analysis import Analysis, fits, may_change
from service.answering.answer import Answer, Citation, CitedText
from service.answering.english import MONTH_OR_SHORT
from service.answering.mentions import Group, Mention
from service.answering.scoring import article_stems, named_in, shown

__all__ = ["Scored", "cite", "cited_text", "n_independent", "over_time", "proofs", "to_answer"]

# From this margin on a mention proves an answer. Below, down to the second, the reader finds the
# answer's words and doubts that they answer: then the article must at least speak of the
# question's subject.
_PROVES, _FOUND = -4.0, -12.0
# A value of a fact that changed needs the reader's belief: this much, a name more, because many
# stand near what is asked for, and not so much less than in the value that it believes in most.
_MIN_VALUE, _MIN_NAME, _MAX_DROP = -8.0, -5.0, 8.0
# More words are a quotation or a clause, and those do not change from day to day.
_MAX_WORDS = 6


@dataclass(frozen=True, slots=True)
class Scored:
    """A group with the probability that it answers the question."""

    group: Group
    probability: float


def to_answer(scored: Scored, question: Analysis) -> Answer:
    """Return a group as an answer in its best words, each article that proves it cited once."""
    proof = proofs(scored.group, question)
    first = shown(Group(tuple(proof)) if proof else scored.group)
    by_article = {first.hit.article.id: first}
    for mention in proof:
        by_article.setdefault(mention.hit.article.id, mention)
    cited = list(by_article.values())
    return Answer(
        text=first.text,
        confidence=scored.probability,
        support=n_independent([one.hit for one in cited]),
        citations=tuple(map(cite, cited)),
        value=first.value,
    )


def proofs(group: Group, question: Analysis) -> list[Mention]:
    """Return the mentions that prove the answer, surest first.

    The same word or number in an article about something else proves nothing.
    """
    first = group.mentions[0]
    return [
        one
        for one in group.mentions
        if not _is_cut(one)
        and (one.margin >= _PROVES or (one.margin >= _FOUND and _is_alike(first, one, question)))
    ]


def _is_alike(one: Mention, other: Mention, question: Analysis) -> bool:
    """Whether the articles of two mentions have the question's subject in common.

    That is its names where the first has any: two mayors are elected in the same words.
    """
    if named := named_in(one.hit.article, question):
        return bool(named & named_in(other.hit.article, question))
    terms = article_stems(one.hit.article).intersection(question.terms)
    return bool(terms & article_stems(other.hit.article))


_CLOCK = re.compile(r"\s?(?:[ap]\.?m\b|o['’]clock|:\d\d)", re.IGNORECASE)
_MONTH_BEFORE = re.compile(rf"\b{MONTH_OR_SHORT}\s$")


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
        version=article.version,
        corrections=article.corrections,
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


def over_time(question: Analysis, scored: Sequence[Scored]) -> tuple[tuple[CitedText, ...], bool]:
    """Return the values that the archive gives for one fact, in the order of publication.

    And whether outlets differ on the newest. What happened once has no values over time. Each dated
    article speaks with what the reader is surest of in it, if that is of the answer's own kind, in
    a few words, and the article shares with the answer's one of the question's names, where that
    has any. Fewer than two values are no timeline.
    """
    if not may_change(question.asked):
        return (), False
    head = shown(scored[0].group)
    subject = named_in(head.hit.article, question)
    every = [one for each in scored for one in each.group.mentions]
    surest: dict[str, Mention] = {}
    for mention in sorted(every, key=lambda one: -one.margin):
        surest.setdefault(mention.hit.article.id, mention)
    least = max(_MIN_VALUE, max(one.margin for one in every) - _MAX_DROP)
    firsts = []
    for each in scored:
        said = [
            one
            for one in each.group.mentions
            if surest[one.hit.article.id] is one
            and one.hit.article.day
            and one.margin >= (least if one.value else max(least, _MIN_NAME))
            and one.kind == head.kind
            and len(one.text.split()) <= _MAX_WORDS
            and (not subject or subject & article_stems(one.hit.article))
            and fits(question.expected, one.text, one.value)
        ]
        if said:
            firsts.append(min(said, key=lambda one: (one.hit.article.day, -one.margin)))
    firsts = _without_parts_of_others(firsts)
    if len(firsts) < 2:
        return (), False
    firsts.sort(key=lambda one: str(one.hit.article.published))
    return tuple(map(cited_text, firsts)), _differ(firsts[-1], firsts[-2])


def _without_parts_of_others(values: Sequence[Mention]) -> list[Mention]:
    """Return values without those whose name is a part of another's, which takes their place.

    "Marchetti" beside "Marchetti Lines" is one owner, not two; the earlier article dates it.
    """
    return [
        one
        for one in values
        if not any(
            other is not one and not one.value and f" {one.key} " in f" {other.key} "
            for other in values
        )
    ]


def _differ(newest: Mention, before: Mention) -> bool:
    days = newest.hit.article.day, before.hit.article.day
    if not days[0] or not days[1] or days[0] - days[1] > _CONFLICT:
        return False
    is_other = newest.hit.article.source != before.hit.article.source
    return is_other and not _CORRECTS.search(newest.quote)
