"""Small inputs that once went wrong, a test for each kind of fault."""

import pytest

from index.search.query import Filters
from service.answering.analysis import analyse, as_news_writes
from service.answering.answer import Question
from service.answering.extractive import ExtractiveAnswerer
from service.answering.forming import proofs
from service.answering.mentions import Group, same
from service.answering.refusal import is_small_talk, topic_of
from tests.service.answering.fakes import SCORER, FakeArchive, FakeReader, answerer, mention, news
from tests.service.answering.test_refusal import reason
from tests.service.answering.test_scoring import rows_for


@pytest.mark.parametrize(
    "text",
    [
        "What is this bill about?",
        "What is this week's key rate?",
        "Hi, did the ferry sink?",
        "Help for flood victims",
        "How are you able to vote by post?",
    ],
)
def test_a_question_about_the_news_is_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)


@pytest.mark.parametrize("text", ["They marched 11 miles.", "They decided 11 of them."])
def test_words_that_begin_like_months_cut_no_number(text: str) -> None:
    assert proofs(Group((mention(text, "11", 4.0),)), analyse("How many?"))


def test_an_article_after_the_time_asked_about_is_not_fresh() -> None:
    late = mention(news("b", "Grete Solvang won.", "2019-09-10"), "Grete Solvang")
    assert rows_for("Who was mayor in 2018?", [late])[0]["fresh"] == 0.0


def test_a_count_is_no_year() -> None:
    assert analyse("How many of the 2000 workers were fired?").day is None


def test_dots_in_initials_make_no_difference() -> None:
    assert same(mention("U.K.", "U.K."), mention("UK", "UK"), analyse("What?"))


@pytest.mark.parametrize(("one", "other"), [("General Motors", "Motors"), ("Mr Shay", "Mrs Shay")])
def test_not_every_title_can_be_left_out(one: str, other: str) -> None:
    assert not same(mention(one, one), mention(other, other), analyse("What?"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Who paid 3,000,000,000.50?", "Who paid 3,000,000,000.50?"),
        ("Who ruled in 1066?", "Who ruled in 1066?"),
        ("Who left at 0900 hours?", "Who left at 0900 hours?"),
    ],
)
def test_only_amounts_are_written_as_news_does(text: str, written: str) -> None:
    assert as_news_writes(text) == written


def test_both_answers_in_a_headline_are_found() -> None:
    hit = news("t", "It blew.", title="Nine saved, twelve dead as ferry sinks")
    reader = FakeReader({}, {"nine": 6.0, "twelve": 6.1})
    result = ExtractiveAnswerer(FakeArchive([hit]), reader, SCORER).ask(Question("How many?"))
    assert result.answer and len(result.alternatives) == 1


def test_a_number_cut_out_of_a_time_is_not_shown() -> None:
    hits = [news("x", "They left at 11 a.m. sharp."), news("y", "It sold 11 boats.", rank=1)]
    answer = answerer(hits, **{"11": 6.0}).ask(Question("How many boats?")).answer
    assert answer and [one.article_id for one in answer.citations] == ["y"]


def test_an_outlet_in_another_case_is_there() -> None:
    assert "No article here is from" not in reason("Who?", Filters(sources=("harbour post",)), [])
    assert "Harbour Post?" in reason("Who?", Filters(sources=("HARBOR POST",)), [])


@pytest.mark.parametrize("text", ["Theresa May"])
def test_a_name_with_a_verb_in_it_is_a_topic(text: str) -> None:
    assert topic_of(analyse(text))


@pytest.mark.parametrize(
    "text",
    [
        "Who is the captin and how many people were rescued?",
        "Who is the captain and how many people were rescud?",
    ],
)
def test_two_questions_are_put_right_together(text: str) -> None:
    hits = [news("f", "Captain Marta Ølsen left. Nine people were rescued.")]
    archive = FakeArchive(hits, spellings={"rescud": "rescued", "captin": "captain"})
    reader = FakeReader({"nine": 3.0, "marta ølsen": 6.0}, knows_none_of=["rescud", "captin"])
    result = ExtractiveAnswerer(archive, reader, SCORER).ask(Question(text))
    assert result.corrected_question == "Who is the captain and how many people were rescued?"


def test_no_answers_wanted_is_no_crash() -> None:
    result = answerer([news("a", "Nine sank.")], nine=6.0).ask(Question("How many?", max_answers=0))
    assert result.alternatives == ()
