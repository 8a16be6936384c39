"""Counting by words is counting the whole."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from corpus.counting import WordCounter
from index.vectors.pieces import piece_counter

READER = files("service.reader") / "model/tokenizer.json"
# What normalising, splitting and reserved words may trip over, and anything else.
SIGNS = " \n.,’“”—…-[]'\u0301\u0338\u00a0\u3000\t\x00\x1c中é€ßİΣςaB1"
WORDS = ["[CLS]", "[SEP]", "Ferry", "##ing", "Ølsen", "9,000", "x" * 101]
texts = st.lists(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from([*SIGNS, *WORDS])), max_size=30
).map("".join)


@pytest.fixture(scope="module")
def bert() -> Tokenizer:
    """A tokenizer of BERT's, that of the reader: the embedder's is of the same kind."""
    tokenizer = Tokenizer.from_str(READER.read_text("utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def by_tokenising(tokenizer: Tokenizer, texts: list[str]) -> list[int]:
    return [len(tokenizer.encode(text, add_special_tokens=False).ids) for text in texts]


@given(some=st.lists(texts, max_size=4))
def test_pieces_are_those_of_the_tokenizer(bert: Tokenizer, some: list[str]) -> None:
    assert piece_counter(bert)(some) == by_tokenising(bert, some)


def test_a_tokenizer_that_joins_words_is_asked_for_whole_texts() -> None:
    # It has a piece for two words together, as sentence pieces may.
    vocabulary = {"[UNK]": 0, "new": 1, " ": 2, "york": 3, "new york": 4}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Split("|", "removed")
    assert piece_counter(tokenizer)(["new york|york"]) == [2]


def test_words_beyond_the_most_kept_are_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.counting._MAX_WORDS", 3)
    counter = WordCounter(lambda words: [len(word) for word in words])
    texts: list[list[list[str]]] = [[["a", "bb"]], [["ccc", "a"]], [["dddd", "bb"], ["a"]], [[]]]
    for some in texts:
        assert counter(some) == [sum(map(len, words)) for words in some]
