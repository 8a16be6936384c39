"""Why a question is not answered: each reason, and what comes first."""

from collections.abc import Sequence
from datetime import date

import pytest

from index.search.hit import Hit
from index.search.query import Filters
from service.answering.analysis import analyse
from service.answering.refusal import Case, is_name, is_small_talk, refusal, topic_of
from tests.service.answering.fakes import FakeArchive, news, status

HITS = [news("a", "The ferry Sula sank off Norhavn. Nine people were rescued.")]
ARCHIVE = FakeArchive(
    HITS, status(("Harbour Post", "Capital Ledger"), first_day="2024-01-02", last_day="2024-06-30")
)
NO_FILTERS = Filters()


def reason(
    question: str,
    filters: Filters = NO_FILTERS,
    hits: Sequence[Hit] = HITS,
    as_of: date | None = None,
) -> str:
    case = Case(analyse(question, as_of=as_of), filters, hits, ARCHIVE, date(2024, 6, 30))
    said = refusal(None, case, 0.2)
    assert said
    return said


def test_a_name_that_no_article_has_is_named() -> None:
    said = reason("How many did Kestrel Rhode rescue from the Sula?")
    assert said.startswith("No article here mentions “Kestrel Rhode”.")
    assert "Sula" not in said
    two = reason("Did Kestrel Rhode meet Alda Reyes?")
    assert "“Kestrel Rhode” and “Alda Reyes”" in two


def test_names_that_articles_have_are_not_denied() -> None:
    said = reason("Who built the Sula?")
    assert "Articles mention “Sula”, but none was found that answers this" in said


def test_without_names_the_nearest_passages_are_pointed_at() -> None:
    assert reason("How old was the ferry?").startswith("No passage was found that answers this.")


def test_an_outlet_that_is_not_there_is_named_with_the_nearest_one() -> None:
    said = reason("Who?", Filters(sources=("Harbor Post",)), [])
    assert said == "No article here is from “Harbor Post”. Did you mean Harbour Post?"
    assert reason("Who?", Filters(sources=("Zzz",)), []) == "No article here is from “Zzz”."


def test_days_outside_the_archive_are_told_with_those_it_has() -> None:
    filters = Filters(published_from=date(2020, 1, 1), published_to=date(2020, 2, 1))
    said = reason("Who sank?", filters, [])
    assert "from 2020-01-01 up to 2020-02-01" in said
    assert "from 2024-01-02 to 2024-06-30" in said
    seen_from = reason("Who sank?", hits=[], as_of=date(2020, 1, 1))
    assert "up to 2020-01-01" in seen_from
    assert "up to 2020-01-01" in reason("Who?", filters, [], date(2020, 1, 1))


def test_an_outlet_without_the_words_suggests_to_ask_without_the_filter() -> None:
    said = reason("Who sank?", Filters(sources=("Capital Ledger",)), [])
    assert "No article from “Capital Ledger”" in said and "without the filter" in said


def test_an_archive_that_begins_later_says_when() -> None:
    assert "begins on 2 Jan 2024" in reason("How many were rescued in 2019?")
    assert "begins on" not in reason("How many were rescued in 2024?")
    assert "begins on" not in reason("How many were rescued?")


def test_nothing_found_at_all_is_said() -> None:
    assert reason("Who sank?", hits=[]) == "No article here has any of the question's words."


def test_a_subject_gets_its_articles_and_help_to_ask() -> None:
    said = reason("ferry Sula")
    assert "“ferry Sula” names a subject and asks nothing" in said


def test_whoever_wants_a_text_is_told_that_none_is_written() -> None:
    said = reason("Summarize the ferry disaster in Norhavn")
    assert "writes nothing of its own" in said and "“ferry disaster in Norhavn”" in said
    # Though the archive does not have these words: they are no name.
    assert "“Summarize”" not in reason("Summarize what sank.")
    assert "“Compare”" not in reason("Compare why both sank.")


@pytest.mark.parametrize("hits", [HITS, []])
def test_small_talk_gets_help(hits: Sequence[Hit]) -> None:
    assert reason("Hello!", hits=hits).startswith("That is no question about the news.")


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Hello!", True),
        ("  hi there", True),
        ("Thank you, bye", True),
        ("hello, what can you do?", True),
        ("Are you a bot?", True),
        ("Who are you?", True),
        ("Hi, who won the cup final?", False),
        ("Who won the cup final?", False),
        ("Hilda Moor", False),
        ("", False),
    ],
)
def test_small_talk(text: str, does: bool) -> None:
    assert is_small_talk(text) is does


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Marta Ølsen", True),
        ("ferry disaster", True),
        ("ferry disaster Norhavn", True),
        ("ferry disaster?", False),
        ("Who sank", False),
        ("the ferry that sank off the coast of Norhavn in spring", False),
        ("is ferry", False),
    ],
)
def test_a_topic_only_names_something(text: str, does: bool) -> None:
    assert bool(topic_of(analyse(text))) is does


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Tell me about the ferry Sula.", "ferry Sula"),
        ("tell me more about Sula", "Sula"),
        (
            "Show me all articles on the rail strike of spring in Norhavn",
            "rail strike of spring in Norhavn",
        ),
        ("News about a ferry", "ferry"),
        ("Can you summarise the debate on rents in Norhavn?", "debate on rents in Norhavn"),
        ("Please write a short poem about Marta Ølsen", "Marta Ølsen"),
        ("Compare the two ferries", "two ferries"),
        ("Tell Sula", "Tell Sula"),
        # These ask something.
        ("Tell me who sank the ferry", None),
        ("Explain why the ferry sank", None),
        ("Describe how the ferry sank.", None),
        ("Tell me more", None),
        ("On Saturday, Marta Ølsen won the runoff in Norhavn for the first time since:", None),
        ("Summarize", "Summarize"),
        ("Who wrote about the ferry?", None),
    ],
)
def test_what_is_wanted_to_be_told_of_is_the_topic(text: str, topic: str | None) -> None:
    assert topic_of(analyse(text)) == topic


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("Marta Ølsen", True),
        ("  Bank of Norhavn ", True),
        ("Marta Ølsen resigns", False),
        ("ferry", False),
        ("Who is Marta Ølsen?", False),
    ],
)
def test_a_name_is_nothing_but_a_name(text: str, does: bool) -> None:
    assert is_name(analyse(text)) is does
