"""Questions with known answers, read as the service reads them: what the scorer learns from."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.engines.archive import ArchiveSnapshot
from index.lexical.bm25 import stems
from index.search.hit import Hit
from index.search.query import Query
from service.answering.analysis import analyse
from service.answering.extractive import ExtractiveAnswerer
from service.answering.scoring import features, shown
from service.evaluation.gold.cases import (
    Conversation,
    ListCase,
    ReasonCase,
    Refusal,
    SupportCase,
    TimelineCase,
    read_cases,
)
from service.evaluation.gold.memory import MemoryArchive
from service.evaluation.metrics import exact_match, is_right
from service.evaluation.questions import GoldQuestion
from training.quiz import hidden_hits

__all__ = ["Judged", "gold_cases", "judge", "quiz_cases", "with_other_subject"]

_MAX_TRIED, _SEED = 12, 5


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: a row of features for each group of mentions, and which groups are right.

    `exact` has a 1 for each group whose words are a gold answer's. Where everything that could
    answer was hidden, or nothing does, `is_answerable` is false and no group is right.
    """

    id: str
    source: str
    rows: Sequence[dict[str, float]]
    right: Sequence[bool]
    exact: Sequence[float]
    is_answerable: bool

    @property
    def is_quiz(self) -> bool:
        """Whether it is a news quiz, asked as it is or with its answer hidden."""
        return self.source in ("asked", "hidden")


def judge(
    name: tuple[str, str],
    question: str,
    golds: Sequence[str],
    answerer: ExtractiveAnswerer,
    hits: Sequence[Hit],
    snapshot: ArchiveSnapshot,
    as_of: date | None = None,
) -> Judged:
    """Return a question's groups with their features; `name` is where it is from and its id."""
    asked = analyse(question, as_of=as_of)
    groups = answerer.groups(asked, hits)
    texts = [shown(one).text for one in groups]
    return Judged(
        id=name[1],
        source=name[0],
        rows=features(asked, groups, snapshot),
        right=[is_right(text, golds) for text in texts],
        exact=[exact_match(text, golds) if golds else 0.0 for text in texts],
        is_answerable=bool(golds),
    )


def quiz_cases(
    golds: Sequence[GoldQuestion],
    answerer: ExtractiveAnswerer,
    snapshot: ArchiveSnapshot,
    is_dated: bool = True,
) -> Iterator[Judged]:
    """Yield each news quiz as it is, and again where a past without its answer can be asked.

    Unless `is_dated` the day that it was asked on is not told, as people ask.
    """
    for gold in golds:
        text, as_of = gold.question.text, gold.question.as_of if is_dated else None
        hits = snapshot.search(Query(text, as_of=as_of), answerer.n_read)
        name = ("asked", gold.id)
        yield judge(name, text, gold.answers, answerer, hits, snapshot, as_of)
        if hidden := hidden_hits(gold, snapshot, answerer.n_read):
            yield judge(("hidden", gold.id), text, (), answerer, hidden, snapshot, as_of)


def gold_cases(answerer: ExtractiveAnswerer, half: int) -> Iterator[Judged]:
    """Yield every other case (`half` is 0 or 1) of the hand-written sets.

    `answerer` answers from the sample archive. Follow-ups are asked alone, and again about somebody
    or something else that the archive knows, and that it does not.
    """
    snapshot = answerer.archive.current()

    def in_samples(name: tuple[str, str], question: str, golds: Sequence[str]) -> Judged:
        hits = snapshot.search(Query(question), answerer.n_read)
        return judge(name, question, golds, answerer, hits, snapshot)

    for refusal in list(read_cases("refusals", Refusal))[half::2]:
        yield in_samples(("refusals", refusal.id), refusal.question, ())
    for listed in list(read_cases("lists", ListCase))[half::2]:
        golds = [name for item in listed.items for name in item]
        yield in_samples(("lists", listed.id), listed.question, golds)
    for reason in list(read_cases("reasons", ReasonCase))[half::2]:
        yield in_samples(("reasons", reason.id), reason.question, reason.sentences)
    conversations = list(read_cases("followups", Conversation))[half::2]
    turns = [(one.id, turn) for one in conversations for turn in one.turns]
    names = [name for _, turn in turns for name in analyse(turn.standalone).names[-1:]]
    archived = [*read_cases("support", SupportCase), *read_cases("timeline", TimelineCase)]
    strange = [
        name
        for case in archived
        for name in analyse(case.question).names[-1:]
        if not snapshot.n_passages_with(name)
    ]
    rng = random.Random(_SEED)
    for number, (conversation_id, turn) in enumerate(turns):
        case_id = f"{conversation_id}/{number + 1}"
        yield in_samples(("follow-ups", case_id), turn.standalone, turn.answers)
        others = rng.sample(names, min(len(names), _MAX_TRIED))
        if changed := with_other_subject(turn.standalone, others, snapshot, answerer.n_read):
            yield in_samples(("other subject", case_id), changed, ())
        own = analyse(turn.standalone).names[-1:]
        if own:
            changed = turn.standalone.replace(own[0], rng.choice(strange))
            yield in_samples(("absent subject", case_id), changed, ())
    for case in archived[half::2]:
        archive = MemoryArchive(case.archive())
        as_of = case.as_of if isinstance(case, TimelineCase) else None
        hits = archive.search(Query(case.question, as_of=as_of), answerer.n_read)
        source = "timeline" if isinstance(case, TimelineCase) else "support"
        named = (source, case.id)
        yield judge(named, case.question, case.answers, answerer, hits, archive, as_of)


def with_other_subject(
    question: str, names: Sequence[str], snapshot: ArchiveSnapshot, n_read: int
) -> str | None:
    """Return a question with the last of its names exchanged, so that nothing answers it.

    The archive has the other name, taken in turn from `names`, but no article found has it together
    with the rarest of the question's other words. None where no name fits.
    """
    asked = analyse(question)
    own = asked.names[-1:]
    if not own:
        return None
    rest = [term for term in asked.terms if term not in stems(own[0])]
    rarest = min(rest, key=snapshot.n_passages_with, default=None)
    for name in names:
        if rarest is None or name in question or not snapshot.n_passages_with(name):
            continue
        changed = question.replace(own[0], name)
        hits = snapshot.search(Query(changed), n_read)
        found = (stems(f"{hit.article.title}\n{hit.article.text}") for hit in hits)
        has = frozenset(stems(name))
        if not any(rarest in article and has <= set(article) for article in found):
            return changed
    return None
