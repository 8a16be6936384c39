"""An archive of one article and an answerer that knows it, for questions that are suggested."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from corpus.article import Article
from index.search.hit import Hit
from service.answering.answer import Answer, AskResult, Question
from tests.service.api.fakes import FakeArchive, FakeSnapshot, citation_of

__all__ = ["CHILDREN", "HEAD", "PELL", "RIGHT", "Archive", "Knowing"]

TEXT = (
    "Margit Osei, 58, the head of Pell School, left. Emil Hartz, a baker, was there. Hartz said "
    "so. In all 40 children were taken to Low Harrow."
)
PELL = Article("pell", "Pell", TEXT)


class Snapshot(FakeSnapshot):
    newest_articles = (PELL,)

    def article(self, article_id: str) -> Article | None:
        return PELL if article_id == PELL.id else None


class Archive(FakeArchive):
    def current(self) -> Snapshot:
        return Snapshot()


@dataclass
class Knowing:
    """Gives these answers out of the article, and refuses all other questions."""

    answers: dict[str, str]
    likely: bool = True
    asked: list[Question] = field(default_factory=list)

    def ask(
        self,
        question: Question,
        on_hits: Callable[[Sequence[Hit]], None] | None = None,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> AskResult:
        self.asked.append(question)
        text = self.answers.get(question.text)
        answer = None
        if text:
            cited = citation_of(PELL, PELL.text, text)
            answer = Answer(text, 0.9, 1, (cited,), likely=self.likely)
        reason = None if answer else "The archive does not say."
        return AskResult(question.text, question.text, answer, (), (), 7, reason)


HEAD, CHILDREN = "Who is the head of Pell School?", "How many children were taken to Low Harrow?"
RIGHT = {HEAD: "Margit Osei", CHILDREN: "40", "Who is Emil Hartz?": "a baker"}
