import pytest

from service.answering.answer import Turn
from service.answering.followups import make_standalone, question_to_read

MAYOR = (Turn("Who won the mayoral race in Orvale?", "Marta Ølsen"),)
RATE = (Turn("What is the central bank's rate?", "4.25 percent"),)


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (MAYOR, "Who was she running against?", "Who was Marta Ølsen running against?"),
        (MAYOR, "What is her party?", "What is Marta Ølsen's party?"),
        (MAYOR, "And when did she win?", "when did Marta Ølsen win?"),
        (MAYOR, "Why?", "Who won the mayoral race in Orvale? Why?"),
        (RATE, "And in 2023?", "What is the central bank's rate? in 2023?"),
        (MAYOR, "Who was the runner-up?", f"{MAYOR[0].question} Who was the runner-up?"),
        (RATE, "Sorry, I meant June.", "What is the central bank's rate? June."),
        (MAYOR, "Did she say when she leaves?", "Did Marta Ølsen say when she leaves?"),
        (RATE, "When was that decided?", "What is the central bank's rate? When was that decided?"),
    ],
)
def test_what_points_back_takes_words_already_said(
    history: tuple[Turn, ...], question: str, expected: str
) -> None:
    assert make_standalone(question, history) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the report that blamed Acme Inc.?",
        "How many ferries does Norhavn have?",
        "Where was Ivo Brandt born?",
        "And who hosted the Silver Lantern awards?",
        "When did the Castellan bank change its key rate?",
        "Who first identified the reed fever virus?",
    ],
)
def test_a_new_question_takes_nothing(question: str) -> None:
    assert make_standalone(question, MAYOR) == question


def test_without_history_nothing_changes() -> None:
    assert make_standalone("Why did she leave?", ()) == "Why did she leave?"


def test_a_chain_goes_back_to_the_question_that_stood_alone() -> None:
    history = (*RATE, Turn("And in 2023?", "3 percent"))
    assert make_standalone("And in 2022?", history) == ("What is the central bank's rate? in 2022?")


def test_a_refused_answer_gives_no_name_but_the_question_may() -> None:
    history = (Turn("Where was Ivo Brandt born?", None),)
    assert make_standalone("How old is he?", history) == "How old is Ivo Brandt?"


def test_the_reader_is_asked_the_clause_and_not_its_topic() -> None:
    question = "Who was the runner-up?"
    assert question_to_read(question, make_standalone(question, MAYOR)) == question
    for question in ("And in 2023?", "Who was she running against?"):
        standalone = make_standalone(question, MAYOR)
        assert question_to_read(question, standalone) == standalone
