import pytest

from service.answering.coverage import coverage
from tests.service.answering.conftest import hit_for

HITS = [
    hit_for("ferry", "The ferry sank off Norhavn. Nine people were rescued.", 0),
    hit_for("Norhavn", "It rained.", 1),
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did the ferry sink?", [0.5, 0.0]),
        ("How many were rescued from ferries at Norhavn this week?", [1.0, 1 / 3]),
        ("Who was it?", [1.0, 1.0]),
        ("", [1.0, 1.0]),
    ],
)
def test_stems_are_looked_for_in_the_passage_and_its_title(
    question: str, expected: list[float]
) -> None:
    assert coverage(question, HITS) == pytest.approx(expected)


def test_without_passages_there_is_nothing_to_cover() -> None:
    assert coverage("Who sank?", []) == []
