"""Questions for several things, and for a reason."""

import pytest

from service.answering.answer import Answer, Question
from service.answering.forming import Scored
from service.answering.lists import list_items
from service.answering.mentions import Group
from tests.service.answering.conftest import hit_for
from tests.service.answering.fakes import answerer, mention


def asked(question: str, texts: list[str], finds: dict[str, float]) -> Answer:
    hits = [hit_for(f"a{rank}", text, rank) for rank, text in enumerate(texts)]
    found = answerer(hits, **finds).ask(Question(question)).answer
    assert found
    for part in (*found.items, *found.timeline):
        cited = next(hit.article for hit in hits if hit.article.id == part.citation.article_id)
        assert part.text == cited.text[part.citation.answer_start : part.citation.answer_end]
        assert part.text in part.citation.quote
    return found


def items(answer: Answer) -> list[str]:
    return [item.text for item in answer.items]


def test_an_enumeration_becomes_its_items() -> None:
    text = "The most common side effects were fever, sore arms and a headache."
    answer = asked("What were the side effects?", [text], {"fever, sore arms and a headache": 6.0})
    assert items(answer) == ["fever", "sore arms", "a headache"]
    assert answer.text == "fever, sore arms and a headache"


def test_a_conjunction_before_an_insertion_is_in_no_item() -> None:
    text = "The data were names, addresses and, for some people, numbers of accounts."
    finds = {"names, addresses and, for some people, numbers of accounts": 6.0}
    answer = asked("What were the data?", [text], finds)
    assert items(answer) == ["names", "addresses", "numbers of accounts"]


def test_a_name_brings_the_others_of_its_enumeration() -> None:
    text = (
        "The finalists were Noor Haidari, for “Orchard”; Lucjan Wróbel, for “The Daughter”; "
        "and Maeve Castellane, who lives in Pell."
    )
    answer = asked("Who were the finalists?", [text], {"noor haidari": 6.0})
    assert items(answer) == ["Noor Haidari", "Lucjan Wróbel", "Maeve Castellane"]


def test_items_come_from_several_articles_and_each_is_told_once() -> None:
    texts = [
        "The village of Low Harrow was flooded.",
        "Stent was flooded, and so was Low Harrow.",
        "PELL, May 2 — Much was flooded.",
    ]
    finds = {"low harrow": 6.0, "stent": 5.0, "pell": 5.5}
    answer = asked("Which villages were flooded?", texts, finds)
    assert items(answer) == ["Low Harrow", "Stent"]


def test_one_item_or_a_question_for_one_fact_is_no_list() -> None:
    text = "The villages of Low Harrow and Stent were flooded."
    assert asked("Which villages were flooded?", [text], {"stent": 6.0}).items == ()
    assert asked("What was flooded?", [text], {"low harrow and stent": 6.0}).items == ()


def test_what_is_much_less_likely_is_no_item() -> None:
    texts = ["Low Harrow was flooded.", "Stent was flooded.", "They went to Pell Moor."]
    finds = {"low harrow": 6.0, "stent": 5.0, "pell moor": 1.0}
    assert items(asked("Which villages were flooded?", texts, finds)) == ["Low Harrow", "Stent"]


def test_an_item_in_the_words_of_another_is_left_out() -> None:
    texts = ["Katya Lund left.", "So did Ivo Brandt.", "And Lund said why."]
    finds = {"katya lund": 6.0, "ivo brandt": 6.0, "lund": 5.5}
    assert items(asked("Which players left the team?", texts, finds)) == [
        "Katya Lund",
        "Ivo Brandt",
    ]


def test_items_have_the_probability_of_their_groups_together() -> None:
    scored = [
        Scored(Group((mention("Low Harrow was flooded.", "Low Harrow"),)), 0.5),
        Scored(Group((mention("Stent was flooded.", "Stent"),)), 0.3),
        Scored(Group((mention("Pell was flooded.", "Pell", -4.0),)), 0.1),
    ]
    found, probability = list_items(scored)
    assert [one.text for one in found] == ["Low Harrow", "Stent"]
    assert probability == pytest.approx(0.8)
    assert list_items(scored[:1]) == ([], 0.5)


def test_a_value_is_one_item() -> None:
    text = "Prizes of $1,500 and 2,000 were paid."
    scored = [
        Scored(Group((mention(text, "$1,500"),)), 0.5),
        Scored(Group((mention(text, "2,000"),)), 0.4),
    ]
    assert [one.text for one in list_items(scored)[0]] == ["$1,500", "2,000"]


def test_a_reason_is_a_whole_sentence_and_is_told_once() -> None:
    text = "It rained. The train was late because of a fallen tree, she said."
    finds = {"a fallen tree": 6.0, "because": 5.0}
    result = answerer([hit_for("a", text, 0)], **finds).ask(Question("Why was the train late?"))
    assert result.answer
    assert result.answer.text == "The train was late because of a fallen tree, she said."
    assert result.alternatives == ()


def test_yes_or_no_is_answered_with_a_whole_sentence() -> None:
    text = "It rained. Nine people were hurt in the crash. They are well."
    assert asked("Was anyone hurt?", [text], {"nine": 6.0}).text == (
        "Nine people were hurt in the crash."
    )


def test_what_says_more_of_an_item_is_no_item() -> None:
    text = (
        "It brings fever, which lasts for days, a rash seen by very few of the doctors, and pain."
    )
    span = text.removeprefix("It brings ").removesuffix(".")
    assert items(asked("What are the side effects?", [text], {span: 6.0})) == ["fever", "pain"]


def test_an_answer_of_several_items_is_as_sure_as_they_are_together() -> None:
    texts = ["Low Harrow was flooded.", "Stent was flooded."]
    finds = {"low harrow": 3.0, "stent": 3.0}
    hits = [hit_for(f"a{rank}", text, rank) for rank, text in enumerate(texts)]
    single = answerer(hits, **finds).ask(Question("What was flooded?"))
    assert single.answer
    together = single.answer.confidence + single.alternatives[0].confidence
    found = asked("Which villages were flooded?", texts, finds)
    assert found.confidence == pytest.approx(together)
