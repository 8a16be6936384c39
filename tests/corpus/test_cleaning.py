import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import clean_text, clean_title, normalise


def test_one_kind_of_line_break_and_space() -> None:
    assert normalise("a\r\nb\u2028c\u00a0 d \t e\n\n\n\nf") == "a\nb\nc d e\n\nf"


def test_invisible_characters_and_surrogates_go() -> None:
    assert normalise("so\u00adft\u200b \ud800\x00text\u202e") == "soft text"


def test_unicode_is_composed_but_not_rewritten() -> None:
    assert normalise("Jose\u0301 ½ m²") == "José ½ m²"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text())
def test_cleaning_twice_changes_nothing_that_matters(text: str) -> None:
    assert normalise(clean_text(text)) == clean_text(text)
    assert "\n" not in clean_title(text)


@pytest.mark.parametrize("line", ["Photo: Ana Ruiz/Harbour Post", "Read more: Ferry fares rise"])
def test_lines_that_are_not_the_story_go(line: str) -> None:
    assert clean_text(f"It rained.\n\n{line}\n\nIt stopped.") == "It rained.\n\nIt stopped."


def test_a_tail_of_headlines_goes() -> None:
    story = "It rained.\n\nRelated Posts\n\nFerry sinks off Norhavn\n\nBank raises rates"
    assert clean_text(story) == "It rained."


def test_a_tail_that_goes_on_as_a_story_stays() -> None:
    story = "It rained.\n\nRelated stories\n\nThe rain then stopped, and they left."
    assert clean_text(story) == story


def test_a_repeated_caption_is_kept_once() -> None:
    assert clean_text("The pier.\n\nThe pier.\n\nIt rained.") == "The pier.\n\nIt rained."


def test_a_quoted_sentence_stays() -> None:
    story = "“Photo: that is all they wrote,” she said.\n\n“Read more,” he said."
    assert clean_text(story) == story
