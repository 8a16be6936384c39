"""Which places say the same."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans
from service.answering.analysis import analyse
from service.answering.mentions import Mention, group, mentions_of, same, widened
from service.reader.reader import Field, Span
from tests.service.answering.fakes import mention, news

ANY = analyse("What is known?")
WHO = analyse("Who was convicted?")
PARK = analyse("Which national park was closed?")


def whole(words: str, published: str | None = None) -> Mention:
    """Return the mention of all the words of a text."""
    return mention(news("a", words, published), words)


def say_the_same(one: Mention, other: Mention, question: object = ANY) -> bool:
    assert isinstance(question, type(ANY))
    found = same(one, other, question)
    assert same(other, one, question) is found, "sameness goes both ways"
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the “Blue Whale”", "Blue whale,"),
        ("Kohl’s", "Kohl's"),
        ("nine", "9"),
        ("1.2 million", "1.2  Million"),
        ("$1.2 million", "1,200,000 dollars"),
        ("$1.2 million", "1.2 million dollars"),
        ("9 percent", "9%"),
        ("600", "600 years"),
        ("nine people", "9"),
        ("Feb. 19, 2025", "19 February 2025"),
        ("February 2025", "Feb. 19, 2025"),
        ("Prime Minister Alda Reyes", "Alda Reyes"),
        ("former President Alda Reyes", "Alda Reyes"),
        ("barman Lorcan Shay", "Lorcan Shay"),
        ("HMS Petrel's Wake", "HMS Petrel's Wake of the navy"),
    ],
)
def test_other_words_for_one_answer_say_the_same(one: str, other: str) -> None:
    assert say_the_same(whole(one), whole(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nine", "twelve"),
        ("9%", "9"),
        ("$5", "£5"),
        ("600 years", "600 miles"),
        ("600 years", "601 years"),
        ("iPhone 14", "14"),
        ("1.5 million", "5 million"),
        ("Feb. 19, 2025", "Feb. 20, 2025"),
        ("Georgia", "Georgia Tech"),
        ("New York", "New York City"),
        ("people", "young people"),
        ("Alda Reyes", "Reyes"),
        ("Lorcan Shay", "Lorcan Shay Band"),
        ("nine people who left in the boat", "nine men in the crew of the tug"),
    ],
)
def test_different_answers_do_not(one: str, other: str) -> None:
    assert not say_the_same(whole(one), whole(other))


@pytest.mark.parametrize(
    ("one", "other", "does"),
    [
        ("Lorcan Shay", "Shay", True),
        ("Lorcan Shay", "Lorcan", False),
        ("sister ship", "ship", False),
        ("One Of Far Too Many Shay", "Shay", False),
    ],
)
def test_a_last_name_is_a_person_where_a_person_is_asked_for(
    one: str, other: str, does: bool
) -> None:
    assert say_the_same(whole(one), whole(other), WHO) is does
    assert not say_the_same(whole(one), whole(other))


def test_words_of_the_question_make_no_other_name() -> None:
    assert say_the_same(whole("Orrin Valley National Park"), whole("Orrin Valley"), PARK)
    assert not say_the_same(whole("Orrin Valley National Park"), whole("Orrin Valley"))
    assert not say_the_same(whole("Dun National Park"), whole("Orrin Valley"), PARK)


def test_a_weekday_is_the_day_that_it_names() -> None:
    feb_19 = whole("Feb. 19", "2025-02-22")
    assert say_the_same(whole("Wednesday", "2025-02-21"), feb_19)
    assert not say_the_same(whole("Wednesday", "2025-03-21"), feb_19)


def test_what_says_the_same_is_one_group_led_by_the_surest() -> None:
    hits = [
        news("a", "A jury convicted Lorcan Shay."),
        news("b", "They found the barman Lorcan Shay guilty of it, not Ivo Brandt."),
        news("c", "Police led Shay away."),
    ]
    found = [
        mention(hits[0], "Lorcan Shay", 6.0),
        mention(hits[1], "Ivo Brandt", 4.0),
        mention(hits[1], "barman Lorcan Shay", 3.0),
        mention(hits[2], "Shay", 2.0),
    ]
    first, second = group(found, WHO)
    assert [one.text for one in first.mentions] == ["Lorcan Shay", "barman Lorcan Shay", "Shay"]
    assert [one.text for one in second.mentions] == ["Ivo Brandt"]
    assert group([], WHO) == []


def test_a_headline_counts_once_for_its_article() -> None:
    hit = news("a", "It rained. It blew.", title="Nine saved as ferry sinks")
    other = replace(hit, article=replace(hit.article, id="b"))
    spans = [
        Span(0, 0, 4, 2.0, 0.0, "title"),
        Span(1, 0, 4, 5.0, 0.0, "title"),
        Span(2, 0, 4, 4.0, 0.0, "title"),
        Span(1, 3, 9, -2.0, 0.0),
    ]
    found = mentions_of(spans, [hit, hit, other])
    assert [(one.hit.article.id, one.text, one.margin) for one in found] == [
        ("a", "Nine", 5.0),
        ("b", "Nine", 4.0),
        ("a", "rained", -2.0),
    ]


def test_a_headline_is_not_asked_where_the_text_tells() -> None:
    hit = news("a", "Nine people were saved.", title="Pilot saves nine")
    spans = [Span(0, 0, 5, 6.0, 0.0, "title"), Span(0, 0, 4, 0.0, 0.0)]
    assert [one.text for one in mentions_of(spans, [hit])] == ["Nine"]


def test_a_mention_in_a_headline_is_quoted_with_all_of_it() -> None:
    hit = news("a", "It rained.", title="A storm. Nine saved")
    found = mention(hit, "Nine", where="title")
    assert found.quote == found.field_text == "A storm. Nine saved"


def test_numbers_are_read_in_english_alone() -> None:
    hit = news("a", "Es waren 12.500 Menschen.")
    german = replace(hit, article=replace(hit.article, language="de"))
    british = replace(hit, article=replace(hit.article, language="en-GB"))
    assert mention(german, "12.500").value is None
    assert mention(british, "12.500").value and mention(hit, "12.500").value


def test_a_reason_is_widened_to_its_sentence_and_has_no_value() -> None:
    hit = news("a", "It rained. The train was nine hours late, she said. All slept.")
    found = mention(hit, "nine hours")
    assert found.value
    (reason,) = widened([found])
    assert reason.text == reason.quote == "The train was nine hours late, she said."
    assert reason.value is None
    assert reason.margin == found.margin
    assert reason.field_text[reason.start : reason.end] == reason.text


def test_two_reasons_of_one_sentence_are_one() -> None:
    hit = news("a", "The train was late because of a fallen tree, she said.")
    both = widened([mention(hit, "a fallen tree", 6.0), mention(hit, "because", 5.0)])
    assert len(group(both, analyse("Why was the train late?"))) == 1


WORDS = st.sampled_from("Nine nine 9% $5 rained Marta Ølsen 🙂 “it” March 5 東京 U.S. said".split())
SENTENCES = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: f"It {' '.join(words)}.")


@given(st.data(), st.lists(SENTENCES, min_size=1, max_size=4))
def test_every_mention_is_the_text_at_its_place_and_lies_in_its_quote(
    data: st.DataObject, sentences: list[str]
) -> None:
    text, title = " ".join(sentences), sentences[0]
    hit = news("a", text, "2025-03-05", title=title)
    spans = []
    for _ in range(data.draw(st.integers(1, 6))):
        where: Field = data.draw(st.sampled_from(["text", "title"]))
        bounds = [(0, len(title))] if where == "title" else sentence_spans(text)
        first, last = data.draw(st.sampled_from(bounds))
        start = data.draw(st.integers(first, last - 1))
        end = data.draw(st.integers(start + 1, last))
        spans.append(Span(0, start, end, data.draw(st.floats(-20, 20)), 0.0, where))
    found = mentions_of(spans, [hit])
    # Each place of the text once, whatever number of passages it is read in.
    places = [(one.start, one.end) for one in found if one.span.field == "text"]
    assert sorted(places) == sorted({(s.start, s.end) for s in spans if s.field == "text"})
    assert all(one.margin >= other.margin for one, other in pairwise(found))
    for one in [*found, *widened(found)]:
        assert one.field_text[one.start : one.end] == one.text
        assert one.quote_start <= one.start < one.end <= one.quote_end
        assert one.field_text[one.quote_start : one.quote_end] == one.quote
    grouped = [one for each in group(found, ANY) for one in each.mentions]
    assert sorted(map(id, grouped)) == sorted(map(id, found))
