"""Values of answers: the hand-written gold sets, and any text at all."""

import json
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.answering.values.dates import date_value
from service.answering.values.numbers import number_value
from service.answering.values.reading import value_of
from service.answering.values.value import Value


def gold(name: str) -> list[dict[str, Any]]:
    text = files("corpus").joinpath(f"gold/{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def facts(value: Value | None) -> dict[str, Any] | None:
    return value.as_dict() if value else None


def test_the_gold_answers_stand_in_their_texts_once() -> None:
    for case in gold("dates") + gold("numbers"):
        assert case["text"].count(case["answer"]) == 1, case["id"]


@pytest.mark.parametrize("case", gold("dates"), ids=lambda case: case["id"])
def test_a_date_is_resolved_by_the_day_of_its_article(case: dict[str, Any]) -> None:
    start = case["text"].index(case["answer"])
    published = date.fromisoformat(case["published"][:10])
    found = date_value(case["text"], start, start + len(case["answer"]), published)
    assert facts(found) == case["value"]


@pytest.mark.parametrize("case", gold("numbers"), ids=lambda case: case["id"])
def test_a_number_is_read(case: dict[str, Any]) -> None:
    start = case["text"].index(case["answer"])
    found = number_value(case["text"], start, start + len(case["answer"]))
    assert facts(found) == case["value"]


PIECES = st.sampled_from(
    "last next two May the 5th of Monday 2018 ago half a million $ 3 % per in . , - – and 31 Feb "
    "earlier week to between 99999999999999999999 ¼ ٣ 🙂 \n bn €".split(" ")
)

DAYS = st.dates(date(1600, 1, 1), date(2200, 1, 1))


@given(st.lists(PIECES, max_size=9), st.lists(PIECES, min_size=1, max_size=9), DAYS)
def test_any_text_has_a_value_or_none(before: list[str], answer: list[str], day: date) -> None:
    text = " ".join([*before, *answer])
    start = len(text) - len(" ".join(answer))
    named, counted = date_value(text, start, len(text), day), number_value(text, start, len(text))
    if named and named.iso:
        assert len(named.iso) in (4, 7, 9, 10, 21)
    if counted and counted.type == "range":
        assert counted.low is not None and counted.high is not None


@pytest.mark.parametrize(
    ("words", "type_"),
    [("March 5", "date"), ("nine years", "quantity"), ("$5", "money"), ("a ferry", None)],
)
def test_an_answer_has_the_value_of_its_type(words: str, type_: str | None) -> None:
    text = f"It said {words} on that day."
    start = text.index(words)
    found = value_of(text, start, start + len(words), date(2024, 3, 6))
    assert (found and found.type) == type_


def test_a_long_answer_has_no_value() -> None:
    text = "nine " * 20
    assert value_of(text, 0, 4, None)
    assert value_of(text, 0, len(text), None) is None
