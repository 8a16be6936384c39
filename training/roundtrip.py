"""Which of the asked questions are learnt from: those that a reader reads as they were meant.

A reader answers each question from the passage that it was asked of (round-trip consistency:
Alberti et al. 2019, "Synthetic QA corpora generation with roundtrip consistency"). Where it is
sure, its words are the answer, whatever was marked: the question may be about other words. Where it
is in doubt the question is kept without labels.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from index.engines.archive import ArchiveSnapshot
from index.search.query import Query
from training.asked import AskedExample
from training.example import Context, Example
from training.places import answer_places, headed

__all__ = ["Reading", "asked_examples", "is_well_formed"]

_QUESTION_CHARS = range(13, 200)
# Of the place that was found with the one that was marked, see `Reading.overlap`.
_MIN_OVERLAP = 0.6
# Margins over "no answer". A found answer that is not the marked one must be surer.
_MIN_MARGIN, _MIN_MARGIN_ELSEWHERE, _MIN_DOUBTFUL = 1.0, 2.0, -4.0
# Of a question that is to have no answer.
_MAX_DOUBTFUL = 3.0
_HEADLINE_SHARE = 0.65
_GROUP_SHARE, _GROUP_SHARE_ELSEWHERE = 0.75, 0.3
_HIDDEN_SHARE = 0.08
_DEPTH, _DAYS = 10, 7
_N_BEST, _N_OTHERS = 6, (2, 3, 4, 5)
# Passages that begin alike tell the same.
_BEGINNING = 80


@dataclass(frozen=True, slots=True)
class Reading:
    """The best answer `[start, end)` in code points, and how far it scores above "no answer"."""

    start: int
    end: int
    margin: float

    def overlap(self, other: tuple[int, int]) -> float:
        """Return the code points in both places, as a share of those from the first to the last."""
        common = min(self.end, other[1]) - max(self.start, other[0])
        return max(0, common) / (max(self.end, other[1]) - min(self.start, other[0]))


def is_well_formed(question: str) -> bool:
    """Tell whether what was written is a question, neither cut off nor empty."""
    return len(question) in _QUESTION_CHARS and question.endswith("?")


def asked_examples(
    questions: Sequence[AskedExample],
    readings: Iterator[Reading | None],
    snapshot: ArchiveSnapshot | None,
    rng: random.Random,
) -> Iterator[Example]:
    """Yield those questions that are kept, some of them among passages found in the news archive.

    Without a `snapshot` each stays with its own passage.
    """
    for question, reading in zip(questions, readings, strict=True):
        if reading is None:
            continue
        has_headline = bool(question.title) and rng.random() < _HEADLINE_SHARE
        title = question.title if has_headline else ""
        if not question.contexts[0].answers:
            yield from _unanswerable(question, reading, title)
        elif reading.margin < _MIN_MARGIN:
            if reading.margin > _MIN_DOUBTFUL:
                yield _unlabelled(question, title)
        else:
            is_marked = reading.overlap(question.contexts[0].answers[0]) >= _MIN_OVERLAP
            if is_marked or reading.margin >= _MIN_MARGIN_ELSEWHERE:
                share = _GROUP_SHARE if is_marked else _GROUP_SHARE_ELSEWHERE
                in_group = rng.random() < share
                others = _others(question, reading, snapshot, title, rng) if in_group else []
                yield _answered(question, reading, title, others, rng)


def _unanswerable(question: AskedExample, reading: Reading, title: str) -> Iterator[Example]:
    if reading.margin < 0:
        context = Context(text=headed(title, question.contexts[0].text))
        yield Example(source="asked/none", question=question.question, contexts=(context,))
    elif reading.margin < _MAX_DOUBTFUL:
        yield _unlabelled(question, title)


def _unlabelled(question: AskedExample, title: str) -> Example:
    return Example(
        source="asked/unlabelled",
        question=question.question,
        contexts=(Context(text=headed(title, question.contexts[0].text)),),
        is_labelled=False,
    )


def _answered(
    question: AskedExample,
    reading: Reading,
    title: str,
    others: Sequence[Context],
    rng: random.Random,
) -> Example:
    if others and rng.random() < _HIDDEN_SHARE:
        return Example(source="asked/hidden", question=question.question, contexts=tuple(others))
    text = headed(title, question.contexts[0].text)
    before = len(text) - len(question.contexts[0].text)
    own = Context(text=text, answers=((reading.start + before, reading.end + before),))
    return Example(source="asked", question=question.question, contexts=(own, *others))


def _others(
    question: AskedExample,
    reading: Reading,
    snapshot: ArchiveSnapshot | None,
    title: str,
    rng: random.Random,
) -> list[Context]:
    """Return two to five passages that the archive finds for a question and that lack its answer.

    They carry their headlines when the question's own passage does.
    """
    if snapshot is None or question.day is None:
        return []
    text = question.contexts[0].text
    answers = [text[reading.start : reading.end]]
    answers += [text[start:end] for start, end in question.contexts[0].answers]
    query = Query(question.question, as_of=question.day + timedelta(days=_DAYS))
    found = [
        Context(text=headed(hit.article.title, hit.text) if title else hit.text)
        for hit in snapshot.search(query, _DEPTH)
        if hit.text[:_BEGINNING] not in text and text[:_BEGINNING] not in hit.text
    ]
    silent = [one for one in found if not answer_places(one.text, answers)][:_N_BEST]
    return rng.sample(silent, min(len(silent), rng.choice(_N_OTHERS)))
