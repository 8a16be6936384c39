"""What a sentence says is of the past is no answer about now."""

from datetime import date

import pytest

from service.answering.analysis import analyse
from service.answering.answer import Question
from service.answering.former import without_former
from tests.service.answering.fakes import answerer, mention, news

RATE = "What is Castellan's key interest rate?"
BASE = "Which airport will be the new base?"
MAYOR = "Who is the mayor of Pell?"


def stays(asked: str, text: str, words: str, published: str = "2025-06-12") -> bool:
    return bool(without_former([mention(news("a", text, published), words)], analyse(asked)))


@pytest.mark.parametrize(
    ("asked", "text", "old", "new"),
    [
        (RATE, "Castellan lifted its key rate to 5% from 4.75% on Thursday.", "4.75%", "5%"),
        (RATE, "The key rate went from 4.75% to 5% on Thursday.", "4.75%", "5%"),
        ("What was the turnout?", "Turnout was 61%, up from 52%.", "52%", "61%"),
        ("How high is the pension age?", "It rises from 63 years to 66 years.", "63 years", "66"),
        ("How many are missing?", "Twelve are missing, down from about 23.", "23", "Twelve"),
        (BASE, "It will move its base from Orvale to Pell.", "Orvale", "Pell"),
        (MAYOR, "Ines Calder succeeds Emil Hartz as mayor of Pell.", "Emil Hartz", "Ines Calder"),
        (MAYOR, "Ines Calder ousted the mayor Emil Hartz.", "Emil Hartz", "Ines Calder"),
        (MAYOR, "The former mayor, Emil Hartz, met Ines Calder.", "Emil Hartz", "Ines Calder"),
    ],
)
def test_what_was_before_is_no_answer(asked: str, text: str, old: str, new: str) -> None:
    assert not stays(asked, text, old)
    assert stays(asked, text, new)


@pytest.mark.parametrize(
    ("asked", "text", "words"),
    [
        ("What was the rate before?", "The bank raised it to 5% from 4.75%.", "4.75%"),
        ("Who did Ines Calder succeed as mayor?", "Calder succeeds Emil Hartz.", "Emil Hartz"),
        ("Who resigned as mayor of Pell?", "Calder succeeds Emil Hartz.", "Emil Hartz"),
        ("Which airport does it leave?", "It will move its base from Orvale to Pell.", "Orvale"),
        ("Where do flights start?", "There are flights from Orvale to Pell.", "Orvale"),
        # What somebody was elsewhere.
        (MAYOR, "The former baker Emil Hartz is mayor of Pell.", "Emil Hartz"),
        # Where things come from is no change.
        ("How many people gave money?", "Money came from 300 people.", "300"),
        ("How many are on board?", "He had to move 20 boxes; a call from 300 people.", "300"),
        ("How old are the children?", "They are from 6 years on.", "6 years"),
        ("When did the fair open?", "It was moved to 5 May from 3 May 2024.", "3 May 2024"),
    ],
)
def test_what_is_asked_for_stays(asked: str, text: str, words: str) -> None:
    assert stays(asked, text, words)


def test_asked_of_a_day_before_the_change_it_was_so() -> None:
    text = "Castellan lifted its key rate to 5% from 4.75% on Thursday."
    asked = "What was the key rate of Castellan in 2024?"
    assert stays(asked, text, "4.75%")
    assert not stays(asked, text, "4.75%", "2024-06-12")


def test_the_newer_value_is_the_answer_though_the_old_one_is_told_more_often() -> None:
    hits = [
        news("june", "Castellan raised its key rate to 6% from 4.75%.", "2025-06-12", rank=0),
        news("november", "Castellan cut its key rate to 4.75%.", "2024-11-14", rank=1),
    ]
    result = answerer(hits, **{"6%": 4.0, "4.75%": 5.4}).ask(Question(RATE))
    assert result.answer
    assert result.answer.text == "6%"
    assert [one.text for one in result.answer.timeline] == ["4.75%", "6%"]


ELECTED = "Marta Lund ousts Emil Hartz to become mayor of Pell"


@pytest.mark.parametrize(
    "text",
    [
        f"{ELECTED}.",
        "Marta Lund defeated Mayor Emil Hartz in an election in Pell.",
        "Marta Lund, now mayor of Pell, took over from Emil Hartz on Monday.",
    ],
)
def test_who_held_the_post_before_is_not_who_holds_it(text: str) -> None:
    hits = [
        news("old", "Mayor Emil Hartz opened a pool in Pell.", "2024-05-02", rank=0),
        news("new", text, "2025-06-12", rank=1),
    ]
    result = answerer(hits, **{"Emil Hartz": 5.0, "Marta Lund": 1.5}).ask(Question(MAYOR))
    assert result.answer
    assert result.answer.text == "Marta Lund"
    # Before that he held it.
    then = Question(MAYOR, as_of=date(2024, 12, 31))
    result = answerer(hits[:1], **{"Emil Hartz": 5.0}).ask(then)
    assert result.answer
    assert result.answer.text == "Emil Hartz"


@pytest.mark.parametrize(
    ("asked", "text", "published"),
    [
        # Of another post, of no election, and before he held it.
        (MAYOR, "Marta Lund ousts Emil Hartz as head of the rowing club.", "2025-06-12"),
        (MAYOR, "Marta Lund beat Emil Hartz at chess, and the mayor of Pell saw it.", "2025-06-12"),
        (MAYOR, f"{ELECTED}.", "2020-06-12"),
        ("Who was the mayor of Pell before?", f"{ELECTED}.", "2025-06-12"),
    ],
)
def test_what_another_lost_is_no_reason(asked: str, text: str, published: str) -> None:
    old = mention(news("old", "Mayor Emil Hartz opened a pool.", "2024-05-02"), "Emil Hartz")
    told = mention(news("new", text, published), "Marta Lund")
    assert old in without_former([old, told], analyse(asked))


def test_a_name_ends_before_what_is_said_of_another() -> None:
    found = mention(news("a", ELECTED), "Marta Lund ousts Emil Hartz")
    assert [one.text for one in without_former([found], analyse(MAYOR))] == ["Marta Lund"]
    assert [one.quote[:10] for one in without_former([found], analyse(MAYOR))] == ["Marta Lund"]
    happened = analyse("What happened in Pell?")
    assert without_former([found], happened) == [found]
