from threading import Thread

import pytest

from corpus.article import Article, Passage
from corpus.sentences import sentence_spans
from index.hit import Hit
from service.reader.span_reader import SpanReader
from tests.service.answering.conftest import hit_for
from tests.service.reader.conftest import STRIDE, WINDOW, WordModel


@pytest.fixture
def reader(word_model: WordModel) -> SpanReader:
    return SpanReader(word_model, WINDOW, STRIDE)


def test_offsets_are_of_the_article_not_of_the_passage(reader: SpanReader) -> None:
    text = "It rained. Then it blew. Nine people were rescued."
    start = text.index("Nine")
    passage = Passage("p", "a", start, len(text), ((start, len(text)),))
    hits = [Hit(Article("a", "", text), passage, 0, 1.0)]
    best = reader.read("How many?", hits)[0]
    assert best.text(hits) == "Nine"
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
    assert reader.read("?", hits)[0].text(hits) == expected


def test_the_surest_span_of_all_passages_comes_first(reader: SpanReader) -> None:
    hits = [hit_for("a", "Nine people were rescued.", 0), hit_for("b", "Ølsen said so.", 1)]
    assert [span.text(hits) for span in reader.read("?", hits, max_spans=1)] == ["Ølsen", "Nine"]


def test_words_of_the_question_are_never_an_answer(reader: SpanReader) -> None:
    hits = [hit_for("a", "Nine people were rescued.", 0)]
    assert reader.read("Who Who Who", hits)[0].text(hits) == "Nine"


def test_a_long_passage_is_read_to_its_end_and_nothing_twice(reader: SpanReader) -> None:
    text = "It rained all day. " * 20 + "Nine left. " + "It rained all day. " * 20
    hits = [hit_for("a", text, 0)]
    spans = reader.read("?", hits, max_spans=5)
    assert spans[0].text(hits) == "Nine"
    assert len({(span.start, span.end) for span in spans}) == len(spans)


def test_an_answer_that_two_windows_share_is_given_once(word_model: WordModel) -> None:
    # Four inputs of 21 words that share 20: each holds "Nine".
    hits = [hit_for("a", "x " * 12 + "Nine" + " x" * 12, 0)]
    spans = SpanReader(word_model, WINDOW, 19).read("?", hits)
    assert [span.text(hits) for span in spans].count("Nine") == 1
    assert sum(n for n, _ in word_model.shapes) > 1


def test_passages_of_like_length_are_read_together(
    reader: SpanReader, word_model: WordModel
) -> None:
    hits = [hit_for(str(i), "x " * (1 + 10 * (i % 2)), i) for i in range(8)]
    reader.read("?", hits)
    assert word_model.shapes == [(4, 5), (4, 15)]


@pytest.mark.parametrize("question", ["Nine people " * 300, "", "\u200d"])
def test_any_question_is_read_again_and_again(question: str, word_model: WordModel) -> None:
    reader = SpanReader(word_model, 128, STRIDE)
    hits = [hit_for("a", "Nine people were rescued.", 0)]
    for _ in range(2):
        assert reader.read(question, hits)[0].text(hits) == "Nine"
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
            found.append(reader.read("How many " * length, hits)[0].text(hits))

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
        SpanReader(word_model, WINDOW, 19).read("?", hits, check=check)
    assert len(checks) == 3
