"""What a question asks for, and what may answer it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.analysis import (
    AnswerType,
    QuestionKind,
    analyse,
    as_news_writes,
    fits,
    parts_of,
    question_kind,
)
from service.answering.periods import asked_day, asked_years
from service.answering.places import is_country, is_us_state
from service.answering.values.value import Value

AS_OF = date(2025, 6, 10)
DATE = Value("date", iso="2024-03-05", precision="day")
NUMBER = Value("number", number=9.0)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which villages were flooded?", "list"),
        ("In which districts have schools been closed?", "list"),
        ("Which three women took the first places?", "list"),
        ("Who were the other finalists?", "list"),
        ("What were the most common side effects?", "list"),
        ("What kinds of data were stolen?", "list"),
        ("Name the three towns that flooded.", "list"),
        ("Which country was recommended for candidacy?", "fact"),
        ("Which band announced this week that it will reunite?", "fact"),
        ("Which of these teams declined?", "fact"),
        ("Which viral term describes it?", "fact"),
        ("How many people died?", "fact"),
        ("How long is the tunnel?", "fact"),
        ("Why was the launch called off?", "reason"),
        ("How did the fire start?", "reason"),
        ("And why did it fail?", "reason"),
        ("Who knows why?", "reason"),
        ("What was the reason for the delay?", "reason"),
        ("Was anyone hurt?", "yes-no"),
        ("Did the ferry sink?", "yes-no"),
        ("Is the bridge open or closed?", "fact"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: QuestionKind) -> None:
    assert question_kind(question) == kind


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which country left the bloc?", "country"),
        ("The ferry was built in which European country?", "country"),
        ("Which country's president resigned?", "country"),
        ("Which city's mayor resigned?", None),
        ("The ferry sank on Tuesday. When was it built?", "date"),
        ("Who would have thought it? The ferry is back. How long is it?", None),
        ("A singer drowned. What was her name?", "person"),
        ("What did the country sell?", None),
        ("What is the nation waiting for?", None),
        ("Which US state banned the sale?", "state"),
        ("In which state did the dam break?", "state"),
        ("Which port city flooded?", "city"),
        ("What percentage of voters stayed away?", "percent"),
        ("How old is the captain?", "age"),
        ("How many people were rescued?", "number"),
        ("How much did the bridge cost?", "number"),
        ("When did the ferry sink?", "date"),
        ("What happened when the ferry sank?", None),
        ("In what year was the bridge opened?", "date"),
        ("It is the hottest summer since:", "date"),
        ("Who sold Lumina?", "person"),
        ("Lumina was bought by whom?", "person"),
        ("Which company was sold by the man who founded it?", None),
        ("Which former mayor was arrested?", "person"),
        ("Which company bought Lumina?", None),
    ],
)
def test_the_type_of_the_answer(question: str, expected: AnswerType | None) -> None:
    assert analyse(question).expected == expected


@pytest.mark.parametrize(
    ("expected", "text", "value", "does"),
    [
        ("country", "the Netherlands", None, True),
        ("country", "U.S", None, True),
        ("country", "South Carolina", None, False),
        ("country", "British", None, False),
        ("state", "South Carolina", None, True),
        ("state", "WASHINGTON", None, True),
        ("state", "France", None, False),
        ("city", "New York", None, True),
        ("city", "France", None, False),
        ("city", "the harbour", None, False),
        ("percent", "12%", Value("percent", number=12.0), True),
        ("percent", "12", NUMBER, False),
        ("age", "22", NUMBER, True),
        ("age", "22-year", NUMBER, False),
        ("age", "22-year-old", None, True),
        ("age", "Tuesday", DATE, False),
        ("number", "nine", NUMBER, True),
        ("number", "9 of 10", None, True),
        ("number", "Tuesday", DATE, False),
        ("number", "some", None, False),
        ("date", "Tuesday", DATE, True),
        ("date", "three years ago", None, True),
        ("date", "Norhavn", None, False),
        ("person", "Marta Ølsen", None, True),
        ("person", "Tuesday", DATE, False),
        ("person", "Ohio", None, False),
        ("person", "a captain", None, False),
        (None, "a captain", None, True),
        (None, "What", None, False),
        (None, "they", None, False),
    ],
)
def test_what_may_be_an_answer(
    expected: AnswerType | None, text: str, value: Value | None, does: bool
) -> None:
    assert fits(expected, text, value) is does


def test_places() -> None:
    assert all(map(is_country, ("France", "UK", "United States", "Côte d’Ivoire", "Türkiye")))
    assert not any(map(is_country, ("Europe", "Paris", "Africa", "")))
    assert is_us_state("New York") and not is_us_state("London")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Who is the captain and how many people were rescued?",
            ("Who is the captain?", "how many people were rescued?"),
        ),
        (
            "When did the ferry sink, and where was it built?",
            ("When did the ferry sink?", "where was it built?"),
        ),
        ("Who sank? How many died?", ("Who sank?", "How many died?")),
        ("Who sank? And how many died?", ("Who sank?", "And how many died?")),
        ("Is it back? How long is it?", ("Is it back? How long is it?",)),
        (
            "Who would have thought it? The ferry is back.",
            ("Who would have thought it? The ferry is back.",),
        ),
        ("Who bought and sold Lumina?", ("Who bought and sold Lumina?",)),
        ("Where and when did it sink?", ("Where and when did it sink?",)),
        ("Who won the cup?", ("Who won the cup?",)),
        ("", ("",)),
    ],
)
def test_two_questions_in_one_sentence_are_parted(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Who paid 9000?", "Who paid 9,000?"),
        ("Who paid 9,000?", "Who paid 9,000?"),
        ("Who paid 2800000?", "Who paid 2.8 million?"),
        ("Who paid 2,800,000?", "Who paid 2.8 million?"),
        ("Who paid 3000000000?", "Who paid 3 billion?"),
        ("Who paid 2812345?", "Who paid 2,812,345?"),
        ("Who won in 2024?", "Who won in 2024?"),
        ("Who paid 120 and 3.14159?", "Who paid 120 and 3.14159?"),
        ("Who flew MH17 and A1234?", "Who flew MH17 and A1234?"),
    ],
)
def test_large_numbers_are_written_as_news_does(text: str, written: str) -> None:
    assert as_news_writes(text) == written


@given(st.text(alphabet="0123456789,. ax", max_size=20))
def test_a_number_written_as_news_does_stays(text: str) -> None:
    once = as_news_writes(text)
    assert as_news_writes(once) == once


def test_a_clause_is_read_for_and_the_whole_searched_for() -> None:
    found = analyse("Who won the race in Orvale? How many voted?", "How many voted?", AS_OF)
    assert found.text == "Who won the race in Orvale? How many voted?"
    assert (found.asked, found.expected) == ("How many voted?", "number")
    assert found.names == ("Orvale",)
    assert found.as_of == AS_OF
    assert {"race", "vote"} <= set(found.terms) <= found.own


def test_names_are_taken_once_and_without_words_before_them() -> None:
    asked = analyse("Did Mr. Ivo Brandt meet Marta Ølsen before Ivo Brandt left on Monday?")
    assert asked.names == ("Ivo Brandt", "Marta Ølsen")


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
    assert analyse(question, as_of=AS_OF).day == day


def test_prices_and_counts_are_no_years() -> None:
    assert asked_years("Who paid $2000 for 2,021 of 1999% in 2022?") == {2022}
