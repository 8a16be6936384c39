"""The gold set `corrected`: stories that change, and what is to be answered before and after."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from corpus.article import Article
from corpus.corrections.finding import find_corrections
from index.search.history import KeptVersion, day_of_change
from service.answering.answer import AskResult, Citation, Question
from service.answering.extractive import ExtractiveAnswerer
from service.evaluation.gold.cases import GoldCase, read_cases
from service.evaluation.gold.memory import MemoryArchive
from service.evaluation.metrics import contains_answer, exact_match

__all__ = ["Arrival", "ChangingQuestion", "ChangingStory", "judge_corrected", "judge_stories"]

_Outcome = tuple[str, str, bool]


class Arrival(BaseModel):
    """One wording of an article, and the day on which it came where that is not the day it has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    text: str
    source: str
    published: str
    came: date | None = None

    @property
    def day(self) -> date:
        """The day on which it came."""
        return self.came or date.fromisoformat(self.published)

    def article(self) -> Article:
        """Return the article, with the notices that are found in it."""
        return Article(
            self.id,
            self.title,
            self.text,
            source=self.source,
            published=self.published,
            language="en",
            corrections=find_corrections(self.text, self.published),
        )


class ChangingQuestion(BaseModel):
    """A question of a story: its answers, and what was withdrawn or came later.

    No answers: only what was retracted says it. `corrected` tells that the answer's article was
    corrected.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    as_of: date | None
    answers: tuple[str, ...]
    never: tuple[str, ...]
    corrected: bool


class ChangingStory(GoldCase):
    """Articles in the order in which they came; an id that comes again was changed."""

    kind: Literal["toll", "office", "name", "retraction", "copied error"]
    articles: tuple[Arrival, ...]
    questions: tuple[ChangingQuestion, ...]

    def archive(self) -> MemoryArchive:
        """Return the archive after all of them came."""
        current: dict[str, Article] = {}
        versions: dict[str, list[KeptVersion]] = {}
        for arrival in self.articles:
            article = arrival.article()
            old = current.get(article.id)
            if old and old.version != article.version:
                until = day_of_change(old, article, arrival.day)
                versions.setdefault(article.id, []).append(KeptVersion(old, until))
            current[article.id] = article
        return MemoryArchive(list(current.values()), versions)


def judge_stories(answerer: ExtractiveAnswerer) -> Iterator[_Outcome]:
    """Ask each question of the archive of its story, and yield how that went."""
    for story in read_cases("corrected", ChangingStory):
        own = replace(answerer, archive=story.archive())
        for asked in story.questions:
            result = own.ask(Question(asked.question, as_of=asked.as_of))
            yield from judge_corrected(asked, result)


def judge_corrected(case: ChangingQuestion, result: AskResult) -> Iterator[_Outcome]:
    """Yield whether an answer is right, from no notice or withdrawn text, and shows corrections."""
    answer = result.answer
    is_right = answer is not None and _gives(answer.text, case.answers)
    is_safe = answer is None or not (
        _gives(answer.text, case.never) or any(map(_is_of_notice, answer.citations))
    )
    when = "as of a day before" if case.as_of else "now"
    if case.answers:
        yield f"right answer, {when}", case.id, is_right
    yield "nothing from a notice or a withdrawn text", case.id, is_safe
    if case.corrected and answer and is_right:
        shown = any(one.corrections for one in answer.citations)
        yield "correction shown with the right answer", case.id, shown


def _is_of_notice(cited: Citation) -> bool:
    """Whether what is quoted is, or has in it, a part of a notice."""
    return cited.field == "text" and any(
        one.start is not None
        and one.end is not None
        and one.start < cited.quote_end
        and cited.quote_start < one.end
        for one in cited.corrections
    )


def _gives(text: str, golds: tuple[str, ...]) -> bool:
    return bool(exact_match(text, golds)) or contains_answer(text, golds)
