"""Examples: from the data's files to lines of ours, and those without an answer."""

import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SourceError
from training.cropping import cropped
from training.datasets import data_path, reading_set
from training.example import Context, Example, read_examples, write_examples
from training.negatives import PassagePool
from training.places import answer_places
from training.unanswerable import changed_question, without_answer

TEXT = (
    "The ferry Sula sank off Norhavn in 2019. Nine people were rescued by a trawler. "
    "Captain Marta Olsen said that the hull had cracked. The largest salvage ship came in 2021."
)


def example_of(question: str, answer: str, text: str = TEXT) -> Example:
    start = text.index(answer)
    context = Context(text=text, answers=((start, start + len(answer)),))
    return Example(source="test", question=question, contexts=(context,))


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    examples = [example_of("Who said so? 🙂", "Captain Marta Olsen"), example_of("When?", "2019")]
    assert write_examples(tmp_path / "a.gz", examples) == 2
    assert list(read_examples(tmp_path / "a.gz")) == examples


def test_the_same_examples_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        write_examples(tmp_path / name, [example_of("When?", "2019")])
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_line_that_is_no_example_is_named(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.gz", "wt") as file:
        file.write('{"question": "Who?"}\n')
    with pytest.raises(SourceError, match=r"a\.gz:1 is no training example"):
        list(read_examples(tmp_path / "a.gz"))


def test_a_set_is_read_from_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
    (tmp_path / "reader").mkdir()
    lines = [
        {"source": "s", "question": "When?", "context": TEXT, "answer": "2019", "start": 35},
        {"source": "s", "question": "Why?", "context": TEXT, "answer": "", "start": -1},
    ]
    with gzip.open(tmp_path / "reader/train-squad.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(x | {"impossible": not x["answer"]}) + "\n" for x in lines)
    answerable, impossible = reading_set("squad")
    (start, end) = answerable.contexts[0].answers[0]
    assert answerable.contexts[0].text[start:end] == "2019"
    assert impossible.contexts[0].answers == ()


def test_missing_data_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
    with pytest.raises(SourceError, match="set DATELINE_DATA"):
        data_path("reader/nothing.gz")


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("new york", ["New York", "NEW-YORK"]),
        ("York", ["York", "YORK"]),
        ("Yor", []),
        ("?!", []),
    ],
)
def test_an_answer_is_found_as_whole_words(answer: str, found: list[str]) -> None:
    text = "New York, or NEW-YORK; not Yorkshire."
    assert [text[start:end] for start, end in answer_places(text, [answer])] == found


def test_the_longer_of_two_places_counts() -> None:
    text = "Yosemite National Park burned."
    assert answer_places(text, ["Yosemite", "Yosemite National Park"]) == ((0, 22),)


@given(st.text(alphabet="ab '-.", max_size=30), st.text(alphabet="ab -", max_size=4))
def test_places_are_inside_and_apart(text: str, answer: str) -> None:
    end_before = 0
    for start, end in answer_places(text, [answer]):
        assert end_before <= start < end <= len(text)
        end_before = end


def test_removing_leaves_no_trace_of_the_answer() -> None:
    removed = without_answer(example_of("When did the Sula sink?", "2019"))
    assert removed is not None
    assert removed.contexts[0].answers == ()
    assert removed.contexts[0].text == TEXT.split(". ", 1)[1]


def test_an_answer_that_stands_in_every_sentence_cannot_be_removed() -> None:
    assert without_answer(example_of("Who?", "Sula", "Sula sank. Sula rose.")) is None


@pytest.mark.parametrize(
    ("question", "answer", "allowed"),
    [
        ("Where did the ferry Sula sink?", "Norhavn", {"ferry Norhavn", "ferry Marta Olsen"}),
        ("What sank in 2019?", "Sula", {"in 2021"}),
        ("What did the largest ship do?", "came", {"didn't the", "smallest ship"}),
    ],
)
def test_a_changed_question_asks_for_something_else(
    question: str, answer: str, allowed: set[str]
) -> None:
    for seed in range(20):
        changed = changed_question(example_of(question, answer), random.Random(seed))
        if changed:
            assert changed.question != question
            assert changed.contexts[0].answers == ()
            if "Sula" in question or "2019" in question:
                kept = [part for part in allowed if part in changed.question]
                assert kept or "n't" in changed.question


def test_a_question_with_nothing_to_change_stays() -> None:
    assert changed_question(example_of("Who saw?", "Sula"), random.Random(1)) is None


def test_hard_negatives_are_like_the_question_and_lack_the_answer(tmp_path: Path) -> None:
    asked = example_of("When did the ferry Sula sink?", "2019")
    others = [
        example_of("?", "ferry", "The ferry Sula was built in 1988 and did not sink."),
        example_of("?", "ferry", "A ferry called Sula did sink, in 2019."),
        example_of("?", "Rates", "Rates rose."),
    ]
    found = PassagePool([asked, *others], tmp_path).hard_negatives(asked, 2)
    assert [context.text for context in found] == [others[0].contexts[0].text]
    assert found[0].answers == ()


@given(st.integers(0, 1000), st.sampled_from(["2019", "trawler", "Captain Marta Olsen", "2021"]))
def test_cropping_keeps_the_answer_in_place(seed: int, answer: str) -> None:
    short = cropped(example_of("?", answer, TEXT * 6), random.Random(seed)).contexts[0]
    assert len(short.text) < len(TEXT) * 6
    assert [short.text[start:end] for start, end in short.answers][:1] == [answer]
