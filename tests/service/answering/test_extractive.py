"""The whole algorithm, from a question to an answer or a refusal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import RequestError
from index.search.hit import Hit
from index.search.query import Filters, Query
from service.answering.answer import Answer, AskResult, Question, Turn
from service.answering.extractive import ExtractiveAnswerer
from service.reader.reader import Span
from tests.service.answering.conftest import hit_for
from tests.service.answering.fakes import SCORER, FakeArchive, FakeReader, answerer, news, status

TWO_PARTS = "Who is the captain and how many people were rescued?"


def proves(result: AskResult, hits: Sequence[Hit]) -> bool:
    """Whether every citation of a result quotes its article, with the answer in the quote."""
    articles = {hit.article.id: hit.article for hit in hits}
    given = [result.answer] if result.answer else []
    answers: list[Answer] = [*given, *result.alternatives]
    for answer in answers:
        parts = (*answer.items, *answer.timeline)
        for one in (*answer.citations, *(part.citation for part in parts)):
            article = articles[one.article_id]
            text = article.title if one.field == "title" else article.text
            assert text[one.quote_start : one.quote_end] == one.quote
            assert one.quote_start <= one.answer_start < one.answer_end <= one.quote_end
    return True


def confidences(result: AskResult) -> list[float]:
    given = [result.answer] if result.answer else []
    return [one.confidence for one in (*given, *result.alternatives)]


def test_an_answer_is_cited_once_per_article_and_every_citation_proves_it(
    hits: Sequence[Hit],
) -> None:
    result = answerer(hits, nine=6.0, twelve=2.0).ask(Question("How many were rescued?"))
    assert result.answer and result.reason is None
    assert result.answer.text == "Nine"
    assert result.answer.likely
    assert result.answer.support == 1  # all of one outlet
    assert [c.article_id for c in result.answer.citations] == ["one", "two", "three"]
    assert result.answer.citations[0].quote == "Nine people were rescued on Tuesday."
    assert [other.text for other in result.alternatives] == ["twelve"]
    assert (result.snapshot, result.nearest) == (7, tuple(hits))
    assert proves(result, hits)


def test_an_uncertain_answer_is_refused_but_shown_as_such(hits: Sequence[Hit]) -> None:
    result = answerer(hits, nine=-3.0).ask(Question("How many were rescued?"))
    assert result.answer is None
    assert result.reason and "No passage was found that answers this" in result.reason
    assert [other.text for other in result.alternatives] == ["Nine"]
    assert not result.alternatives[0].likely
    assert result.nearest == tuple(hits)


def test_the_threshold_can_be_set(hits: Sequence[Hit]) -> None:
    question = Question("How many were rescued?")
    low = replace(answerer(hits, nine=-3.0), abstain_below=0.0).ask(question)
    assert low.answer and not low.answer.likely
    assert not replace(answerer(hits, nine=6.0), abstain_below=1.0).ask(question).answer


def test_nothing_found_or_read_is_refused_with_a_reason(hits: Sequence[Hit]) -> None:
    for result in (answerer([]).ask(Question("Who?")), answerer(hits).ask(Question("Who?"))):
        assert result.answer is None and result.alternatives == ()
        assert result.reason
    assert "No article" in (answerer([]).ask(Question("Who?")).reason or "")
    assert "No passage" in (answerer(hits).ask(Question("Who?")).reason or "")


def test_the_search_gets_filters_day_and_standalone_question(hits: Sequence[Hit]) -> None:
    desk = answerer(hits, nine=6.0)
    filters = Filters(sources=("Harbour Post",))
    desk.ask(
        Question(
            "How old is she?",
            history=(Turn("Who was the captain?", "Marta Ølsen"),),
            filters=filters,
            as_of=date(2024, 3, 5),
        )
    )
    assert isinstance(desk.archive, FakeArchive) and isinstance(desk.reader, FakeReader)
    standalone = "How old is Marta Ølsen?"
    assert desk.archive.queries == [(Query(standalone, filters, date(2024, 3, 5)), 10)]
    assert desk.reader.asked == [standalone]


def test_the_reader_is_asked_with_numbers_as_news_writes_them(hits: Sequence[Hit]) -> None:
    desk = answerer(hits, nine=6.0)
    result = desk.ask(Question("Who paid 9000?"))
    assert isinstance(desk.archive, FakeArchive) and isinstance(desk.reader, FakeReader)
    assert desk.reader.asked == ["Who paid 9,000?"]
    assert result.standalone_question == "Who paid 9000?"
    assert result.corrected_question is None


def test_hits_are_told_before_they_are_read(hits: Sequence[Hit]) -> None:
    told: list[Sequence[Hit]] = []
    answerer(hits, nine=6.0).ask(Question("How many?"), told.append)
    assert told == [list(hits)]


def test_hits_are_told_once_though_a_question_is_understood_two_ways(hits: Sequence[Hit]) -> None:
    told: list[Sequence[Hit]] = []
    history = (Turn("Who won the race in Orvale?", "Marta Ølsen"),)
    answerer(hits, nine=6.0).ask(Question("Who is the governor?", history), told.append)
    assert len(told) == 1


def test_a_question_that_is_no_longer_wanted_ends(hits: Sequence[Hit]) -> None:
    def check() -> None:
        raise TimeoutError("enough")

    desk = answerer(hits, nine=6.0)
    with pytest.raises(TimeoutError):
        desk.ask(Question("How many?"), raise_if_cancelled=check)
    assert isinstance(desk.archive, FakeArchive)
    assert desk.archive.queries == []


def test_an_empty_question_is_an_error(hits: Sequence[Hit]) -> None:
    with pytest.raises(RequestError, match="empty"):
        answerer(hits).ask(Question("  "))


def test_at_most_max_answers_are_given(hits: Sequence[Hit]) -> None:
    result = answerer(hits, nine=6.0, twelve=5.0, tuesday=4.0).ask(
        Question("How many?", max_answers=2)
    )
    assert result.answer and len(result.alternatives) == 1


def test_each_stage_is_timed(hits: Sequence[Hit]) -> None:
    timings = answerer(hits, nine=6.0).ask(Question("How many?")).timings_ms
    assert list(timings) == ["search", "read", "answer"]
    assert all(took >= 0 for took in timings.values())


def test_what_is_not_of_the_type_asked_for_comes_later(hits: Sequence[Hit]) -> None:
    desk = answerer(hits, tuesday=7.0, nine=5.0)
    result = desk.ask(Question("How many were rescued?"))
    assert result.answer and result.answer.text == "Nine"
    result = desk.ask(Question("When were they rescued?"))
    assert result.answer and result.answer.text == "Tuesday"


def test_an_answer_can_stand_in_a_headline_alone() -> None:
    hit = news("a", "It was a long night.", title="Nine rescued from ferry")
    desk = ExtractiveAnswerer(FakeArchive([hit]), FakeReader({}, {"nine": 6.0}), SCORER)
    result = desk.ask(Question("How many were rescued?"))
    assert result.answer and result.answer.text == "Nine"
    (citation,) = result.answer.citations
    assert (citation.field, citation.quote) == ("title", "Nine rescued from ferry")
    assert proves(result, [hit])


MANY = [hit_for(f"a{rank}", f"Number {rank} fell. Nine rose.", rank) for rank in range(10)]


def ids(first: int, last: int) -> list[str]:
    return [f"a{rank}" for rank in range(first, last)]


def read(**finds: float) -> list[list[str]]:
    desk = answerer(MANY, **finds)
    desk.ask(Question("How many rose?"))
    assert isinstance(desk.reader, FakeReader)
    return desk.reader.read_ids


def test_reading_stops_where_the_reader_half_believes() -> None:
    assert read(nine=-1.0) == [ids(0, 6)]


def test_reading_goes_on_where_it_does_not() -> None:
    assert read(nine=-1.1) == [ids(0, 6), ids(6, 10)]
    assert read(nothing=9.0) == [ids(0, 6), ids(6, 10)]


def test_what_is_read_later_is_cited_from_its_own_article() -> None:
    hits = [hit_for(f"a{rank}", "It rained.", rank) for rank in range(7)]
    hits += [hit_for("late", "Nine were rescued.", 7)]
    result = answerer(hits, nine=6.0).ask(Question("How many were rescued?"))
    assert result.answer
    assert [one.article_id for one in result.answer.citations] == ["late"]
    assert proves(result, hits)


def test_few_passages_are_read_once(hits: Sequence[Hit]) -> None:
    desk = answerer(hits, nine=-5.0)
    desk.ask(Question("How many?"))
    assert isinstance(desk.reader, FakeReader)
    assert desk.reader.read_ids == [["one", "two", "three"]]


FERRY = [
    news("ferry", "Captain Marta Ølsen left. Nine people were rescued from the ferry.", rank=0)
]


def test_two_questions_in_one_are_answered_together() -> None:
    desk = answerer(FERRY, nine=6.0, **{"marta ølsen": 6.0})
    result = desk.ask(Question(TWO_PARTS))
    assert result.answer and result.reason is None and result.note is None
    assert [one.text for one in result.answer.items] == ["Marta Ølsen", "Nine"]
    assert (result.question, result.standalone_question) == (TWO_PARTS, TWO_PARTS)
    assert result.answer.timeline == () and result.alternatives == ()
    assert proves(result, FERRY)
    assert isinstance(desk.reader, FakeReader)
    assert desk.reader.asked[0] == "Who is the captain?"


def test_two_questions_are_as_sure_as_the_less_sure_answer() -> None:
    desk = answerer(FERRY, nine=2.5, **{"marta ølsen": 6.0})
    result = desk.ask(Question(TWO_PARTS))
    (number,) = (
        one.confidence
        for one in [desk.ask(Question("How many people were rescued from the ferry?")).answer]
        if one
    )
    assert result.answer and result.answer.confidence == pytest.approx(number)


def test_where_one_part_is_not_answered_the_other_is_and_it_is_said() -> None:
    result = answerer(FERRY, nine=3.0).ask(Question(TWO_PARTS))
    assert result.answer and result.answer.text == "Nine"
    assert result.answer.items == ()
    assert result.note == "Only this part was answered: how many people were rescued?"


def test_where_no_part_is_answered_there_is_a_reason() -> None:
    result = answerer(FERRY).ask(Question(TWO_PARTS))
    assert result.answer is None and result.reason
    assert result.question == TWO_PARTS


def test_a_misspelt_question_is_put_right_and_it_is_said(hits: Sequence[Hit]) -> None:
    archive = FakeArchive(hits, spellings={"rescud": "rescued"})
    desk = ExtractiveAnswerer(archive, FakeReader({"nine": 6.0}, knows_none_of=["rescud"]), SCORER)
    result = desk.ask(Question("How many were rescud?"))
    assert result.question == "How many were rescud?"
    assert result.corrected_question == "How many were rescued?"
    assert archive.queries[0][0].text == "How many were rescued?"
    right = desk.ask(Question("How many were rescued?"))
    assert right.corrected_question is None


@pytest.mark.parametrize("text", ["Hello!", "What can you do?"])
def test_small_talk_is_never_answered(hits: Sequence[Hit], text: str) -> None:
    result = answerer(hits, nine=9.0).ask(Question(text))
    assert result.answer is None and not result.alternatives and not result.nearest
    assert result.reason and "no question about the news" in result.reason


@pytest.mark.parametrize(
    ("text", "margin", "is_given"),
    [
        # What articles say of later may have been otherwise then.
        ("The ferry has nine sailors.", 0.7, False),
        ("The ferry has nine sailors.", 9.0, True),
        ("In 2019 the ferry had nine sailors.", 0.7, True),
        ("The ferry has had nine sailors since 2017.", 0.7, True),
        ("In 2021 the ferry had nine sailors.", 0.7, False),
    ],
)
def test_a_year_before_the_archive_needs_a_sentence_about_it(
    text: str, margin: float, *, is_given: bool
) -> None:
    archive = FakeArchive([news("a", text)], status(first_day="2024-03-01"))
    desk = replace(answerer([], nine=margin), archive=archive)
    asked = desk.ask(Question("How many sailors did the ferry have?"))
    assert asked.answer and asked.answer.likely is (margin > 5)
    result = desk.ask(Question("How many sailors did the ferry have in 2019?"))
    assert (result.answer is not None) is is_given


def test_thanks_after_an_answer_are_no_question(hits: Sequence[Hit]) -> None:
    history = (Turn("How many were rescued?", "nine"),)
    result = answerer(hits, nine=9.0).ask(Question("Thanks!", history))
    assert result.answer is None and result.standalone_question == "Thanks!"


def test_a_name_alone_gets_the_articles_on_it(hits: Sequence[Hit]) -> None:
    result = answerer(hits, nine=9.0).ask(Question("Norhavn"))
    assert result.answer is None and result.nearest == tuple(hits)
    result = answerer(FERRY, nine=9.0).ask(Question("Marta Ølsen"))
    assert result.answer is None
    assert result.reason and "names a subject" in result.reason


def test_a_few_words_are_answered_like_a_question(hits: Sequence[Hit]) -> None:
    assert answerer(hits, nine=9.0).ask(Question("people rescued")).answer
    result = answerer(hits, nine=-3.0).ask(Question("people rescued"))
    assert result.answer is None
    assert result.reason and "names a subject" in result.reason


HISTORY = (Turn("Who won the mayoral race in Orvale?", "Marta Ølsen"),)
AFTER = "And who is the governor?"
ON_TOPIC = f"{HISTORY[0].question} who is the governor?"
RACE = [news("race", "Alda Reyes congratulated her.", rank=0)]
STATE = [news("state", "Governor Ivo Brandt spoke.", rank=0)]


@pytest.mark.parametrize(
    ("reyes", "brandt", "answer", "query"),
    [(6.0, 3.0, "Alda Reyes", ON_TOPIC), (3.0, 6.0, "Ivo Brandt", AFTER)],
)
def test_a_follow_up_is_understood_the_way_that_is_answered_best(
    reyes: float, brandt: float, answer: str, query: str
) -> None:
    archive = FakeArchive([], by_query={ON_TOPIC: RACE, AFTER: STATE})
    reader = FakeReader({"alda reyes": reyes, "ivo brandt": brandt})
    result = ExtractiveAnswerer(archive, reader, SCORER).ask(Question(AFTER, HISTORY))
    assert result.answer and result.answer.text == answer
    assert result.standalone_question == query
    assert [one.article.id for one in result.nearest] == [result.answer.citations[0].article_id]
    assert reader.asked == ["who is the governor?"] * 2


SCORES = st.floats(-900, 900, allow_nan=False)
PLACES = ("Nine", "twelve", "Marta Ølsen", "Ivo Brandt", "Ferry", "Tuesday", "10 percent")
TEXT = "Nine or twelve people met Marta Ølsen. Ivo Brandt left on Tuesday, 10 percent said."


class ScoredReader(FakeReader):
    """Gives each place in each text the next of the scores drawn."""

    scores: Sequence[tuple[float, float]] = ()

    def read(self, question: str, hits: Sequence[Hit], *_: object, **__: object) -> list[Span]:
        spans = []
        numbers = iter(self.scores)
        for number, hit in enumerate(hits):
            for words in PLACES:
                score, null = next(numbers, (0.0, 0.0))
                in_title = words == "Ferry"
                text = hit.article.title if in_title else hit.article.text
                if (start := text.find(words)) >= 0:
                    field = "title" if in_title else "text"
                    spans.append(Span(number, start, start + len(words), score, null, field))  # type: ignore[arg-type]
        return spans


@given(
    st.lists(st.tuples(SCORES, SCORES), max_size=21),
    st.sampled_from(
        [
            "How many people met?",
            "Who left?",
            "Which people were there?",
            "Why did he leave?",
            "Did he leave?",
            "Who met in 2018?",
            "What happened?",
        ]
    ),
    st.integers(1, 6),
)
def test_whatever_the_scores_answers_come_by_confidence_and_prove_themselves(
    scores: list[tuple[float, float]], question: str, max_answers: int
) -> None:
    hits = [
        news("a", TEXT, "2019-03-05", "Post", 0, "Ferry sinks"),
        news("b", TEXT, "2019-03-06", "Echo", 1, "Ferry lost"),
        news("c", TEXT, None, None, 2),
    ]
    reader = ScoredReader({})
    reader.scores = scores
    desk = ExtractiveAnswerer(FakeArchive(hits), reader, SCORER, abstain_below=0.2)
    asked = Question(question, as_of=date(2019, 4, 1), max_answers=max_answers)
    result = desk.ask(asked)
    found = confidences(result)
    assert found == sorted(found, reverse=True)
    assert len(found) <= max_answers
    assert all(0.0 <= one <= 1.0 for one in found)
    assert (result.answer is None) == (result.reason is not None)
    assert proves(result, hits)


def test_the_second_question_may_point_at_the_answer_of_the_first() -> None:
    desk = answerer(FERRY, **{"marta ølsen": 6.0})
    told: list[Sequence[Hit]] = []
    desk.ask(Question("Who is the captain and how old is she?"), told.append)
    assert isinstance(desk.reader, FakeReader)
    assert desk.reader.asked == ["Who is the captain?", "how old is Marta Ølsen?"]
    assert len(told) == 1


def test_never_more_than_twenty_answers_are_given() -> None:
    words = [f"name{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    hits = [news("a", f"They were {', '.join(words)}.")]
    result = answerer(hits, **dict.fromkeys(words, 6.0)).ask(Question("What?", max_answers=99))
    assert len(confidences(result)) == 20


def test_a_possibility_is_not_given_for_a_name_that_the_archive_lacks() -> None:
    hits = [news("a", "The president, Alda Reyes, spoke.")]
    # Any answer would do, and none is likely.
    unsure = replace(answerer(hits, **{"alda reyes": 0.0}), abstain_below=0.0)
    assert not (unsure.ask(Question("Who is the president?")).alternatives)
    result = unsure.ask(Question("Who is the president of Norhavn?"))
    assert result.answer is None and "“Norhavn”" in (result.reason or "")


@pytest.mark.parametrize(
    ("question", "as_of", "reason"),
    [
        ("Who is the captain today?", None, None),
        ("Who became the captain today?", None, "today (6 Mar 2024)"),
        ("Who became the captain yesterday?", None, None),
        ("Who became the captain yesterday?", date(2024, 3, 9), "yesterday (8 Mar 2024)"),
        ("Who became the captain this week?", None, None),
        ("Who became the captain this week?", date(2024, 3, 12), "this week (from 11 Mar 2024 on)"),
        ("Who became the captain tonight?", date(2024, 3, 5), None),
        ("Who became the captain?", None, None),
    ],
)
def test_what_happened_after_the_archive_ends_is_refused(
    question: str, as_of: date | None, reason: str | None
) -> None:
    archive = FakeArchive(FERRY, status(first_day="2024-03-01", last_day="2024-03-05"))
    reader = FakeReader({"marta ølsen": 6.0})
    desk = ExtractiveAnswerer(archive, reader, SCORER, today=lambda: date(2024, 3, 6))

    result = desk.ask(Question(question, as_of=as_of))

    if reason:
        assert result.answer is None
        assert result.reason == f"The archive ends on 5 Mar 2024, so it has nothing of {reason}."
    else:
        assert result.answer is not None


@pytest.mark.parametrize(
    ("question", "as_of", "searched"),
    [
        ("Who became the captain this week?", None, date(2024, 3, 6)),
        ("Who became the captain last weekend?", None, date(2024, 3, 6)),
        ("Who became the captain this week?", date(2023, 1, 2), date(2023, 1, 2)),
        ("Who became the captain?", None, None),
        ("Who became the captain in March 2024?", None, None),
    ],
)
def test_these_days_are_those_in_which_it_is_asked(
    question: str, as_of: date | None, searched: date | None
) -> None:
    archive = FakeArchive(FERRY)
    desk = ExtractiveAnswerer(archive, FakeReader({}), SCORER, today=lambda: date(2024, 3, 6))
    desk.ask(Question(question, as_of=as_of))
    assert {query.as_of for query, _ in archive.queries} == {searched}


def test_an_unlikely_answer_about_today_is_refused_with_the_end_of_the_archive() -> None:
    archive = FakeArchive(FERRY, status(first_day="2024-03-01", last_day="2024-03-05"))
    desk = ExtractiveAnswerer(archive, FakeReader({}), SCORER, today=lambda: date(2024, 3, 6))

    result = desk.ask(Question("Who is the captain today?"))

    assert result.reason is not None
    assert result.reason.startswith("The archive ends on 5 Mar 2024")
