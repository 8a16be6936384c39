import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reader.edges import trim, widen


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("“Blue Whale”", "Blue Whale"),
        ("“Blue Whale", "Blue Whale"),
        ("Blue Whale,”", "Blue Whale"),
        ("“Blue Whale” and “Sula”", "“Blue Whale” and “Sula”"),
        ("(Norhavn)", "Norhavn"),
        ("Norhavn (north)", "Norhavn (north)"),
        ("Norhavn (north", "Norhavn (north"),
        ("in the U.S.", "in the U.S."),
        ("at 5 p.m.", "at 5 p.m."),
        ("rescued.", "rescued"),
        ("$3.5.", "$3.5"),
        ("plan B.", "plan B"),
        ("Acme Inc.", "Acme Inc."),
        (".22 rifle", ".22 rifle"),
        ("'90s", "'90s"),
        (" $3.5 billion, ", "$3.5 billion"),
        ("the workers'", "the workers'"),
        ("9%", "9%"),
        ("-4.5", "-4.5"),
        ("a 🏃.", "a 🏃"),
        ("🏃", "🏃"),
        ("東京。", "東京。"),
    ],
)
def test_edges_are_trimmed(before: str, after: str) -> None:
    bounds = trim(before, 0, len(before))
    assert bounds is not None
    assert before[bounds[0] : bounds[1]] == after


@pytest.mark.parametrize("text", ["", "  ", "”", "’", "...", "“”", "$", "—", "\u200d"])
def test_nothing_but_marks_is_no_answer(text: str) -> None:
    assert trim(text, 0, len(text)) is None


@given(st.text(alphabet="ab9 .,'’“”()-—\n", max_size=30), st.integers(0, 5))
def test_trimming_stays_inside_and_trims_once_for_all(text: str, start: int) -> None:
    bounds = trim(text, start, len(text))
    if bounds is not None:
        assert start <= bounds[0] < bounds[1] <= len(text)
        assert text[bounds[0] : bounds[1]] == text[bounds[0] : bounds[1]].strip()
        assert trim(text, *bounds) == bounds


@pytest.mark.parametrize(
    ("text", "inside", "whole"),
    [
        ("the Municipal Ground", "the Muni", "the Municipal"),
        ("at $22 an hour", "22", "$22"),
        ("of 37.2% of", "37", "37.2%"),
        ("some 2,500 of", "500", "2,500"),
        ("in 1999, 20 died", "1999", "1999"),
        ("by 5. Nine", "5", "5"),
        ("the 5%-rule", "5", "5%"),
        ("Søren's", "Søren", "Søren"),
        ("東京都知事", "東京", "東京"),
        ("well-known", "known", "known"),
    ],
)
def test_no_word_or_figure_is_cut(text: str, inside: str, whole: str) -> None:
    start = text.index(inside)
    bounds = widen(text, start, start + len(inside))
    assert text[slice(*bounds)] == whole


@given(st.text(alphabet="ab9 .,$%ø東\n", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_widening_keeps_what_is_there_and_widens_once_for_all(
    text: str, one: int, other: int
) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    bounds = widen(text, start, end)
    assert bounds[0] <= start and end <= bounds[1] <= len(text)
    assert widen(text, *bounds) == bounds
