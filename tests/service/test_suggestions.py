"""Questions are suggested only where asking them gives what their article says."""

import pytest

from service.answering.answer import Answer
from service.answering.openers import Opener
from service.suggestions import follow_ups, is_answered
from tests.service.api.fakes import citation_of
from tests.service.knowing import CHILDREN, HEAD, PELL, RIGHT, Archive, Knowing


@pytest.mark.parametrize(
    ("given", "likely", "article_id", "expected"),
    [
        ("Margit Osei", True, "pell", True),
        ("Osei", True, "pell", True),
        ("Emil Hartz", True, "pell", False),
        ("Margit Osei", False, "pell", False),
        ("Margit Osei", True, "other", False),
    ],
)
def test_an_answer_must_be_likely_and_say_what_the_article_says(
    given: str, likely: bool, article_id: str, expected: bool
) -> None:
    answer = Answer(given, 0.9, 1, (citation_of(PELL, PELL.text, given),), likely=likely)
    assert is_answered(Opener(HEAD, article_id, "Margit Osei"), answer) is expected
    assert not is_answered(Opener(HEAD, "pell", None), None)


def test_follow_ups_are_asked_first_and_not_repeated() -> None:
    answerer = Knowing(RIGHT)
    found = follow_ups(["pell", "gone"], [HEAD.upper()], answerer, Archive())
    assert found == [CHILDREN, "Who is Emil Hartz?"]
    assert follow_ups(["pell"], [], Knowing(RIGHT | {HEAD: "Emil Hartz"}), Archive()) == found
    assert follow_ups(["pell"], [], Knowing(RIGHT, likely=False), Archive()) == []
    # Two articles on one story lead to the same questions.
    assert follow_ups(["pell", "pell"], [HEAD], Knowing(RIGHT), Archive()) == found
    busy = Knowing(RIGHT)
    assert follow_ups(["pell"], [], busy, Archive(), is_busy=lambda: True) == []
    assert busy.asked == []
