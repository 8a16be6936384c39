"""Facts that change: the latest value, the one of a time, and what the archive said before."""

from dataclasses import replace
from datetime import date

import pytest

from index.hit import Hit
from service.answering.answer import Answer, Question
from service.answering.periods import asked_day, without_time
from tests.service.answering.conftest import hit_for
from tests.service.answering.test_extractive import answerer

AS_OF = date(2025, 6, 10)


def news(name: str, text: str, published: str, source: str, rank: int) -> Hit:
    hit = hit_for(name, text, rank)
    article = replace(hit.article, published=published, source=source)
    return replace(hit, article=article)


TOLL = [
    news("c", "The toll rose to 14 on Friday.", "2025-03-07", "Post", 0),
    news("a", "At least 9 were dead on Wednesday.", "2025-03-05", "Post", 1),
    news("b", "Officials counted 12 dead.", "2025-03-06", "Echo", 2),
    news("d", "The storm killed 12 in all.", "2025-03-06", "Herald", 3),
]


def asked(hits: list[Hit], finds: dict[str, float], question: str = "How many died?") -> Answer:
    found = answerer(hits, **finds).ask(Question(question, as_of=AS_OF)).answer
    assert found
    return found


def test_the_latest_value_is_the_answer_and_all_are_told() -> None:
    answer = asked(TOLL, {"14": 7.0, "9": 6.0, "12": 6.0})
    assert answer.text == "14"
    told = [(entry.text, entry.citation.published) for entry in answer.timeline]
    assert told == [("9", "2025-03-05"), ("12", "2025-03-06"), ("14", "2025-03-07")]
    for entry in answer.timeline:
        cited = entry.citation
        assert entry.text in cited.quote
    assert not answer.conflict


def test_the_value_of_the_time_asked_for_is_the_answer() -> None:
    mayors = [
        news("a", "Bertil Aune won.", "2015-10-12", "Post", 0),
        news("b", "Grete Solvang won.", "2019-09-10", "Post", 1),
    ]
    answer = asked(mayors, {"bertil aune": 5.0, "grete solvang": 6.0}, "Who was the mayor in 2018?")
    assert answer.text == "Bertil Aune"


def test_a_name_and_its_last_part_are_one_value() -> None:
    captains = [
        news("a", "Katya Lund will lead the team.", "2021-09-06", "Post", 0),
        news("b", "Captain Lund saved twelve shots.", "2022-02-09", "Post", 1),
        news("c", "Ronja Heikkila takes over.", "2022-08-29", "Post", 2),
    ]
    finds = {"katya lund": 5.0, "lund": 4.0, "ronja heikkila": 4.5}
    answer = asked(captains, finds, "Who is the captain?")
    assert [entry.text for entry in answer.timeline] == ["Katya Lund", "Ronja Heikkila"]


def test_one_value_is_no_timeline() -> None:
    answer = asked(TOLL[2:], {"12": 6.0})
    assert answer.timeline == ()
    assert answer.text == "12"


def test_what_is_hardly_an_answer_or_of_another_kind_is_no_value() -> None:
    answer = asked(TOLL[:2], {"14": 9.0, "9": -3.0, "friday": 9.0})
    assert answer.timeline == ()


@pytest.mark.parametrize(
    ("newest", "other", "expected"),
    [
        ("Police say 17 died.", "Echo", True),
        ("The count was revised to 17 dead.", "Echo", False),
        ("Police say 17 died.", "Post", False),
    ],
)
def test_outlets_that_differ_at_one_time_are_a_conflict(
    newest: str, other: str, expected: bool
) -> None:
    hits = [
        news("a", "The mine owner says 14 died.", "2025-03-05", "Post", 0),
        news("b", newest, "2025-03-05", other, 1),
    ]
    assert asked(hits, {"14": 6.0, "17": 6.0}).conflict is expected


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("Who was the mayor in 2018?", date(2018, 12, 31)),
        ("What was the rate last March?", date(2025, 3, 31)),
        ("What did it cost in July 2023?", date(2023, 7, 31)),
        ("Who was editor in the spring of 2022?", date(2022, 12, 31)),
        ("Who was the captain two years ago?", date(2023, 12, 31)),
        ("Who is the mayor?", None),
        ("How many people died?", None),
    ],
)
def test_the_time_that_a_question_names_ends_on_a_day(question: str, day: date | None) -> None:
    assert asked_day(question, AS_OF) == day


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Who was the mayor in 2018?", "Who was the mayor?"),
        ("What was the rate last March?", "What was the rate?"),
        ("What did it cost in July 2023?", "What did it cost?"),
        ("Who was editor in the spring of 2022?", "Who was editor?"),
        ("Who was the captain two years ago?", "Who was the captain?"),
        ("Who won the 2018 election?", "Who won the 2018 election?"),
        ("In 2018, who was the mayor?", "In 2018, who was the mayor?"),
        ("Who is the mayor?", "Who is the mayor?"),
    ],
)
def test_a_reader_is_not_asked_for_the_time(question: str, rest: str) -> None:
    assert without_time(question) == rest
