from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalIndex, LexicalPassage, query_terms, stems
from index.query import Filters


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
