import pytest

from service.answering.expected import AnswerType, expected_type, fits
from service.answering.places import is_country, is_us_state
from service.answering.values.value import Value

DATE = Value("date", iso="2024-03-05", precision="day")
NUMBER = Value("number", number=9.0)


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
def test_what_is_asked_for(question: str, expected: AnswerType | None) -> None:
    assert expected_type(question) == expected


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
