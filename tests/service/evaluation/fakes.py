"""An answerer and an archive of one article, and questions to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.errors import IndexStateError
from index.search.hit import Hit
from service.answering.answer import Answer, AskResult, Question
from service.answering.forming import cite
from service.answering.mentions import mentions_of
from service.evaluation.questions import GoldQuestion
from service.reader.reader import Span
from tests.service.answering.conftest import hit_for
from tests.service.answering.fakes import FakeArchive

__all__ = ["HIT", "START", "FakeAnswerer", "archive", "answer", "gold"]

HIT = hit_for("one", "It rained. Nine <b>people</b> were rescued on Tuesday.", 0)
START = HIT.article.text.index("Nine")


def answer(confidence: float = 0.8) -> Answer:
    (found,) = mentions_of([Span(0, START, START + 4, 1.0, 0.0)], [HIT])
    return Answer("Nine", confidence, 1, (cite(found),))


@dataclass
class FakeAnswerer:
    answers: dict[str, Answer | None]

    def ask(
        self,
        question: Question,
        on_hits: Callable[[Sequence[Hit]], None] | None = None,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> AskResult:
        if question.text not in self.answers:
            raise IndexStateError("the archive is gone")
        found = self.answers[question.text]
        reason = None if found else "It does not say."
        others = () if found else (answer(0.1),)
        return AskResult(question.text, question.text, found, others, (HIT,), 1, reason)


def archive() -> FakeArchive:
    """Return an archive of one article."""
    return FakeArchive([HIT])


def gold(text: str, *answers: str, **extra: object) -> GoldQuestion:
    return GoldQuestion(text, Question(text), answers, extra)
