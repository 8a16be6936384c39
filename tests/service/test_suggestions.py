"""Questions are suggested only where asking them gives what their article says."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from importlib.resources import files

import pytest

from corpus.article import Article
from index.search.hit import Hit
from service.answering.answer import Answer, AskResult, Question
from service.answering.openers import Opener
from service.suggestions import FirstQuestions, follow_ups, is_answered
from tests.service.api.fakes import FakeArchive, FakeSnapshot, citation_of

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


@pytest.mark.parametrize(
    ("given", "likely", "article_id", "expected"),
    [
        ("Margit Osei", True, "pell", True),
        ("Osei", True, "pell", True),
        ("Emil Hartz", True, "pell", False),
        ("Margit Osei", False, "pell", False),
        ("Margit Osei", True, "other", False),
    ],
)
def test_an_answer_must_be_likely_and_say_what_the_article_says(
    given: str, likely: bool, article_id: str, expected: bool
) -> None:
    answer = Answer(given, 0.9, 1, (citation_of(PELL, PELL.text, given),), likely=likely)
    assert is_answered(Opener(HEAD, article_id, "Margit Osei"), answer) is expected
    assert not is_answered(Opener(HEAD, "pell", None), None)


def test_follow_ups_are_asked_first_and_not_repeated() -> None:
    answerer = Knowing(RIGHT)
    found = follow_ups(["pell", "gone"], [HEAD.upper()], answerer, Archive())
    assert found == [CHILDREN, "Who is Emil Hartz?"]
    assert follow_ups(["pell"], [], Knowing(RIGHT | {HEAD: "Emil Hartz"}), Archive()) == found
    assert follow_ups(["pell"], [], Knowing(RIGHT, likely=False), Archive()) == []
    busy = Knowing(RIGHT)
    assert follow_ups(["pell"], [], busy, Archive(), is_busy=lambda: True) == []
    assert busy.asked == []


def now(work: Callable[[], tuple[str, ...]]) -> "Future[tuple[str, ...]]":
    future: Future[tuple[str, ...]] = Future()
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)
    return future


def test_first_questions_are_found_once_for_a_snapshot() -> None:
    answerer = Knowing(RIGHT)
    first = FirstQuestions(answerer, Archive())
    assert first.known() is None
    assert first.begin(now).result() == (HEAD,)
    n = len(answerer.asked)
    assert first.begin(now).result() == first.known() == (HEAD,)
    assert len(answerer.asked) == n


def test_finding_is_tried_again_after_it_failed() -> None:
    first = FirstQuestions(Knowing(RIGHT), Archive())
    failed: Future[tuple[str, ...]] = Future()
    failed.set_exception(ZeroDivisionError())
    assert first.begin(lambda _: failed) is failed
    assert first.begin(now).result() == (HEAD,)


def test_hand_written_examples_are_of_the_sample_archive() -> None:
    samples = files("corpus.samples")
    lines = samples.joinpath("articles.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {article["id"]: article["text"] for article in map(json.loads, lines)}
    examples = samples.joinpath("examples.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(examples) == 6
    for example in map(json.loads, examples):
        assert example["answer"] in texts[example["article_id"]]
