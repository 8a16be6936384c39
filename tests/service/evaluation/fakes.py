"""An answerer and an archive of one article, and questions to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.article import Article
from corpus.errors import IndexStateError
from index.engines.archive import ArchiveStatus
from index.search.hit import Hit
from index.search.query import Query
from service.answering.answer import Answer, AskResult, Question
from service.answering.forming import cite
from service.answering.mentions import mentions_of
from service.evaluation.questions import GoldQuestion
from service.reader.reader import Span
from tests.service.answering.conftest import hit_for

__all__ = ["HIT", "START", "FakeAnswerer", "FakeArchive", "answer", "gold"]

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
        check: Callable[[], None] | None = None,
    ) -> AskResult:
        if question.text not in self.answers:
            raise IndexStateError("the archive is gone")
        found = self.answers[question.text]
        reason = None if found else "It does not say."
        others = () if found else (answer(0.1),)
        return AskResult(question.text, question.text, found, others, (HIT,), 1, reason)


class FakeArchive:
    status = ArchiveStatus(1, 1, 1, 1, "hash/16", (), None, None)

    def current(self) -> "FakeArchive":
        return self

    def search(self, query: Query, k: int) -> list[Hit]:
        return [HIT]

    def n_passages_with(self, text: str) -> int:
        return int(text in HIT.text)

    def spelt_like(self, word: str) -> str | None:
        return None

    def newest(self, n: int) -> list[Article]:
        raise NotImplementedError

    def article(self, article_id: str) -> Article | None:
        return HIT.article if article_id == "one" else None


def gold(text: str, *answers: str, **extra: object) -> GoldQuestion:
    return GoldQuestion(text, Question(text), answers, extra)
