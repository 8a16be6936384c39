import pytest

from service.answering.answer import Answer, CitedText
from service.watching.comparing import Proof, change_between
from service.watching.watch import Change, Outcome
from tests.service.watching.fakes import answer, told

QUESTION = "How many people died in the flood?"


def change(
    before: Answer | None, after: Answer | None, proof: Proof = "stands", question: str = QUESTION
) -> Change | None:
    first, second = (Outcome.of(told(question, one)) for one in (before, after))
    return change_between(first, second, question, lambda _: proof)


@pytest.mark.parametrize(
    ("one", "other"),
    [("20", "twenty"), ("Captain Marta Holt", "Marta Holt"), ("the Sula", "Sula"), ("20", "20")],
)
def test_the_same_is_no_change(one: str, other: str) -> None:
    assert change(answer(one), answer(other)) is None
    assert change(answer(other), answer(one)) is None


@pytest.mark.parametrize(
    ("before", "after", "proof", "expected"),
    [
        (None, "20", "stands", "answered"),
        ("20", "21", "stands", "new-value"),
        ("20", "21", "changed", "corrected"),
        ("20", "21", "gone", "withdrawn"),
        ("20", None, "gone", "withdrawn"),
        ("20", None, "stands", "unanswered"),
        ("20", None, "changed", "unanswered"),
        (None, None, "stands", None),
    ],
)
def test_a_change_is_called_what_it_is(
    before: str | None, after: str | None, proof: Proof, expected: Change | None
) -> None:
    first, second = (one and answer(one) for one in (before, after))
    assert change(first or None, second or None, proof) == expected


def test_a_conflict_is_told_when_it_begins() -> None:
    assert change(answer("20"), answer("20", conflict=True)) == "conflict"
    assert change(answer("20", conflict=True), answer("20", conflict=True)) is None
    assert change(answer("20", conflict=True), answer("20")) is None


def several(*names: str) -> Answer:
    first = answer(names[0])
    items = tuple(CitedText(name, None, first.citations[0]) for name in names)
    return Answer(first.text, 0.9, 1, first.citations, items=items)


def test_several_items_are_the_same_in_any_order() -> None:
    question = "Which villages were flooded?"
    one, other = several("Vellin", "Pell"), several("Pell", "Vellin")
    assert change(one, other, question=question) is None
    assert change(one, several("Pell", "Vellin", "Norhavn"), question=question) == "new-value"
    assert change(one, several("Pell"), question=question) == "new-value"
