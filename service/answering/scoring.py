"""The probability that a group of mentions answers a question: the one number behind an answer."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.article import Article
from corpus.errors import ModelError
from index.engines.archive import ArchiveSnapshot
from index.lexical.bm25 import stems
from service.answering.analysis import Analysis, fits
from service.answering.mentions import Group, Mention

__all__ = ["FEATURES", "Scorer", "article_stems", "evidence", "features", "named_in", "shown"]

# What a group is scored by; `features` says how each is found.
FEATURES = (
    "evidence",
    "rank",
    "misfit",
    "missing",
    "unknown",
    "relevance",
    "fresh",
    "undated",
    "behind",
    "superseded",
)
_FRESH_DAYS = 60.0
_NULL_SHARE, _TEMPERATURE, _RANK_DECAY = 0.25, 2.0, 0.25
# Below this all passages are about something else, or about names that nobody has heard of.
_MIN_RELEVANCE = 3.0
# Headlines are worded short.
_HEADLINE = 0.1
# A newer value of the kind takes an older one's place where the reader believes in it, and not
# much less than in the older one.
_MIN_MARGIN, _MAX_DROP = -1.0, 5.0


class Scorer(BaseModel):
    """A softmax over the groups of one question and "none of them is right".

    A conditional logit model (McFadden 1974) of which group is right: each group scores the
    weighted sum of its features, "none" scores `none`. `weights` has one number for each of
    `FEATURES`. An answer is `likely` from one probability on, and not given below another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[str, float]
    none: float
    abstain_below: float = Field(ge=0.0, le=1.0)
    likely: float = Field(default=0.5, ge=0.0, le=1.0)

    @classmethod
    def read(cls, path: Path) -> "Scorer":
        """Read `calibration.json` of a reader's folder.

        Raises:
            ModelError: it is missing or holds something else.
        """
        try:
            scorer = cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelError(
                f"{path} cannot be read: {error}. Install Dateline again, or make the file with "
                "`python -m training.calibrate`."
            ) from error
        if set(scorer.weights) != set(FEATURES):
            raise ModelError(
                f"{path} was fitted for other features than this Dateline has: make it again with "
                "`python -m training.calibrate`."
            )
        return scorer

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the probability that each group is right; with "none" they add up to 1."""
        scores = [sum(self.weights[name] * row[name] for name in FEATURES) for row in rows]
        top = max([*scores, self.none])
        odds = [math.exp(score - top) for score in scores]
        total = sum(odds) + math.exp(self.none - top)
        return [one / total for one in odds]


def evidence(mention: Mention) -> float:
    """Return how much a mention tells for its answer, more than 0.

    The reader's score counts more than its doubt whether the passage answers at all, and a passage
    the less the later it was ranked.
    """
    span = mention.span
    exponent = (span.score - _NULL_SHARE * span.null_score) / _TEMPERATURE
    # Logits of a foreign checkpoint can be of any size.
    later: float = (1 + mention.hit.rank) ** _RANK_DECAY
    return math.exp(max(-100.0, min(exponent, 100.0))) / later


def shown(group: Group) -> Mention:
    """Return the mention whose words stand for a group, rather of a text than of a headline."""

    def rank(mention: Mention) -> float:
        return evidence(mention) * (_HEADLINE if mention.span.field == "title" else 1.0)

    return max(group.mentions, key=rank)


def features(
    question: Analysis, groups: Sequence[Group], snapshot: ArchiveSnapshot
) -> list[dict[str, float]]:
    """Return the features of each group, by the names in `FEATURES`.

    Of the surest mention: whether it cannot be of the type asked for or is of one who
    holds the post no more (`misfit`), and how many of the question's names its article lacks
    (`missing`). Of all mentions: the logarithm of their `evidence` together, how early they were
    found (`rank`), how new the newest is on the day asked from (`fresh`), and the logarithm of the
    days that it is `behind` the newest article that gives an answer; `superseded` tells that such a
    one gives a newer value of the same kind. Of the whole question: `unknown` counts its names that
    no article of the archive has, `relevance` is that of the passage that is most about it, and it
    is `undated` where it neither names a day nor is asked as of one: then nothing is fresh.
    """
    names = [_in_a_row(name) for name in question.names]
    unknown = sum(not snapshot.n_passages_with(name) for name in question.names)
    relevance = max(
        [_MIN_RELEVANCE, *(one.span.relevance for group in groups for one in group.mentions)]
    )
    until = _seen_from(question, snapshot)
    days = [_newest(group, until) for group in groups]
    newest = max(filter(None, days), default=None)
    rows = []
    for group, day in zip(groups, days, strict=True):
        best = group.mentions[0]
        told = _told(best.hit.article)
        near = [one.hit.rank for one in group.mentions if one.margin > best.margin - 3]
        day = day or best.hit.article.day
        rows.append(
            {
                "evidence": math.log(sum(map(evidence, group.mentions))),
                "rank": -math.log(1 + min(near)),
                "misfit": float(best.is_past or not fits(question.expected, best.text, best.value)),
                "missing": float(sum(name not in told for name in names)),
                "unknown": float(unknown),
                "relevance": relevance,
                "fresh": _fresh(until, day),
                "undated": float(until is None),
                "behind": math.log1p(max(0, (newest - day).days)) if newest and day else 0.0,
                "superseded": float(_is_superseded(group, groups, until)),
            }
        )
    return rows


def _is_superseded(group: Group, groups: Sequence[Group], until: date | None) -> bool:
    day = _newest(group, until, _MIN_MARGIN)
    least = max(_MIN_MARGIN, group.mentions[0].margin - _MAX_DROP)
    return day is not None and any(
        other is not group
        and other.mentions[0].margin >= least
        and (newer := _newest(other, until, _MIN_MARGIN)) is not None
        and newer > day
        and shown(other).kind == shown(group).kind
        for other in groups
    )


def article_stems(article: Article) -> frozenset[str]:
    """Return the stems of an article and its headline."""
    return frozenset(_told(article).split())


def named_in(article: Article, question: Analysis) -> frozenset[str]:
    """Return the stems of those names of a question that an article has.

    All words of a name: "Low Harrow" is not Lower Harrow.
    """
    has = article_stems(article)
    names = (frozenset(stems(name)) for name in question.names)
    return frozenset().union(*(name for name in names if name <= has))


# Several groups are often of one article, and a conversation stays with its own; few are kept,
# so that an article that was removed does not stay in memory.
@lru_cache(maxsize=32)
def _told(article: Article) -> str:
    return _in_a_row(f"{article.title}\n{article.text}")


def _in_a_row(text: str) -> str:
    """Return the stems of a text, each between spaces."""
    return f" {' '.join(stems(text))} "


def _newest(group: Group, until: date | None, least_margin: float = -2.0) -> date | None:
    """Return the newest day, up to `until`, of articles in which the reader half believes."""
    days = (
        day
        for one in group.mentions
        if one.margin >= least_margin
        and (day := one.hit.article.day)
        and (until is None or day <= until)
    )
    return max(days, default=None)


def _seen_from(question: Analysis, snapshot: ArchiveSnapshot) -> date | None:
    """Return the day that articles are new or old on: no archive is newer than its last article."""
    day = question.day or question.as_of
    last = snapshot.status.last_day
    return min(day, date.fromisoformat(last)) if day and last else day


def _fresh(until: date | None, day: date | None) -> float:
    if until is None or day is None or day > until:
        return 0.0
    return math.exp(-(until - day).days / _FRESH_DAYS)
