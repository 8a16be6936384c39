"""Look-alikes: the same two passages under two questions, each with its answer in one of them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.example import Context, Example
from training.lookalikes import lookalikes
from training.names import NameBook, names_in

TEXT = (
    "President Guillermo Lasso of Ecuador visited Quito. In 2021 Lasso won against Andrés Arauz, "
    "who had led in Ecuador by 13 points in February."
)
NEWS = [
    TEXT,
    *(f"He lives in {place}. They met in {place}." for place in ("Colombia", "Peru", "Lima")),
    *(f"He saw Guillermo {name}, and later Guillermo {name}." for name in ("Ruiz", "Mora", "Paz")),
    *(f"He saw Guillermo {name}, and later Guillermo {name}." for name in ("Soto", "Vega", "Rey")),
    *(f"He saw Ana {name}, and later Ana {name}." for name in ("Gil", "Toro", "Sanz", "Leon")),
    *(f"He saw Ana {name}, and later Ana {name}." for name in ("Marin", "Cano", "Prieto")),
]


@pytest.fixture(scope="module")
def book() -> NameBook:
    return NameBook(NEWS)


def example(question: str, answer: str, text: str = TEXT) -> Example:
    start = text.index(answer)
    context = Context(text=text, answers=((start, start + len(answer)),))
    return Example(source="test", question=question, contexts=(context,))


def many(book: NameBook, one: Example) -> list[list[Example]]:
    made = (lookalikes(one, book, random.Random(seed)) for seed in range(60))
    return [pair for pair in made if pair]


def texts(one: Example) -> list[str]:
    return [context.text for context in one.contexts]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who did Lasso beat?", "Andrés Arauz"),
        ("What did Guillermo Lasso of Ecuador visit in 2021?", "Quito"),
        ("Who led by 13 points?", "Andrés Arauz"),
    ],
)
def test_each_question_has_its_answer_in_one_passage(
    book: NameBook, question: str, answer: str
) -> None:
    made = many(book, example(question, answer))
    assert made
    for first, second in made:
        assert first.question == question != second.question
        assert texts(first) == texts(second)[::-1]
        for one in (first, second):
            right, wrong = one.contexts
            assert right.answers and not wrong.answers
            assert right.text != wrong.text
        (place,) = first.contexts[0].answers
        assert TEXT[slice(*place)] == answer


def test_every_mention_is_replaced_and_the_answer_stays_in_place(book: NameBook) -> None:
    changed = {
        second.question: second.contexts[0]
        for _, second in many(book, example("Who won in Ecuador?", "Guillermo Lasso"))
    }
    assert "Who won in Colombia?" in changed
    context = changed["Who won in Colombia?"]
    assert "Ecuador" not in context.text and context.text.count("Colombia") == 2
    assert [context.text[slice(*place)] for place in context.answers] == ["Guillermo Lasso"]


def test_years_move_together(book: NameBook) -> None:
    text = "It won in 2019 and 2021, as in the 2019s before. Rates rose by 5%."
    for _, second in many(book, example("What rose in 2021?", "Rates", text)):
        told = second.contexts[0].text
        shift = int(second.question[-5:-1]) - 2021
        assert 0 < abs(shift) < 5
        first, last = 2019 + shift, 2021 + shift
        assert told == f"It won in {first} and {last}, as in the {first}s before. Rates rose by 5%."


def test_a_name_that_other_words_are_made_from_stays(book: NameBook) -> None:
    text = "The vote in Ecuador was lost, the Ecuadorian president said."
    assert not many(book, example("Who spoke of the vote in Ecuador?", "president", text))


def test_a_person_is_replaced_under_either_name(book: NameBook) -> None:
    text = "He saw Guillermo Ruiz in Lima. Later Ruiz said he was sorry."
    pairs = many(book, example("Where was Guillermo Ruiz?", "Lima", text))
    assert pairs
    for _, second in pairs:
        if "Ruiz" not in second.question:
            assert "Ruiz" not in second.contexts[0].text
            surname = second.question.split()[-1].strip("?")
            assert f"Later {surname} said" in second.contexts[0].text


def test_nothing_to_exchange_makes_nothing(book: NameBook) -> None:
    assert not many(book, example("Who did it?", "Quito"))
    unanswerable = Example(source="t", question="Ecuador?", contexts=(Context(text=TEXT),))
    assert not many(book, unanswerable)


def test_kinds_of_names(book: NameBook) -> None:
    kinds = {
        name: book.kind(name)
        for name in ("Ecuador", "Ohio", "Lima", "Guillermo Vega", "New Town Hall", "Trawler")
    }
    assert list(kinds.values()) == ["country", "state", "place", "person", "3", "1"]
    assert set(book.others("Lima", random.Random(1))) == {"Lima"}


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    found = [match[0] for match in names_in("Rates rose. The Bank of Rovia said so in New York.")]
    assert found == ["Bank of Rovia", "New York"] or found == ["New York"]


@given(st.integers(0, 500), st.sampled_from(["Quito", "Andrés Arauz", "February", "Guillermo"]))
def test_the_answer_keeps_its_words(seed: int, answer: str) -> None:
    one = example("Who won against Andrés Arauz in Ecuador in 2021 by 13?", answer)
    for pair in [lookalikes(one, NameBook(NEWS), random.Random(seed))]:
        for made in pair:
            context = made.contexts[0]
            assert all(context.text[slice(*place)].strip() for place in context.answers)
