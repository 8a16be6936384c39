from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical.bm25 import LexicalIndex, LexicalPassage, nearest_word, query_terms, stems
from index.search.query import Filters


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("What did the ferry in Norhavn carry?", ["ferri", "norhavn", "carri"]),
        ("the the ferry FERRIES", ["ferri"]),
        ("Who bought AT&T from the bank's owners?", ["bought", "t", "bank", "owner"]),
        ("To be, or not to be", ["to", "be", "or", "not"]),
        ("?", []),
    ],
)
def test_words_that_tell_nothing_apart_are_not_searched_for(text: str, terms: list[str]) -> None:
    assert query_terms(text) == terms


@given(st.text(max_size=300))
def test_a_text_is_searched_by_some_of_its_own_words(text: str) -> None:
    terms = query_terms(text)
    assert set(terms) <= set(stems(text))
    assert len(terms) == len(set(terms)) <= 64
    assert bool(terms) == bool(stems(text))


def test_common_words_are_found_where_there_is_nothing_else(tmp_path: Path) -> None:
    texts = ["To be or not to be.", "The ferry sank."]
    passages = [LexicalPassage(key, text, None, 0) for key, text in enumerate(texts)]
    LexicalIndex.build(tmp_path / "lexical", passages)
    index = LexicalIndex(tmp_path / "lexical")
    assert list(index.search("to be", 9, Filters(), None)) == [0]
    assert list(index.search("Is it the ferry?", 9, Filters(), None)) == [1]


def built(folder: Path, *texts: str) -> LexicalIndex:
    passages = [LexicalPassage(key, text, "Harbour Post", 0) for key, text in enumerate(texts)]
    LexicalIndex.build(folder / "lexical", passages)
    return LexicalIndex(folder / "lexical")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9,000", ["9000"]),
        ("9000", ["9000"]),
        ("1,234,567 votes", ["1234567", "vote"]),
        ("$2,500.50", ["2500", "50"]),
        ("March 5,2024", ["march", "5", "2024"]),
        ("1,2,3", ["1", "2", "3"]),
        ("lines 1, 200", ["line", "1", "200"]),
    ],
)
def test_a_number_is_one_word_however_its_thousands_are_parted(text: str, words: list[str]) -> None:
    assert stems(text) == words


def test_a_number_is_found_with_and_without_separators(tmp_path: Path) -> None:
    index = built(tmp_path, "Fans paid 9,000 in all.", "It cost 9000.", "Only 900 came.")
    for query in ("9000", "9,000"):
        assert set(index.search(query, 9, Filters(), None)) == {0, 1}
        assert index.n_with(query) == 2


def test_passages_are_counted_by_words_in_a_row(tmp_path: Path) -> None:
    index = built(
        tmp_path, "Marta Ølsen won.", "Ølsen met Marta.", "The ferries sank.", "Marta Olsen lost."
    )
    assert index.n_with("Marta Ølsen") == index.n_with("marta olsen") == 2
    assert index.n_with("Ølsen Marta") == 0
    assert index.n_with("Ølsen") == 3
    assert index.n_with("ferry") == 1
    assert index.n_with("Kestrel") == index.n_with("Kestrel Rhode") == index.n_with("?") == 0


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("govenor", "governor"),
        ("governer", "governor"),
        ("goevrnor", "governor"),
        ("govrner", "governor"),
        ("ferrry", "ferri"),
        ("Norhaven", "norhavn"),
        # Of words as far off the commoner one.
        ("bonk", "bank"),
        # The first letter is taken for right, and short words for too like one another.
        ("hovernor", None),
        ("fer", None),
        # Too far off: two letters of a short word.
        ("benx", None),
        ("zzzzzz", None),
        ("", None),
    ],
)
def test_a_misspelt_word_is_like_one_of_the_archive(
    tmp_path: Path, word: str, stem: str | None
) -> None:
    index = built(
        tmp_path,
        "The governor took the ferry to Norhavn.",
        "A bank, a bank and a bunk.",
        "The bank closed.",
    )
    assert index.stem_like(word) == stem


@pytest.mark.parametrize(
    ("word", "nearest"),
    [("Northfeild", "Northfield"), ("northfeild", "northfield"), ("Nortfields", "Northfields")],
)
def test_a_word_is_written_as_in_the_text(word: str, nearest: str) -> None:
    text = "NORTHFIELD — The northfield of Northfield lies among Northfields."
    assert nearest_word(text, "northfield", word) == nearest


def test_the_passage_that_has_a_word_is_found(tmp_path: Path) -> None:
    index = built(tmp_path, "It rained.", "The ferry sank.")
    assert index.first_with("ferri") == 1
    assert index.first_with("kestrel") is None
