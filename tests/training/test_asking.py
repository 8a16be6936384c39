"""What is asked of which passages, and which questions are kept; no model in here."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ModelError
from tests.training.conftest import SENTENCES, byte_tokenizer
from tests.training.test_news import FakeSnapshot, news
from training.askable import askable_span
from training.asked import (
    AskedExample,
    human_questions,
    news_passages,
    to_ask,
    wikipedia_passages,
)
from training.example import Context, Example
from training.prompts import PromptEncoder, shortened
from training.roundtrip import Reading, asked_examples, is_well_formed

TEXT = (
    "The ferry Sula sank off Norhavn in 2019. Nine people were rescued by a trawler. "
    "Élodie Marchand 🏃 paid $3.5 million for the salvage ship."
)
# Where the snapshot's articles tell of the same, and one of it in other words.
ARTICLES = [
    replace(news("a", TEXT, "2021-01-02"), title="Ferry sinks"),
    replace(news("b", "In the harbour of Norhavn a ferry sank.", "2021-01-03"), title="At sea"),
    replace(news("c", "Storm Berta hit Norhavn when the Sula sank.", "2021-01-04"), title="Storm"),
    replace(news("d", "The Sula is a ferry of Norhavn.", "2021-01-05"), title="The Sula"),
    replace(news("e", "The Sula sank in Norhavn.", "2021-06-05"), title="Too late"),
]


@pytest.fixture(scope="module")
def encoder() -> PromptEncoder:
    return PromptEncoder(byte_tokenizer())


def spoken(encoder: PromptEncoder, context: Context) -> str:
    """Return a prompt as text, its marks as brackets."""
    text = byte_tokenizer().decode(encoder.prompt(context), skip_special_tokens=False)
    return text.replace("<|im_start|>", "[").replace("<|endoftext|>", "]")


def context_of(text: str, answer: str) -> Context:
    start = text.index(answer)
    return Context(text=text, answers=((start, start + len(answer)),))


def test_names_numbers_and_things_are_asked_about() -> None:
    spans = [askable_span(TEXT, random.Random(seed)) for seed in range(300)]
    found = {TEXT[slice(*span)] for span in spans if span}
    assert {"Norhavn", "2019", "$3.5 million", "trawler", "Marchand"} <= found
    # A word that only begins its sentence is no name.
    assert not found & {"The", "In"}


@given(st.text(st.sampled_from("AbcÉ 2019$%.,\n🏃 the of"), max_size=80), st.integers(0, 9))
def test_what_is_asked_about_lies_in_its_text(text: str, seed: int) -> None:
    span = askable_span(text, random.Random(seed))
    if span:
        assert 0 <= span[0] < span[1] <= len(text)
        assert text[slice(*span)].strip() == text[slice(*span)]


def test_a_prompt_marks_the_answer(encoder: PromptEncoder) -> None:
    assert spoken(encoder, context_of("The Sula sank.", "Sula")) == "The[Sula] sank.\nQuestion:"
    assert spoken(encoder, context_of("Sula sank.", "Sula")) == "[Sula] sank.\nQuestion:"
    plain = spoken(encoder, Context(text="The Sula sank."))
    assert plain == "The Sula sank.\nUnanswerable question:"


def test_a_question_ends_where_it_was_ended(encoder: PromptEncoder) -> None:
    ids = encoder.question("  Who sank? ")
    assert ids[-1] == encoder.end
    assert encoder.decoded([*ids, *encoder.question("More?")]) == "Who sank?"
    assert encoder.decoded(ids[:-3]) == "Who san"


def test_another_tokenizer_is_refused() -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import BPE

    with pytest.raises(ModelError, match="has no <|im_start|>"):
        PromptEncoder(Tokenizer(BPE(vocab={"a": 0}, merges=[])))


@given(
    st.lists(st.sampled_from([*SENTENCES, "Élodie 🏃 won.\n"]), min_size=1, max_size=12),
    st.data(),
)
def test_shortened_passages_keep_their_answer(sentences: list[str], data: st.DataObject) -> None:
    text = " ".join(sentences)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 20)))
    long = Context(text=text, answers=((start, end),))
    short = shortened(long, 120)
    ((first, last),) = short.answers
    assert short.text[first:last] == text[start:end]
    assert short.text in text
    # Two sentences, where the answer lies in both, may be longer.
    assert len(short.text) <= 130
    assert (short == long) or len(text) > 120


def asked(n: int, text: str = "Nine people were saved. " * 12) -> list[AskedExample]:
    contexts = (Context(text=f"{text}{number}") for number in range(n))
    return [AskedExample(source="asked", question="", contexts=(one,)) for one in contexts]


def test_people_ask_with_one_answer_or_none(data: Path) -> None:
    add_squad(data, "Who sank there?", "The ship sank there. " * 120, "", impossible=True)
    questions = human_questions(random.Random(1))
    assert {one.source for one in questions} >= {"squad", "newsqa"}
    for one in questions:
        (context,) = one.contexts
        assert len(context.text) < 1400
        assert all(context.text[start:end] for start, end in context.answers)
    assert sum(not one.contexts[0].answers for one in questions) == 3
    assert len(human_questions(random.Random(1), 7)) == 7


def test_of_wikipedia_passages_of_some_length_are_asked_of(data: Path) -> None:
    text = "The Sula is a ferry. " * 20
    add_squad(data, "What is the Sula?", text, "ferry")
    add_squad(data, "What is the Sula now?", text, "ferry")
    (passage,) = wikipedia_passages(random.Random(1))
    assert (passage.contexts[0].text, passage.title, passage.day) == (text, "", None)


def test_news_before_the_quizzes_is_asked_of(data: Path) -> None:
    text = "Nine people were rescued from the ferry Sula by a trawler on Tuesday. " * 40
    days = ("2016-12-31", "2021-06-01", "2022-05-01")
    (data / "news").mkdir()
    with gzip.open(data / "news/realtimeqa-articles.jsonl.gz", "wt") as file:
        for day in days:
            one = {"id": day, "title": f"Of {day}", "text": f"{text}{day}", "published": day}
            file.write(json.dumps(one) + "\n")
    passages = news_passages(random.Random(1))
    assert {(one.title, one.day) for one in passages} == {("Of 2021-06-01", date(2021, 6, 1))}
    assert all(one.contexts[0].text in f"{text}2021-06-01" for one in passages)


def add_squad(
    data: Path, question: str, text: str, answer: str, *, impossible: bool = False
) -> None:
    line = {
        "source": "squad",
        "question": question,
        "context": text,
        "answer": answer,
        "start": text.index(answer),
        "impossible": impossible,
    }
    with gzip.open(data / "reader/train-squad.jsonl.gz", "at") as file:
        file.write(json.dumps(line) + "\n")


def test_passages_are_asked_of_as_long_as_they_last(encoder: PromptEncoder) -> None:
    passages = iter(asked(9))
    rng = random.Random(1)
    first = list(to_ask(passages, 4, encoder, 1000, rng, marked=False))
    others = list(to_ask(passages, 9, encoder, 1000, rng, marked=False))
    assert [*first, *others] == asked(9)
    assert not list(to_ask(iter(asked(9)), 9, encoder, 100, rng, marked=False))
    assert not list(to_ask(iter(asked(9)), 0, encoder, 1000, rng, marked=False))


def test_marked_passages_have_something_to_ask_about(encoder: PromptEncoder) -> None:
    some = [*asked(1, TEXT), *asked(1, "nothing here ")]
    (one,) = to_ask(some, 5, encoder, 1000, random.Random(1), marked=True)
    (context,) = one.contexts
    assert context.text.startswith(TEXT)
    assert context.text[slice(*context.answers[0])] in TEXT


@pytest.mark.parametrize(
    ("question", "is_one"),
    [
        ("Who sank the ferry?", True),
        ("Who sank the ferry", False),
        ("Who sank it?", False),
        ("Who? " * 50 + "?", False),
    ],
)
def test_only_whole_questions_are_read_again(question: str, is_one: bool) -> None:
    assert is_well_formed(question) == is_one


def question(
    marked: str = "", title: str = "Ferry sinks", day: date | None = date(2021, 1, 2)
) -> AskedExample:
    context = context_of(TEXT, marked) if marked else Context(text=TEXT)
    text = "Where did the ferry Sula sink?"
    return AskedExample(source="asked", question=text, contexts=(context,), title=title, day=day)


def kept(one: AskedExample, found: str, margin: float, seeds: int = 40) -> Iterator[Example]:
    start = TEXT.index(found)
    reading = Reading(start, start + len(found), margin)
    for seed in range(seeds):
        yield from asked_examples(
            [one], iter([reading]), FakeSnapshot(ARTICLES), random.Random(seed)
        )


def kinds(one: AskedExample, found: str, margin: float) -> set[str]:
    return {made.source for made in kept(one, found, margin)}


@pytest.mark.parametrize(
    ("marked", "found", "margin", "kinds_kept"),
    [
        ("Norhavn", "Norhavn", 1.5, {"asked", "asked/hidden"}),
        ("Norhavn", "2019", 2.5, {"asked", "asked/hidden"}),
        ("Norhavn", "2019", 1.5, set()),
        ("Norhavn", "Norhavn", 0.5, {"asked/unlabelled"}),
        ("Norhavn", "2019", -3.0, {"asked/unlabelled"}),
        ("Norhavn", "Norhavn", -5.0, set()),
        ("", "Norhavn", -0.5, {"asked/none"}),
        ("", "Norhavn", 2.0, {"asked/unlabelled"}),
        ("", "Norhavn", 3.5, set()),
    ],
)
def test_what_is_kept_depends_on_the_margin(
    marked: str, found: str, margin: float, kinds_kept: set[str]
) -> None:
    sources = kinds(question(marked), found, margin)
    assert sources - {"asked/hidden"} == kinds_kept - {"asked/hidden"}
    assert sources <= kinds_kept


def test_the_answer_is_what_was_found_also_behind_a_headline() -> None:
    made = [one for one in kept(question("Norhavn"), "2019", 3.0) if one.source == "asked"]
    texts = {one.contexts[0].text for one in made}
    assert texts == {TEXT, f"Ferry sinks. {TEXT}"}
    for one in made:
        assert one.contexts[0].text[slice(*one.contexts[0].answers[0])] == "2019"


def test_the_others_of_a_group_are_of_its_time_and_lack_the_answer() -> None:
    made = list(kept(question("2019"), "trawler", 3.0, 200))
    groups = [one for one in made if len(one.contexts) > 1]
    assert {len(one.contexts) for one in groups if one.source == "asked"} == {3, 4}
    for one in groups:
        (_, *others) = one.contexts if one.source == "asked" else (None, *one.contexts)
        has_headline = one.contexts[0].text.startswith(tuple(f"{a.title}. " for a in ARTICLES))
        for other in others:
            assert other and "2019" not in other.text and not other.answers
            assert "Too late" not in other.text
            assert has_headline == other.text.startswith(("At sea. ", "Storm. ", "The Sula. "))
    assert any(one.source == "asked/hidden" for one in made)


def test_unlabelled_and_unanswerable_ones_have_no_answer() -> None:
    for marked, margin in (("Norhavn", 0.0), ("", -1.0), ("", 1.0)):
        for one in kept(question(marked), "Norhavn", margin):
            assert not one.contexts[0].answers
            assert one.is_labelled == (one.source == "asked/none")


def test_without_an_archive_or_a_day_a_question_stays_alone() -> None:
    one = question("Norhavn", title="", day=None)
    assert {len(made.contexts) for made in kept(one, "Norhavn", 3.0)} == {1}
    reading = Reading(*context_of(TEXT, "Norhavn").answers[0], 3.0)
    (made,) = asked_examples([question("Norhavn")], iter([reading]), None, random.Random(1))
    assert len(made.contexts) == 1


def test_where_nothing_was_found_nothing_is_kept() -> None:
    assert not list(asked_examples([question()], iter([None]), None, random.Random(1)))
