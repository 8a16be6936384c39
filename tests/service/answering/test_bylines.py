"""Who wrote an article answers nothing but who wrote it."""

import pytest

from service.answering.analysis import analyse
from service.answering.answer import Question
from service.answering.bylines import without_bylines
from tests.service.answering.fakes import answerer, mention, news

SPEAKER = "Who is the speaker of the house?"


def stays(asked: str, text: str, words: str = "Ada Munn") -> bool:
    return bool(without_bylines([mention(news("a", text), words)], analyse(asked)))


@pytest.mark.parametrize(
    "line",
    [
        "− Ada Munn",
        "- Ada Munn and Emil Hartz",
        "— Emil Hartz, Ada Munn, and Marta O’Dell.",
        "--Ada Munn, Pell Courier",
        "By Ada Munn",
        "BY Ada Munn and Emil Hartz",
        "Contributing: Ada Munn, the Pell Courier; Emil Hartz",
        "(Reporting by Ada Munn; editing by Emil Hartz)",
        "Additional reporting by Ada Munn in Pell",
        "Follow Ada Munn on Twitter: @ada",
    ],
)
@pytest.mark.parametrize("text", ["The house has no speaker.\n{}\nIt meets.", "{}", "So.\n\n{}\n"])
def test_the_name_in_a_byline_is_no_answer(text: str, line: str) -> None:
    assert not stays(SPEAKER, text.format(line))
    assert stays("Who wrote about the house?", text.format(line))


@pytest.mark.parametrize(
    "text",
    [
        "Ada Munn was elected.",
        "- Ada Munn was elected speaker.",
        "By Monday Ada Munn was speaker.",
        "By then, Ada Munn led the house.",
        # The name is whose words stand above it.
        "“We shall see.”\n— Ada Munn",
        '"We shall see."\n\n- Ada Munn',
        "Follow the money, said Ada Munn.",
    ],
)
def test_a_name_in_a_story_stays(text: str) -> None:
    assert stays(SPEAKER, text)


def test_a_question_is_not_answered_with_who_signed() -> None:
    hits = [news("a", "The house chose Emil Hartz as its speaker.\n\n- Ada Munn")]
    result = answerer(hits, **{"Ada Munn": 5.0, "Emil Hartz": 3.0}).ask(Question(SPEAKER))
    assert result.answer
    assert result.answer.text == "Emil Hartz"
    assert "Ada Munn" not in [one.text for one in result.alternatives]
