import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "He met Lt. Col. Bob Jones in the U.S. on Jan. 5.|It rained.",
        "Cpl. Samuel Qin was promoted.|He left at 5 p.m. Tuesday.",
        "“Stop!” he cried.|“I will not,” said Gov. Ana Ruiz.",
        "Acme Inc. grew 4.5 percent.|Its No. 2 rival shrank.",
        "Avg. Cost was $3.50.|It rose.",
    ],
)
def test_news_sentences(text: str) -> None:
    assert sentences(text.replace("|", " ")) == text.split("|")


def test_a_line_break_ends_a_sentence() -> None:
    assert sentences("A caption without a stop\n\nThe story begins.") == [
        "A caption without a stop",
        "The story begins.",
    ]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_sentences_cover_the_text_in_order(text: str) -> None:
    spans = sentence_spans(text)
    last = 0
    for start, end in spans:
        assert last <= start < end
        assert text[start:end] == text[start:end].strip()
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()
