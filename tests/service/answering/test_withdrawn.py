"""What a notice took back is no answer, neither from it nor from copies of the error."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpus.corrections.finding import find_corrections
from index.search.hit import Hit
from service.answering.analysis import analyse
from service.answering.answer import Question
from service.answering.mentions import Mention, mentions_of
from service.answering.withdrawn import without_withdrawn
from service.reader.reader import Span
from tests.service.answering.fakes import answerer, mention, news

ASKED = "How many people died on the ferry Sula?"
NOTICE = "Correction, 8 March: Nine people died. An earlier version said eleven."


def corrected(text: str, notice: str = NOTICE, published: str = "2024-03-05") -> Hit:
    hit = news("corrected", f"{text}\n\n{notice}", published, source="Harbour Post")
    notices = find_corrections(hit.article.text, published)
    assert notices
    return replace(hit, article=replace(hit.article, corrections=notices))


TRUE = corrected("The ferry Sula sank. Nine people died.")


def left(hits: Sequence[Hit], *mentions: Mention, asked: str = ASKED) -> list[str]:
    kept = without_withdrawn(mentions, [*hits, *(one.hit for one in mentions)], analyse(asked))
    return [one.text for one in kept]


def copy(text: str, published: str | None = "2024-03-06", story: int | None = None) -> Hit:
    return news("copy", text, published, source="Gazette", story=story)


def test_a_span_in_a_notice_is_no_mention() -> None:
    start = TRUE.article.text.index("eleven")
    assert mentions_of([Span(0, start, start + 6, 9.0, 0.0)], [TRUE]) == []
    start = TRUE.article.text.index("Nine")
    assert len(mentions_of([Span(0, start, start + 4, 9.0, 0.0)], [TRUE])) == 1


@pytest.mark.parametrize("words", ["Eleven", "11"])
def test_a_copy_of_the_error_from_before_the_notice_is_passed_over(words: str) -> None:
    told = copy(f"{words} people died on the ferry Sula, police said.")
    assert left([TRUE], mention(told, words)) == []
    right = copy("Nine people died on the ferry Sula.")
    assert left([TRUE], mention(right, "Nine"), mention(TRUE, "Nine")) == ["Nine", "Nine"]


@pytest.mark.parametrize("published", ["2024-03-09", "2023-03-05", None])
def test_what_came_after_the_notice_or_long_before_it_stays(published: str | None) -> None:
    told = copy("Eleven people died on the ferry Sula, police said.", published)
    assert left([TRUE], mention(told, "Eleven")) == ["Eleven"]


def test_a_notice_without_a_day_counts_for_a_week() -> None:
    hit = corrected("The ferry Sula sank. Nine people died.", "Correction: Nine died, not eleven.")
    soon = copy("Eleven people died on the ferry Sula.", "2024-03-11")
    later = copy("Eleven people died on the ferry Sula.", "2024-03-13")
    assert left([hit], mention(soon, "Eleven")) == []
    assert left([hit], mention(later, "Eleven")) == ["Eleven"]


def test_an_article_on_something_else_stays() -> None:
    told = copy("Eleven people died in the mill at Brackwell.")
    asked = "How many people died in the Brackwell mill?"
    assert left([TRUE], mention(told, "Eleven"), asked=asked) == ["Eleven"]


def test_a_part_of_a_name_is_not_its_subject() -> None:
    hit = corrected("The dam at Low Harrow broke. Nine people died.")
    told = copy("Eleven people died when the dam at Lower Harrow broke.")
    asked = "How many people died at the dam of Lower Harrow?"
    assert left([hit], mention(told, "Eleven"), asked=asked) == ["Eleven"]


def test_what_the_story_still_says_stays_unless_the_notice_denies_it() -> None:
    text = "The ferry Sula sank with eleven crew. Nine people died."
    told = copy("Eleven people died on the ferry Sula.")
    assert left([corrected(text)], mention(told, "Eleven")) == ["Eleven"]
    denied = corrected(text, "Correction: Nine people died, not eleven.")
    assert left([denied], mention(told, "Eleven")) == []


def test_a_notice_that_leaves_out_the_scale_counts() -> None:
    hit = corrected(
        "The painting Goats was sold for 26 million crowns.",
        "Correction: An earlier version had the digits the wrong way round, as 62.",
    )
    told = copy("The painting Goats was sold for 62 million crowns.")
    asked = "For how many crowns was the painting Goats sold?"
    assert left([hit], mention(told, "62 million"), asked=asked) == []


def test_the_answer_is_the_corrected_value_with_its_notice() -> None:
    copies = [
        replace(copy("Eleven people died on the ferry Sula."), rank=n, story=n) for n in (1, 2)
    ]
    result = answerer([TRUE, *copies], eleven=9.0, nine=5.0).ask(Question(ASKED))
    assert result.answer and result.answer.text == "Nine"
    assert not result.alternatives
    (cited,) = result.answer.citations
    assert cited.version == TRUE.article.version
    assert [one.text for one in cited.corrections] == [NOTICE]
