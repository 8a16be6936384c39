"""Examples made from news and from what a retriever finds in it, with a snapshot of fakes."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article
from index.archive import ArchiveStatus
from index.hit import Hit
from index.query import Query
from service.answering.answer import Question
from service.answering.evidence import EvidenceSettings
from service.evaluation.questions import GoldQuestion
from service.reader.reader import Span
from tests.service.answering.conftest import hit_for
from training.abstention import Judged, ask_twice, judge
from training.calibrate import fit, threshold_keeping
from training.cloze import cloze_examples
from training.quiz import HIDDEN_DAYS, N_FOLDS, hidden_hits, news_quizzes, quiz_examples


@dataclass(frozen=True)
class FakeSnapshot:
    """Ranks whole articles by the words that they share with the query, filters obeyed."""

    articles: Sequence[Article]

    @property
    def status(self) -> ArchiveStatus:
        raise NotImplementedError

    def newest(self, n: int) -> list[Article]:
        raise NotImplementedError

    def article(self, article_id: str) -> Article | None:
        raise NotImplementedError

    def search(self, query: Query, k: int) -> list[Hit]:
        words = set(query.text.lower().split())
        last = min(filter(None, (query.as_of, query.filters.published_to)), default=date.max)
        first = query.filters.published_from or date.min
        allowed = [one for one in self.articles if one.day and first <= one.day <= last]
        ranked = sorted(allowed, key=lambda a: -len(words & set(a.text.lower().split())))
        return [
            replace(hit_for(one.id, one.text, rank), article=one)
            for rank, one in enumerate(ranked[:k])
        ]


def news(article_id: str, text: str, published: str) -> Article:
    return Article(article_id, "", text, published=published)


SINKING = [
    news("old", "The ferry Sula was built in Norhavn.", "2022-01-05"),
    news("one", "Nine people were saved when the ferry Sula sank on Tuesday.", "2022-06-01"),
    news("two", "The ferry Sula sank. It was nine people that were rescued.", "2022-06-02"),
    news("late", "Nine people of the ferry Sula met again.", "2023-06-02"),
]
GOLD = GoldQuestion(
    "q", Question("How many people were saved from the ferry Sula?", as_of=date(2022, 6, 3)),
    ("nine",), {"recent": True},
)  # fmt: skip


def test_a_quiz_comes_with_what_was_found_for_it() -> None:
    quiz, hidden = quiz_examples([GOLD], FakeSnapshot(SINKING), 1, random.Random(1))
    assert quiz.is_distant
    found = {
        context.text: [context.text[start:end] for start, end in context.answers]
        for context in quiz.contexts
    }
    assert found == {
        SINKING[0].text: [],
        SINKING[1].text: ["Nine"],
        SINKING[2].text: ["nine"],
    }
    assert hidden.source == "quiz/hidden"
    assert [context.text for context in hidden.contexts] == [SINKING[0].text]


def test_hidden_hits_are_old_and_silent() -> None:
    (hit,) = hidden_hits(GOLD, FakeSnapshot(SINKING), 5)
    assert hit.article.id == "old"
    assert GOLD.question.as_of and hit.article.day
    assert (GOLD.question.as_of - hit.article.day).days >= HIDDEN_DAYS


def test_folds_share_no_question_and_leave_none_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
    (tmp_path / "news").mkdir()
    days = [f"2022-{month:02}-{day:02}" for month in range(1, 13) for day in (3, 17)]
    lines = [
        {"id": day, "question": "Q?", "answers": ["a"], "as_of": day, "recent": day[-1] == "3"}
        for day in [*days, "2023-01-03"]
    ]
    path = tmp_path / "news/realtimeqa-questions.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    folds = [{gold.id for gold in news_quizzes(2022, [fold])} for fold in range(N_FOLDS)]
    assert set.union(*folds) == {gold.id for gold in news_quizzes(2022)} == set(days[::2])
    assert sum(map(len, folds)) == len(days[::2])
    assert all(folds)


STORM = [
    news(
        "a",
        "Storm Berta hit the coast of Rovia late on Monday and cut power to many homes there.",
        "2022-09-05",
    ),
    news("b", "On the coast of Rovia, Storm Berta cut the power of many homes.", "2022-09-06"),
    news("c", "Many homes on the coast were without power for days this year.", "2022-09-04"),
    news("d", "Storm Berta was many months ago.", "2021-09-04"),
]


def test_a_cloze_asks_the_other_articles() -> None:
    seen = set()
    for seed in range(30):
        for example in cloze_examples(STORM[:1], FakeSnapshot(STORM), 5, random.Random(seed)):
            if example.source == "cloze":
                answers = {c.text[slice(*c.answers[0])] for c in example.contexts if c.answers}
                assert len(answers) == 1
                (answer,) = answers
                assert answer not in example.question
                texts = [context.text for context in example.contexts]
                assert STORM[0].text not in texts and STORM[3].text not in texts
                seen.add((answer, example.question))
    assert ("Rovia", STORM[0].text.replace("Rovia", "what")[:-1] + "?") in seen


def test_a_sentence_of_many_articles_makes_no_cloze() -> None:
    again = [replace(STORM[0], id=name) for name in ("x", "y")]
    assert not list(cloze_examples(again, FakeSnapshot(STORM), 5, random.Random(1)))


class FakeReader:
    """Finds the word "nine", surely, or else the first word, unsurely."""

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        max_spans: int = 5,
        check: Callable[[], None] | None = None,
    ) -> list[Span]:
        spans = []
        for number, hit in enumerate(hits):
            at = hit.text.lower().find("nine")
            start, end, score = (at, at + 4, 9.0) if at >= 0 else (0, 3, 1.0)
            spans.append(Span(number, start, end, score, 0.0))
        return spans


def test_a_question_is_asked_twice_and_judged() -> None:
    asked, hidden = ask_twice([GOLD], FakeSnapshot(SINKING), FakeReader(), 10)
    first, second = judge(asked, EvidenceSettings()), judge(hidden, EvidenceSettings())
    assert first and second
    assert (first.em, first.f1, first.is_answerable) == (1.0, 1.0, True)
    assert (second.em, second.f1, second.is_answerable) == (0.0, 0.0, False)
    assert first.margin > second.margin


def judged(share: float, margin: float, em: float) -> Judged:
    return Judged(share, margin, 0.5, em, em, is_answerable=True)


def test_the_fit_is_surer_of_what_was_right_more_often() -> None:
    rng = random.Random(1)
    some = [judged(0.9, 4.0, float(rng.random() < 0.8)) for _ in range(200)]
    some += [judged(0.2, -4.0, float(rng.random() < 0.1)) for _ in range(200)]
    calibration = fit(some)
    for share, margin in ((0.9, 4.0), (0.2, -4.0)):
        right = [one.em for one in some if one.share == share]
        expected = sum(right) / len(right)
        assert calibration.confidence(share, margin, 0.5) == pytest.approx(expected, abs=0.01)


def test_the_threshold_keeps_the_right_answers_it_should() -> None:
    confidences = [i / 100 for i in range(100)]
    some = [judged(0.5, 0.0, float(i % 2)) for i in range(100)]
    threshold = threshold_keeping(confidences, some, 0.75)
    kept = [one for c, one in zip(confidences, some, strict=True) if c >= threshold and one.em]
    assert len(kept) == 38
    assert threshold_keeping([0.3], [judged(0.5, 0.0, 0.0)], 0.9) == 0.0
