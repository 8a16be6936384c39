"""The gold sets on proof and on questions as typed: their cases, and how answers are judged."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.sources import read_sources
from service.answering.answer import Answer, AskResult, CitedText
from service.evaluation.gold.cases import ProofCase, TypedCase, read_cases
from service.evaluation.gold.sets import SETS, judge_proof, judge_typed
from service.evaluation.metrics import contains_answer
from tests.service.answering.fakes import answerer
from tests.service.evaluation.fakes import HIT, answer

SAMPLES = Path(__file__).parents[3] / "corpus" / "samples" / "articles.jsonl"
PROOF = list(read_cases("proof", ProofCase))
TYPED = list(read_cases("typed", TypedCase))
# What tells an answer from others: its numbers and its names.
_TELLING = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]*[A-ZÀ-Þ]\w+")


@pytest.fixture(scope="module")
def texts() -> Mapping[str, str]:
    """The title and text of each sample article by its id."""
    records = read_sources([SAMPLES])
    return {one.id: f"{one.title}\n{one.text}" for one in records if isinstance(one, Article)}


def test_the_sets_have_sixty_cases_each() -> None:
    assert [case.id for case in PROOF] == [f"p-{number:02}" for number in range(1, 61)]
    assert [case.id for case in TYPED] == [f"y-{number:02}" for number in range(1, 61)]
    questions = [case.question for case in PROOF] + [case.question for case in TYPED]
    assert len({question.casefold() for question in questions}) == 120


def test_every_answer_stands_in_every_article_that_is_said_to_say_it(
    texts: Mapping[str, str],
) -> None:
    for case in PROOF:
        assert case.answers and case.articles, case.id
        for article_id in case.articles:
            assert contains_answer(texts[article_id], case.answers), (case.id, article_id)


def test_what_proves_an_answer_stands_elsewhere_for_something_else(
    texts: Mapping[str, str],
) -> None:
    for case in PROOF:
        others = [text for name, text in texts.items() if name not in case.articles]
        words = [word for one in case.answers for word in _TELLING.findall(one)]
        assert any(contains_answer(text, words) for text in others), case.id


def test_typed_questions_are_of_six_kinds_and_their_answers_stand_in_the_archive(
    texts: Mapping[str, str],
) -> None:
    kinds = Counter(case.kind for case in TYPED)
    assert kinds == {
        "typo": 20, "keywords": 10, "yes-no": 10, "topic": 8, "two": 6, "greeting": 6,
    }  # fmt: skip
    archive = "\n".join(texts.values())
    for case in TYPED:
        assert bool(case.answers) == (case.kind in ("typo", "keywords", "yes-no")), case.id
        assert (len(case.parts) == 2) == (case.kind == "two"), case.id
        golds = (case.answers, *case.parts) if case.answers else case.parts
        assert all(contains_answer(archive, one) for one in golds), case.id


def test_a_typing_error_changes_one_or_two_words() -> None:
    for case in TYPED:
        assert (case.corrected is not None) == (case.kind == "typo"), case.id
        if case.corrected:
            pairs = zip(case.question.split(), case.corrected.split(), strict=True)
            assert 1 <= sum(typed != right for typed, right in pairs) <= 2, case.id


def result(found: Answer | None, corrected: str | None = None) -> AskResult:
    reason = None if found else "It does not say."
    return AskResult("?", "?", found, (), (HIT,), 1, reason, corrected_question=corrected)


def proof(found: Answer | None, *articles: str) -> list[tuple[str, bool]]:
    case = ProofCase(id="p", question="How many?", answers=("nine",), articles=articles)
    return [(measure, is_right) for measure, _, is_right in judge_proof(case, result(found))]


def test_a_citation_of_an_article_that_does_not_say_it_is_false() -> None:
    first = answer().citations[0]
    cited_twice = replace(answer(), citations=(first, replace(first, article_id="two")))
    assert proof(cited_twice, "one", "two", "three") == [
        ("right answer", True),
        ("no false citation", True),
        ("true citations", True),
        ("true citations", True),
    ]
    assert proof(cited_twice, "one") == [
        ("right answer", True),
        ("no false citation", False),
        ("true citations", True),
        ("true citations", False),
    ]


@pytest.mark.parametrize("found", [None, replace(answer(), text="ten")])
def test_citations_are_judged_of_right_answers_only(found: Answer | None) -> None:
    assert proof(found, "one") == [("right answer", False)]


def typed(found: Answer | None, spelt: str | None = None, **case: object) -> list[bool]:
    made = TypedCase.model_validate({"id": "y", "question": "?", "answers": (), **case})
    return [is_right for _, _, is_right in judge_typed(made, result(found, spelt))]


@pytest.mark.parametrize("kind", ["topic", "greeting"])
def test_what_asks_nothing_is_to_be_refused(kind: str) -> None:
    assert typed(None, kind=kind) == [True]
    assert typed(answer(), kind=kind) == [False]


@pytest.mark.parametrize("kind", ["keywords", "yes-no", "typo"])
def test_an_answer_is_right_by_its_text_or_its_first_quote(kind: str) -> None:
    assert typed(answer(), kind=kind, answers=["nine"]) == [True]
    assert typed(answer(), kind=kind, answers=["were rescued"]) == [True]
    assert typed(answer(), kind=kind, answers=["ten", "nobody"]) == [False]
    assert typed(None, kind=kind, answers=["nine"]) == [False]


def test_spelling_is_put_right_when_the_question_is_as_it_should_be() -> None:
    case: dict[str, object] = {"kind": "typo", "answers": ["nine"], "corrected": "How many people?"}
    assert typed(answer(), spelt="how many people?", **case) == [True, True]
    assert typed(answer(), spelt="how many peoples?", **case) == [True, False]
    assert typed(answer(), spelt=None, **case) == [True, False]


def test_two_questions_in_one_need_both_answers() -> None:
    parts = [["nine"], ["Tuesday", "March 5"]]
    one = replace(answer(), citations=())
    assert typed(one, kind="two", parts=parts) == [False]
    assert typed(None, kind="two", parts=parts) == [False]
    second = CitedText("on Tuesday", None, answer().citations[0])
    assert typed(replace(one, items=(second,)), kind="two", parts=parts) == [True]


def test_an_answerer_that_refuses_everything_is_right_where_nothing_is_asked() -> None:
    silent = answerer([])
    outcomes = [one for name in ("proof", "typed") for one in SETS[name](silent)]
    assert {measure for measure, _, is_right in outcomes if is_right} == {
        "as expected, topic",
        "as expected, greeting",
    }
    assert len(outcomes) == 60 + 60 + 20
