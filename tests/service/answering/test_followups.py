"""Follow-up questions, and the ways to understand them."""

import pytest

from service.answering.answer import Turn
from service.answering.followups import Reading, names_in, readings

MAYOR = (Turn("Who won the mayoral race in Orvale?", "Marta Ølsen"),)
RATE = (Turn("What is the central bank's rate?", "4.25 percent"),)


def standalone(question: str, history: tuple[Turn, ...]) -> str:
    """Return what is searched for when a question is understood the plainest way."""
    return readings(question, history)[0].query


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
    assert standalone(question, history) == expected


JUNE = (Turn("How many ferries ran in June 2024?", "nine"),)
BEFORE = (Turn("How many ferries ran a week before the strike?", "nine"),)
SALT = (Turn("How salty is the lake?", "very"),)
LANDED = (Turn("How many were aboard?", "nine"), Turn("When did the ferry land?", "Monday"))
ACME = (Turn("Who is the chief executive of Acme?", "Ivo Brandt"),)
RACE = (Turn("Who won the women's race at Orvale?", "Marta Ølsen"),)


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (JUNE, "And in November 2024?", "How many ferries ran in November 2024?"),
        (JUNE, "Sorry, I meant 2023.", "How many ferries ran in 2023?"),
        (ACME, "And Halden's?", "Who is the chief executive of Halden?"),
        (ACME, "And Halden Lines?", "Who is the chief executive of Halden Lines?"),
        (ACME, "What about Halden?", "Who is the chief executive of Halden?"),
        (ACME, "Halden", "Who is the chief executive of Halden?"),
        (ACME, "Really?", f"{ACME[0].question} Really?"),
        (ACME, "And Monday?", f"{ACME[0].question} Monday?"),
        (ACME, "And of Halden Lines?", "Who is the chief executive of Halden Lines?"),
        (RACE, "Sorry, I meant the men's race.", "Who won the men's race at Orvale?"),
        (RACE, "And at Norhavn?", "Who won the women's race at Norhavn?"),
        (RACE, "And in Norhavn?", f"{RACE[0].question} in Norhavn?"),
        (BEFORE, "And after the storm?", "How many ferries ran after the storm?"),
        (BEFORE, "Where?", f"{BEFORE[0].question} Where?"),
        (SALT, "How warm?", "How warm is the lake?"),
        (LANDED, "Where?", "How many were aboard? Where did the ferry land?"),
        (JUNE, "And in June 2024?", f"{JUNE[0].question} in June 2024?"),
    ],
)
def test_a_part_takes_the_place_of_its_counterpart(
    history: tuple[Turn, ...], question: str, expected: str
) -> None:
    assert standalone(question, history) == expected


NAMED = (Turn("Calder Foods", None),)


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (NAMED, "Who is its chief executive?", "Who is Calder Foods's chief executive?"),
        (NAMED, "And what did it buy?", "what did Calder Foods buy?"),
        (NAMED, "Who are the owners?", "Calder Foods: Who are the owners?"),
        ((Turn("Marta Ølsen", None),), "How old is she?", "How old is Marta Ølsen?"),
        ((*NAMED, Turn("Halden", None)), "Who runs it?", "Who runs Halden?"),
        # These stand alone.
        (NAMED, "Halden", "Halden"),
        (NAMED, "Who won the race in Orvale?", "Who won the race in Orvale?"),
        (
            (*NAMED, Turn("Who is its chief executive?", "Ivo Brandt")),
            "For how long?",
            "Who is Calder Foods's chief executive? For how long?",
        ),
        (
            (*NAMED, Turn("Who won the race in Orvale?", "Marta Ølsen")),
            "Why?",
            "Who won the race in Orvale? Why?",
        ),
    ],
)
def test_a_name_that_was_typed_alone_is_what_is_asked_about(
    history: tuple[Turn, ...], question: str, expected: str
) -> None:
    assert standalone(question, history) == expected


@pytest.mark.parametrize(
    ("history", "question", "asked"),
    [
        (MAYOR, "By what margin?", "By what margin won the mayoral race in Orvale?"),
        (JUNE, "From which port?", "From which port ferries ran in June 2024?"),
        (LANDED, "On what day?", "On what day did the ferry land?"),
        (LANDED, "For how much?", "For how much did the ferry land?"),
    ],
)
def test_a_short_phrase_asks_what_was_asked_last(
    history: tuple[Turn, ...], question: str, asked: str
) -> None:
    (reading,) = readings(question, history)
    assert reading.asked == asked
    assert reading.query.endswith(question)


@pytest.mark.parametrize("before", ["?", "", "   ", "Who", "who?", "…", "Halden?"])
@pytest.mark.parametrize("question", ["By what score?", "Why?", "Halden", "its", "And?", "Where"])
def test_whatever_was_asked_before_a_question_can_be_read(before: str, question: str) -> None:
    for history in ([Turn(before, None)], [Turn("Halden", None), Turn(before, "nine")]):
        assert all(reading.query for reading in readings(question, history))


def test_a_name_alone_may_begin_something_new() -> None:
    changed, alone = readings("Halden", ACME)
    assert (changed.query, alone.query) == ("Who is the chief executive of Halden?", "Halden")
    # Nothing in the last question is a name.
    assert [one.query for one in readings("Halden", RATE)] == ["Halden"]


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
def test_a_new_question_takes_nothing_and_is_understood_one_way(question: str) -> None:
    (only,) = readings(question, MAYOR)
    assert only.query == question
    assert only.asked == question.removeprefix("And ")


@pytest.mark.parametrize("question", ["Why did she leave?", "And in 2023?", ""])
def test_without_history_nothing_changes(question: str) -> None:
    assert readings(question, ()) == [Reading(question, question)]


def test_a_chain_goes_back_to_the_question_that_stood_alone() -> None:
    history = (*RATE, Turn("And in 2023?", "3 percent"))
    assert standalone("And in 2022?", history) == "What is the central bank's rate? in 2022?"


def test_a_clause_asked_since_is_taken_along() -> None:
    history = (*MAYOR, Turn("Who was the runner-up?", "Ivo Brandt"))
    whole = f"{MAYOR[0].question} Who was the runner-up? By how much?"
    assert standalone("By how much?", history) == whole


def test_a_refused_answer_gives_no_name_but_the_question_may() -> None:
    history = (Turn("Where was Ivo Brandt born?", None),)
    assert standalone("How old is he?", history) == "How old is Ivo Brandt?"


def test_the_reader_is_asked_the_clause_and_not_its_topic() -> None:
    question = "When was that decided?"
    (only,) = readings(question, RATE)
    assert only.asked == question and only.query.startswith(RATE[0].question)
    for question in ("And in 2023?", "Sorry, I meant June."):
        (only,) = readings(question, RATE)
        assert only.asked == only.query
    (only,) = readings("Who was she running against?", MAYOR)
    assert only.asked == only.query


@pytest.mark.parametrize("question", ["Who is the governor?", "And who is the governor?"])
def test_a_clause_without_a_subject_of_its_own_may_be_a_new_question(question: str) -> None:
    on_topic, alone = readings(question, MAYOR)
    asked = question.removeprefix("And ")
    assert on_topic == Reading(f"{MAYOR[0].question} {asked}", asked)
    assert alone == Reading(question, asked)


@pytest.mark.parametrize(
    "question", ["When was that decided?", "Who else ran?", "In 2023?", "Where is it?"]
)
def test_what_points_back_or_is_no_clause_is_no_new_question(question: str) -> None:
    assert len(readings(question, MAYOR)) == 1


def test_names_are_found_without_what_stands_before_them() -> None:
    text = "Did Mr. Brandt at the Bank of Norhavn meet Marta Ølsen's aide on Monday in May?"
    assert names_in(text) == ["Brandt", "Bank of Norhavn", "Marta Ølsen"]
    assert names_in("Who is it?") == []
