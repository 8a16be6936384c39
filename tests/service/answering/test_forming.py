"""Answers that prove themselves: citations, sources, false proofs and what changed over time."""

from dataclasses import replace
from datetime import date

import pytest

from index.search.hit import Hit
from service.answering.analysis import analyse
from service.answering.answer import Answer, Question
from service.answering.forming import Scored, cite, n_independent, over_time, proofs, to_answer
from service.answering.mentions import Group, Mention
from tests.service.answering.conftest import hit_for
from tests.service.answering.fakes import answerer, mention, news

AS_OF = date(2025, 6, 10)
SAVED = analyse("How many people were rescued from the ferry?")


def formed(*mentions: Mention, probability: float = 0.8) -> Answer:
    return to_answer(Scored(Group(mentions), probability), SAVED)


def proves(answer: Answer, *hits: Hit) -> bool:
    """Whether each citation quotes its article, with the answer in the quote."""
    articles = {hit.article.id: hit.article for hit in hits}
    for one in answer.citations:
        article = articles[one.article_id]
        text = article.title if one.field == "title" else article.text
        assert text[one.quote_start : one.quote_end] == one.quote
        assert one.quote_start <= one.answer_start < one.answer_end <= one.quote_end
    first = answer.citations[0]
    article = articles[first.article_id]
    text = article.title if first.field == "title" else article.text
    assert text[first.answer_start : first.answer_end] == answer.text
    return True


def test_each_article_is_cited_once_by_its_surest_mention() -> None:
    one = news("a", "Nine people were rescued. Then nine sang.")
    other = news("b", "The ferry sank. Nine were rescued.", rank=1)
    answer = formed(
        mention(one, "Nine", 6.0), mention(other, "Nine", 4.0), mention(one, "nine", 3.0)
    )
    assert [c.article_id for c in answer.citations] == ["a", "b"]
    assert answer.citations[0].quote == "Nine people were rescued."
    assert answer.confidence == 0.8
    assert answer.value and answer.value.number == 9
    assert proves(answer, one, other)


def test_the_shown_words_come_first_and_stand_in_the_first_citation() -> None:
    one = news("a", "Many were rescued.", title="Nine rescued")
    other = news("b", "They rescued 9 people.", rank=1)
    answer = formed(mention(one, "Nine", 6.0, where="title"), mention(other, "9", 5.0))
    assert answer.text == "9"
    assert [c.article_id for c in answer.citations] == ["b", "a"]
    assert proves(answer, one, other)


def test_a_headline_is_quoted_whole_and_its_page_opened_at_the_top() -> None:
    hit = news("a", "Many were rescued.", title="Ferry sinks, nine rescued")
    in_title = cite(mention(hit, "nine", where="title"))
    assert (in_title.field, in_title.quote) == ("title", "Ferry sinks, nine rescued")
    assert in_title.permalink == f"/articles/a?v={hit.article.version}"
    in_text = cite(mention(hit, "Many"))
    assert (in_text.field, in_text.permalink) == (
        "text",
        f"/articles/a?q=0-18&v={hit.article.version}",
    )


def test_a_citation_tells_where_and_when_it_was_published() -> None:
    hit = news("a", "Nine were rescued.", "2024-03-05", "Harbour Post")
    hit = replace(hit, article=replace(hit.article, url="https://post.example/1"))
    found = cite(mention(hit, "Nine"))
    assert (found.source, found.published) == ("Harbour Post", "2024-03-05")
    assert (found.title, found.url) == ("Title of a", "https://post.example/1")


def sourced(name: str, source: str | None, story: int | None) -> Hit:
    return news(name, "Nine people were rescued.", source=source, story=story)


def test_copies_and_articles_of_one_outlet_count_once() -> None:
    hit = sourced
    assert n_independent([hit("a", "Post", 1), hit("b", "Echo", 2), hit("c", None, 3)]) == 3
    assert n_independent([hit("a", "Post", 1), hit("b", "Echo", 1)]) == 1
    assert n_independent([hit("a", "Post", 1), hit("b", "Post", 2)]) == 1
    # The copy in the Echo ties the Post's own report to the Echo's.
    chain = [hit("a", "Post", 1), hit("b", "Echo", 2), hit("c", "Post", 2)]
    assert n_independent(chain) == 1


def test_two_passages_of_one_article_are_one_source() -> None:
    assert n_independent([sourced("a", None, None), sourced("a", None, None)]) == 1
    assert n_independent([]) == 0


def test_the_order_of_the_articles_changes_no_support() -> None:
    chain = [sourced("a", "Post", 1), sourced("b", "Echo", 2), sourced("c", "Post", 2)]
    assert n_independent(chain[::-1]) == n_independent([chain[1], chain[0], chain[2]]) == 1


def test_an_article_that_says_it_in_other_words_is_a_source_too() -> None:
    hits = [
        news("a", "A jury convicted Lorcan Shay.", story=1, rank=0),
        news("b", "They found the barman Lorcan Shay guilty.", story=2, rank=1),
        news("c", "Police led Shay away.", story=3, rank=2),
    ]
    finds = {"lorcan shay": 6.0, "barman lorcan shay": 2.0, "shay": 1.0}
    found = answerer(hits, **finds).ask(Question("Who was convicted?")).answer
    assert found
    assert (found.text, found.support) == ("Lorcan Shay", 3)


def cited(*mentions: Mention) -> list[str]:
    return [one.hit.article.id for one in proofs(Group(mentions), SAVED)]


def test_the_same_number_in_an_article_about_something_else_is_no_proof() -> None:
    proof = mention(news("a", "Nine people were rescued from the ferry."), "Nine", 6.0)
    chance = mention(news("b", "The bakery sells nine loaves."), "nine", -5.0)
    hinted = mention(news("c", "The ferry sank; nine swam ashore."), "nine", -5.0)
    absent = mention(news("d", "The ferry sank; nine swam ashore."), "nine", -15.0)
    believed = mention(news("e", "There were nine of them."), "nine", 2.0)
    assert cited(proof, believed, hinted, chance, absent) == ["a", "e", "c"]


@pytest.mark.parametrize(
    "text",
    [
        "They left at 11 a.m. sharp.",
        "They left at 11am.",
        "They left at 11 o’clock.",
        "They left at 11:30.",
        "They left on March 11.",
        "They left on Sept. 11.",
    ],
)
def test_a_number_cut_out_of_a_time_or_a_date_is_no_proof(text: str) -> None:
    proof = mention(news("a", "They rescued 11 people."), "11", 6.0)
    assert cited(proof, mention(news("b", text), "11", 4.0)) == ["a"]


@pytest.mark.parametrize("text", ["They ran 11 miles.", "All 11 amateurs came.", "Of 11: none."])
def test_other_numbers_are_whole(text: str) -> None:
    assert cited(mention(news("b", text), "11", 4.0)) == ["b"]


TOLL = [
    news("c", "The toll rose to 14 on Friday.", "2025-03-07", "Post", 0),
    news("a", "At least 9 were dead on Wednesday.", "2025-03-05", "Post", 1),
    news("b", "Officials counted 12 dead.", "2025-03-06", "Echo", 2),
    news("d", "The storm killed 12 in all.", "2025-03-06", "Herald", 3),
]


def asked(hits: list[Hit], finds: dict[str, float], question: str = "How many died?") -> Answer:
    found = answerer(hits, **finds).ask(Question(question, as_of=AS_OF)).answer
    assert found
    return found


def told(answer: Answer) -> list[str]:
    return [entry.text for entry in answer.timeline]


def test_the_latest_value_is_the_answer_and_all_are_told() -> None:
    answer = asked(TOLL, {"14": 7.0, "9": 6.0, "12": 6.0})
    assert answer.text == "14"
    entries = [(entry.text, entry.citation.published) for entry in answer.timeline]
    assert entries == [("9", "2025-03-05"), ("12", "2025-03-06"), ("14", "2025-03-07")]
    for entry in answer.timeline:
        assert entry.text in entry.citation.quote
    assert not answer.conflict


def test_an_article_without_the_name_asked_for_tells_no_value_of_it() -> None:
    ferries = [
        news("a", "Three were aboard off Gull Island.", "2024-09-14", "Post", 0),
        news("b", "All 186 were aboard off Corran.", "2025-02-02", "Post", 1),
    ]
    finds = {"186": 6.0, "three": 5.0}
    assert told(asked(ferries, finds, "How many were aboard off Corran?")) == []
    assert told(asked(ferries, finds, "How many were aboard?")) == ["Three", "186"]


def test_a_quotation_is_no_value_that_changes() -> None:
    speeches = [
        news("a", "He said the city has changed the locks again.", "2024-09-14", "Post", 0),
        news("b", "He said you cannot budget for a broken pipe.", "2025-02-02", "Post", 1),
    ]
    finds = {
        "the city has changed the locks again": 6.0,
        "you cannot budget for a broken pipe": 5.0,
    }
    assert told(asked(speeches, finds, "What did the man say?")) == []


def test_a_name_and_its_last_part_are_one_value() -> None:
    captains = [
        news("a", "Katya Lund will lead the team.", "2021-09-06", "Post", 0),
        news("b", "Captain Lund saved twelve shots.", "2022-02-09", "Post", 1),
        news("c", "Ronja Heikkila takes over.", "2022-08-29", "Post", 2),
    ]
    finds = {"katya lund": 5.0, "lund": 4.0, "ronja heikkila": 4.5}
    answer = asked(captains, finds, "Who is the captain?")
    assert told(answer) == ["Katya Lund", "Ronja Heikkila"]


def test_a_part_of_another_name_is_no_value_of_its_own() -> None:
    owners = [
        news("a", "It belongs to Marchetti.", "2021-09-06", "Post", 0),
        news("b", "It belongs to Marchetti Lines.", "2022-02-09", "Post", 1),
        news("c", "It belongs to Orrin Shipping.", "2022-08-29", "Post", 2),
    ]
    finds = {"marchetti": 5.0, "marchetti lines": 5.5, "orrin shipping": 5.0}
    answer = asked(owners, finds, "Which company owns the ferry?")
    assert told(answer) == ["Marchetti Lines", "Orrin Shipping"]


def test_one_value_is_no_timeline() -> None:
    answer = asked(TOLL[2:], {"12": 6.0})
    assert answer.timeline == ()
    assert answer.text == "12"


@pytest.mark.parametrize(
    "finds",
    [
        {"14": 0.5, "9": -8.2},
        {"14": 9.0, "9": 0.5},
        {"14": 9.0, "wednesday": 9.0},
    ],
    ids=["hardly an answer", "much less sure", "of another kind"],
)
def test_what_is_hardly_an_answer_or_of_another_kind_is_no_value(finds: dict[str, float]) -> None:
    assert told(asked(TOLL[:2], finds)) == []


def test_an_article_speaks_with_what_is_surest_in_it() -> None:
    hits = [
        news("a", "The toll rose to 14, after 9 the day before.", "2025-03-07", "Post", 0),
        news("b", "Officials counted 12 dead.", "2025-03-06", "Echo", 1),
    ]
    assert told(asked(hits, {"14": 7.0, "9": 6.0, "12": 6.0})) == ["12", "14"]


@pytest.mark.parametrize(
    "question",
    [
        "Who won the cup?",
        "Who is the coach fired this week?",
        "Who was elected on Monday?",
    ],
)
def test_what_happened_once_has_no_values_over_time(question: str) -> None:
    hits = [
        news("a", "The cup went to Ana Ruiz.", "2024-05-05", "Post", 0),
        news("b", "The cup went to Dov Pruett.", "2023-05-06", "Post", 1),
    ]
    finds = {"ana ruiz": 6.0, "dov pruett": 5.0}
    assert told(asked(hits, finds, question)) == []
    assert told(asked(hits, finds, "Who has the cup?")) == ["Dov Pruett", "Ana Ruiz"]
    # Names stand near what is asked for more often than numbers do.
    assert told(asked(hits, finds | {"dov pruett": -5.5}, "Who has the cup?")) == []


def test_an_undated_article_has_no_place_in_time() -> None:
    hits = [TOLL[0], news("b", "Officials counted 12 dead.", None, "Echo", 1)]
    assert told(asked(hits, {"14": 7.0, "12": 6.0})) == []


def test_other_kinds_of_value_make_no_timeline() -> None:
    kinds = [
        mention(news("a", "It cost $5 million.", "2025-03-05"), "$5 million", 6.0),
        mention(news("b", "It cost £4 million.", "2025-03-06"), "£4 million", 6.0),
        mention(news("c", "It rose 3 percent.", "2025-03-07"), "3 percent", 6.0),
    ]
    scored = [Scored(Group((one,)), 0.3) for one in kinds]
    assert over_time(analyse("What did it cost?"), scored) == ((), False)


def test_what_cannot_be_the_answer_is_no_value() -> None:
    places = [
        mention(news("a", "France led.", "2025-03-05"), "France"),
        mention(news("b", "Norhavn led.", "2025-03-06"), "Norhavn"),
        mention(news("c", "Spain led.", "2025-03-07"), "Spain"),
    ]
    scored = [Scored(Group((one,)), 0.3) for one in places]
    values, _ = over_time(analyse("Which country led?"), scored)
    assert [one.text for one in values] == ["France", "Spain"]


@pytest.mark.parametrize(
    ("newest", "other", "day", "expected"),
    [
        ("Police say 17 died.", "Echo", "2025-03-05", True),
        ("Police say 17 died.", "Echo", "2025-03-06", True),
        ("Police say 17 died.", "Echo", "2025-03-07", False),
        ("The count was revised to 17 dead.", "Echo", "2025-03-05", False),
        ("Police say 17 died.", "Post", "2025-03-05", False),
    ],
)
def test_outlets_that_differ_at_one_time_are_a_conflict(
    newest: str, other: str, day: str, expected: bool
) -> None:
    hits = [
        news("a", "The mine owner says 14 died.", "2025-03-05", "Post", 0),
        news("b", newest, day, other, 1),
    ]
    assert asked(hits, {"14": 6.0, "17": 6.0}).conflict is expected


def test_every_citation_of_a_whole_answer_proves() -> None:
    hits = [hit_for(name, "It rained. Nine people were rescued.", n) for n, name in enumerate("ab")]
    answer = answerer(hits, nine=6.0).ask(Question("How many were rescued?")).answer
    assert answer and len(answer.citations) == 2
    assert proves(answer, *hits)


def test_a_part_of_a_name_is_no_subject() -> None:
    here = news("a", "Eleven people were hurt at the Lower Harrow dam.", source="Harbour Post")
    there = news("b", "The toll rose to eleven people. Low Harrow was dark.", source="Wire", rank=1)
    found = Group((mention(here, "Eleven", 4.0), mention(there, "eleven", -8.0)))
    question = analyse("How many people were hurt at the Lower Harrow dam?")
    assert [one.hit.article.id for one in proofs(found, question)] == ["a"]
