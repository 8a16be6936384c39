from collections.abc import Sequence
from dataclasses import replace
from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.article import Article, Passage
from corpus.sentences import sentence_spans
from index.search.hit import Hit
from index.vectors.onnx_model import Batch
from service.reader.reader import Span
from service.reader.span_reader import SpanReader
from tests.service.answering.conftest import hit_for
from tests.service.reader.conftest import STRIDE, WINDOW, WordModel


@pytest.fixture
def reader(word_model: WordModel) -> SpanReader:
    return SpanReader(word_model, WINDOW, STRIDE)


def said(span: Span, hits: Sequence[Hit]) -> str:
    return span.field_text(hits[span.hit])[span.start : span.end]


def test_offsets_are_of_the_article_not_of_the_passage(reader: SpanReader) -> None:
    text = "It rained. Then it blew. Nine people were rescued."
    start = text.index("Nine")
    passage = Passage("p", "a", start, len(text), ((start, len(text)),))
    hits = [Hit(Article("a", "", text), passage, 0, 1.0)]
    best = reader.read("How many?", hits)[0]
    assert said(best, hits) == "Nine"
    assert best.score == 7.0
    assert best.null_score == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("🙂🙂 said Ølsen today.", "Ølsen"),
        ("Captain O\u0308 and Ølsen met.", "Ølsen"),
        ("The ﬁﬁ and ½ of Ølsen won.", "Ølsen"),
        ("昨日、東京で雨。", "東京"),
        ("👩‍👩‍👧 Nine", "Nine"),
    ],
)
def test_offsets_are_code_points_of_the_text_as_stored(
    reader: SpanReader, text: str, expected: str
) -> None:
    hits = [hit_for("a", text, 0)]
    assert said(reader.read("?", hits)[0], hits) == expected


class TellingModel(WordModel):
    """Also tells relevance: how many words it knows."""

    def run(self, batch: Batch) -> list[NDArray[np.float32]]:
        known = (batch.input_ids > 3).sum(axis=1).astype(np.float32)
        return [*super().run(batch), known]


def test_each_span_tells_the_highest_relevance_of_its_passage() -> None:
    long = "Nine people. " + "It rained. " * 30 + "Nine people."
    hits = [hit_for("a", long, 0), hit_for("b", "Nine of Ølsen.", 1)]
    spans = SpanReader(TellingModel(), WINDOW, STRIDE).read("?", hits, max_spans=1)
    # Each end of the long passage is in a window of its own, under no headline.
    assert {span.hit: span.relevance for span in spans} == {0: 2.0, 1: 2.0}


def test_where_the_model_does_not_tell_nothing_is_relevant(reader: SpanReader) -> None:
    assert reader.read("?", [hit_for("a", "Nine.", 0)])[0].relevance == 0.0


def test_the_surest_span_of_all_passages_comes_first(reader: SpanReader) -> None:
    hits = [hit_for("a", "Nine people were rescued.", 0), hit_for("b", "Ølsen said so.", 1)]
    assert [said(span, hits) for span in reader.read("?", hits, max_spans=1)] == ["Ølsen", "Nine"]


def test_words_of_the_question_are_never_an_answer(reader: SpanReader) -> None:
    hits = [hit_for("a", "Nine people were rescued.", 0)]
    assert said(reader.read("Who Who Who", hits)[0], hits) == "Nine"


def test_a_long_passage_is_read_to_its_end_and_nothing_twice(reader: SpanReader) -> None:
    text = "It rained all day. " * 20 + "Nine left. " + "It rained all day. " * 20
    hits = [hit_for("a", text, 0)]
    spans = reader.read("?", hits, max_spans=5)
    assert said(spans[0], hits) == "Nine"
    assert len({(span.start, span.end) for span in spans}) == len(spans)


def test_an_answer_that_two_windows_share_is_given_once(word_model: WordModel) -> None:
    # Four inputs of 21 words that share 20: each holds "Nine".
    hits = [hit_for("a", "x " * 12 + "Nine" + " x" * 12, 0)]
    spans = SpanReader(word_model, WINDOW, 19).read("?", hits)
    assert [said(span, hits) for span in spans].count("Nine") == 1
    assert sum(n for n, _ in word_model.shapes) > 1


def test_passages_of_like_length_are_read_together(
    reader: SpanReader, word_model: WordModel
) -> None:
    hits = [hit_for(str(i), "x " * (1 + 10 * (i % 2)), i) for i in range(8)]
    reader.read("?", hits)
    # Four tokens are of the headline, "Title of 0.".
    assert word_model.shapes == [(4, 9), (4, 19)]


@pytest.mark.parametrize("question", ["Nine people " * 300, "", "\u200d"])
def test_any_question_is_read_again_and_again(question: str, word_model: WordModel) -> None:
    reader = SpanReader(word_model, 128, STRIDE)
    hits = [hit_for("a", "Nine people were rescued.", 0)]
    for _ in range(2):
        assert said(reader.read(question, hits)[0], hits) == "Nine"
    assert max(width for _, width in word_model.shapes) < 64 + 10


@pytest.mark.parametrize("text", ["", " ", "...", "…"])
def test_a_passage_without_words_gives_no_span(reader: SpanReader, text: str) -> None:
    passage = Passage("p", "a", 0, len(text), tuple(sentence_spans(text)))
    assert reader.read("?", [Hit(Article("a", "", text), passage, 0, 1.0)]) == []


def test_no_hits_no_spans(reader: SpanReader) -> None:
    assert reader.read("Who?", []) == []


def test_many_threads_read_at_the_same_time(reader: SpanReader) -> None:
    hits = [hit_for("a", "It rained all day. " * 20 + "Nine left.", 0)]
    found: list[str] = []

    def read(length: int) -> None:
        for _ in range(10):
            found.append(said(reader.read("How many " * length, hits)[0], hits))

    threads = [Thread(target=read, args=(length,)) for length in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Nine"] * 40


def test_reading_is_broken_off_between_batches(word_model: WordModel) -> None:
    hits = [hit_for(str(n), "Nine people were rescued.", n) for n in range(10)]
    checks: list[int] = []

    def check() -> None:
        checks.append(1)
        if len(checks) == 3:
            raise TimeoutError("enough")

    with pytest.raises(TimeoutError):
        SpanReader(word_model, WINDOW, 19).read("?", hits, raise_if_cancelled=check)
    assert len(checks) == 3


def headed(title: str, text: str, start: int = 0) -> Hit:
    """Return a hit for the passage from `start` on of an article with this headline."""
    bounds = sentence_spans(text)
    sentences = tuple(one for one in bounds if one[0] >= start)
    return Hit(Article("a", title, text), Passage("p", "a", start, len(text), sentences), 0, 1.0)


def words(spans: Sequence[Span], hit: Hit) -> list[tuple[str, str]]:
    return [(one.field, one.field_text(hit)[one.start : one.end]) for one in spans]


def test_an_answer_in_the_headline_has_its_offsets(reader: SpanReader) -> None:
    hit = headed("Storm: Ølsen resigns", "It rained. Nine people were rescued.", 11)
    spans = reader.read("?", [hit], max_spans=2)
    assert words(spans, hit) == [("title", "Ølsen"), ("text", "Nine")]
    assert (spans[0].start, spans[0].end) == (7, 12)
    assert (spans[1].start, spans[1].end) == (11, 15)


@pytest.mark.parametrize("title", ["Saved: Nine", "Saved: Nine.", "Saved: Nine...", "Saved: Nine?"])
def test_an_answer_at_the_end_of_the_headline_ends_with_it(reader: SpanReader, title: str) -> None:
    hit = headed(title, "It rained.")
    assert words(reader.read("?", [hit], max_spans=1), hit) == [("title", "Nine")]


def test_no_answer_begins_in_the_headline_and_ends_in_the_text(reader: SpanReader) -> None:
    # "Nine" begins best and "people" ends well, but a full stop lies between them.
    hit = headed("The storm took Nine", "people left.")
    assert ("title", "Nine") in words(reader.read("?", [hit]), hit)
    for one in reader.read("?", [hit]):
        assert one.end <= len(one.field_text(hit))
        assert "Nine people" not in one.field_text(hit)[one.start : one.end]


@pytest.mark.parametrize("title", ["", ".", " . "])
def test_without_a_headline_the_text_is_read_alone(
    reader: SpanReader, word_model: WordModel, title: str
) -> None:
    hit = headed(title, "Nine people")
    assert words(reader.read("?", [hit], max_spans=1), hit) == [("text", "Nine")]
    assert word_model.shapes == [(1, len("[CLS] ? [SEP] Nine people [SEP]".split()))]


PIECES = st.sampled_from(["Nine", "people", "Ølsen", "東京", "it", "🙂", "½", ".", "...", "“no”"])
TEXTS = st.lists(PIECES, max_size=12).map(" ".join)


@given(TEXTS, TEXTS)
def test_every_span_lies_in_one_sentence_or_in_the_headline(title: str, text: str) -> None:
    hit = headed(title, text)
    for one in SpanReader(WordModel(), WINDOW, STRIDE).read("Who?", [hit]):
        assert 0 <= one.start < one.end <= len(one.field_text(hit))
        if one.field == "text":
            assert any(first <= one.start < one.end <= last for first, last in sentence_spans(text))
        else:
            assert title[one.start : one.end].strip() == title[one.start : one.end]


def test_a_headline_is_read_before_each_passage_of_its_article(reader: SpanReader) -> None:
    text = "It rained. It blew."
    hits = [headed("Nine saved", text), replace(headed("Nine saved", text, 11), rank=1)]
    spans = [one for one in reader.read("?", hits) if one.field == "title" and one.start == 0]
    assert {one.hit for one in spans} == {0, 1}


def test_a_word_that_is_one_token_is_known(reader: SpanReader) -> None:
    assert reader.knows("Nine") and reader.knows("people")
    assert not reader.knows("東京")
    assert not reader.knows("Nine people")
    assert not reader.knows("")
