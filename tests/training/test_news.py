"""Examples made from news and from what a retriever finds in it, with a snapshot of fakes."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article
from index.search.hit import Hit
from index.search.query import Query
from service.answering.answer import Question
from service.answering.extractive import ExtractiveAnswerer
from service.answering.scoring import FEATURES, Scorer
from service.evaluation.gold.memory import MemoryArchive
from service.evaluation.questions import GoldQuestion
from service.reader.reader import Span
from service.reader.span_reader import _headed
from tests.service.answering.conftest import hit_for
from training.abstention import Judged, judge, quiz_cases, with_other_subject
from training.calibrate import best_of, fit, report
from training.cloze import cloze_examples
from training.places import headed
from training.quiz import HIDDEN_DAYS, N_FOLDS, hidden_hits, news_quizzes, quiz_examples


class FakeSnapshot(MemoryArchive):
    """Ranks whole articles by the words that they share with the query, filters obeyed."""

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
    *quizzes, hidden = quiz_examples([GOLD], FakeSnapshot(SINKING), random.Random(1))
    # Three times, because its answer was in the news.
    assert [one.source for one in quizzes] == ["quiz"] * 3
    quiz = quizzes[0]
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


def test_a_quiz_with_headlines_may_have_its_answer_there() -> None:
    titled = [replace(one, title="Nine saved!") for one in SINKING[:2]]
    lasting = replace(GOLD, extra={})
    (quiz,) = quiz_examples([lasting], FakeSnapshot(titled), random.Random(1), with_headline=True)
    texts = [headed(one.title, one.text) for one in titled]
    assert sorted(context.text for context in quiz.contexts) == sorted(texts)
    assert all(context.text[slice(*context.answers[0])] == "Nine" for context in quiz.contexts)


@pytest.mark.parametrize("title", ["Ferry sinks", "Ferry sinks.", "Did it sink?", ""])
def test_a_headline_stands_where_the_reader_reads_it(title: str) -> None:
    hit = hit_for("a", "Nine were saved.", 0)
    hit = replace(hit, article=replace(hit.article, title=title))
    assert headed(title, hit.text) == _headed(hit)


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
    assert {gold.id for gold in news_quizzes(2022, only_recent=False)} == set(days)
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

    def knows(self, word: str) -> bool:
        return True

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        max_spans: int = 5,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> list[Span]:
        spans = []
        for number, hit in enumerate(hits):
            at = hit.text.lower().find("nine")
            start, end, score = (at, at + 4, 9.0) if at >= 0 else (0, 3, 1.0)
            spans.append(Span(number, start, end, score, 0.0))
        return spans


ANSWERER = ExtractiveAnswerer(
    FakeSnapshot(SINKING),
    FakeReader(),
    Scorer(weights=dict.fromkeys(FEATURES, 0.0), none=0.0, abstain_below=0.0),
)


def test_a_quiz_is_asked_as_it_is_and_with_its_answer_hidden() -> None:
    asked, hidden = quiz_cases([GOLD], ANSWERER, FakeSnapshot(SINKING))
    assert (asked.source, hidden.source) == ("asked", "hidden")
    assert asked.id == hidden.id == "q"
    assert asked.is_quiz and hidden.is_quiz
    assert asked.is_answerable and not hidden.is_answerable
    # "Nine" of two articles is one group, "The" of the old one another.
    assert (asked.right, asked.exact) == ([True, False], [1.0, 0.0])
    assert (hidden.right, hidden.exact) == ([False], [0.0])
    assert asked.rows[0]["evidence"] > hidden.rows[0]["evidence"]
    assert all(set(row) == set(FEATURES) for one in (asked, hidden) for row in one.rows)


def test_a_quiz_can_be_asked_without_its_day() -> None:
    dated = quiz_cases([GOLD], ANSWERER, FakeSnapshot(SINKING))
    undated = quiz_cases([GOLD], ANSWERER, FakeSnapshot(SINKING), is_dated=False)
    for one, other in zip(dated, undated, strict=True):
        assert (one.source, one.right) == (other.source, other.right)
        assert {row["undated"] for row in one.rows} == {0.0}
        assert {row["undated"] for row in other.rows} == {1.0}
        assert {row["fresh"] for row in other.rows} == {0.0}


def test_a_quiz_without_a_silent_past_is_asked_once() -> None:
    recent = FakeSnapshot(SINKING[1:])
    assert [one.source for one in quiz_cases([GOLD], ANSWERER, recent)] == ["asked"]


def test_where_there_is_no_gold_answer_nothing_is_right() -> None:
    snapshot = FakeSnapshot(SINKING)
    hits = snapshot.search(Query("ferry Sula"), 3)
    found = judge(("refusals", "r"), "How many sank?", (), ANSWERER, hits, snapshot)
    assert not found.is_answerable and not found.is_quiz
    assert not any(found.right) and not any(found.exact)
    assert len(found.rows) == len(found.right) == len(found.exact) > 0


def test_where_nothing_is_found_there_is_no_group() -> None:
    found = judge(("lists", "l"), "Who?", ("nine",), ANSWERER, [], FakeSnapshot([]))
    assert (found.rows, found.right, found.is_answerable) == ([], [], True)


PORTS = [
    news("a", "Captain Marta Ølsen of Norhavn bought the ferry Sula.", "2022-01-05"),
    news("b", "Ivo Brandt of Norhavn raised the rate.", "2022-01-06"),
    news("c", "Alda Reyes bought a ferry.", "2022-01-07"),
]


def test_another_subject_is_one_that_nothing_answers() -> None:
    question = "What did Marta Ølsen buy?"
    snapshot = FakeSnapshot([PORTS[0], PORTS[1]])
    changed = with_other_subject(question, ["Ivo Brandt"], snapshot, 5)
    assert changed == "What did Ivo Brandt buy?"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did Marta Ølsen buy?", ["Kestrel Rhode"]),
        ("What did Marta Ølsen buy?", ["Ølsen"]),
        ("Which ferry did Marta Ølsen choose?", ["Alda Reyes"]),
        ("What did Marta Ølsen buy?", []),
        ("What was bought?", ["Ivo Brandt"]),
        ("Who is Marta Ølsen?", ["Ivo Brandt"]),
    ],
    ids=["not known", "its own", "answered", "none", "no name", "nothing else asked"],
)
def test_a_name_that_is_no_other_subject_is_not_taken(question: str, names: list[str]) -> None:
    articles = [*PORTS, news("d", "Alda Reyes said which ferry to choose.", "2022-01-08")]
    assert with_other_subject(question, names, FakeSnapshot(articles), 5) is None


def row(**features: float) -> dict[str, float]:
    return dict.fromkeys(FEATURES, 0.0) | features


def case(number: int, right: int | None, *rows: dict[str, float], source: str = "asked") -> Judged:
    """Return a question whose group number `right` is right, None where none is."""
    is_of = [place == right for place in range(len(rows))]
    return Judged(str(number), source, rows, is_of, list(map(float, is_of)), right is not None)


def telling(n: int = 120) -> list[Judged]:
    """Return questions whose margin tells the right group; the rank tells nothing."""
    rng = random.Random(1)
    return [
        case(
            number,
            0 if number % 3 else None,
            row(evidence=rng.gauss(4.0 if number % 3 else -4.0, 1.0), rank=rng.gauss(0, 1)),
            row(evidence=rng.gauss(-4.0, 1.0), rank=rng.gauss(0, 1)),
        )
        for number in range(n)
    ]


def test_the_fit_prefers_the_feature_that_tells() -> None:
    scorer = fit(telling())
    assert scorer.weights["evidence"] > 0.2
    # A row's margin spreads over several units, its rank over one.
    assert abs(scorer.weights["rank"]) < scorer.weights["evidence"]
    (sure, other) = scorer.probabilities([row(evidence=4.0), row(evidence=-4.0)])
    assert sure > 0.8 > 0.2 > other
    assert sum(scorer.probabilities([row(evidence=-4.0), row(evidence=-4.0)])) < 0.2


def test_a_feature_that_never_differs_has_no_weight() -> None:
    scorer = fit(telling())
    assert set(scorer.weights) == set(FEATURES)
    assert all(scorer.weights[name] == 0.0 for name in FEATURES if name not in ("evidence", "rank"))


def test_a_feature_left_out_has_no_weight() -> None:
    scorer = fit(telling(), without="evidence")
    assert scorer.weights["evidence"] == 0.0
    assert set(scorer.weights) == set(FEATURES)


def test_the_fit_is_about_as_sure_as_it_is_right() -> None:
    rng = random.Random(1)
    some = [case(n, 0 if rng.random() < 0.8 else None, row(evidence=4.0)) for n in range(200)]
    some += [case(n, 0 if rng.random() < 0.1 else None, row(evidence=-4.0)) for n in range(200)]
    scorer = fit(some)
    for margin in (4.0, -4.0):
        right = [any(one.right) for one in some if one.rows[0]["evidence"] == margin]
        (found,) = scorer.probabilities([row(evidence=margin)])
        # The ridge draws it a little towards not knowing.
        assert found == pytest.approx(sum(right) / len(right), abs=0.08)


def test_an_answer_is_given_where_it_is_worth_its_risk() -> None:
    # A wrong answer costs a quarter of what a right one gives: worth it from a fifth on.
    assert fit(telling()).abstain_below == pytest.approx(1 / 5, abs=0.005)


def test_the_best_group_is_the_likeliest() -> None:
    scorer = fit(telling())
    one = case(0, 1, row(evidence=-4.0), row(evidence=4.0))
    probability, right, exact = best_of(scorer, one)
    assert (right, exact) == (True, 1.0)
    assert probability == max(scorer.probabilities(one.rows))
    assert best_of(scorer, case(0, None)) == (0.0, False, 0.0)


def test_the_report_has_a_line_for_quizzes_and_one_for_the_rest() -> None:
    some = telling(30)
    gold = [replace(one, source="lists") for one in some]
    scorer = fit(some)
    quizzes, rest = report("fitted", scorer, [*some, *gold]).splitlines()
    assert quizzes.split()[:5] == ["fitted", "quizzes", "n", "20", "+"]
    assert rest.split()[:2] == ["fitted", "gold"]
    assert "right 1.000" in quizzes and "calibration error 0.0" in quizzes
    assert report("fitted", scorer, gold) == rest
