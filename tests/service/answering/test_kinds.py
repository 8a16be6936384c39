"""Questions for several things, and for a reason."""

import pytest

from index.hit import Hit
from service.answering.answer import Answer, Question
from service.answering.kinds import QuestionKind, question_kind
from tests.service.answering.conftest import hit_for
from tests.service.answering.test_extractive import answerer


def asked(question: str, texts: list[str], finds: dict[str, float]) -> Answer:
    hits: list[Hit] = [hit_for(f"a{rank}", text, rank) for rank, text in enumerate(texts)]
    found = answerer(hits, **finds).ask(Question(question)).answer
    assert found
    for part in (*found.items, *found.timeline):
        cited = next(hit.article for hit in hits if hit.article.id == part.citation.article_id)
        assert part.text == cited.text[part.citation.answer_start : part.citation.answer_end]
    return found


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which villages were flooded?", "list"),
        ("In which districts have schools been closed?", "list"),
        ("Which three women took the first places?", "list"),
        ("Who were the other finalists?", "list"),
        ("What were the most common side effects?", "list"),
        ("What kinds of data were stolen?", "list"),
        ("Which country was recommended for candidacy?", "fact"),
        ("Which band announced this week that it will reunite?", "fact"),
        ("Which of these teams declined?", "fact"),
        ("Which viral term describes it?", "fact"),
        ("Why was the launch called off?", "reason"),
        ("How did the fire start?", "reason"),
        ("And why did it fail?", "reason"),
        ("How many people died?", "fact"),
        ("How long is the tunnel?", "fact"),
        ("Who knows why?", "reason"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: QuestionKind) -> None:
    assert question_kind(question) == kind


def test_an_enumeration_becomes_its_items() -> None:
    text = "The most common side effects were fever, sore arms and a headache."
    answer = asked("What were the side effects?", [text], {"fever, sore arms and a headache": 6.0})
    assert [item.text for item in answer.items] == ["fever", "sore arms", "a headache"]
    assert answer.text == "fever, sore arms and a headache"


def test_a_name_brings_the_others_of_its_enumeration() -> None:
    text = (
        "The finalists were Noor Haidari, for “Orchard”; Lucjan Wróbel, for “The Daughter”; "
        "and Maeve Castellane, who lives in Pell."
    )
    answer = asked("Who were the finalists?", [text], {"noor haidari": 6.0})
    names = ["Noor Haidari", "Lucjan Wróbel", "Maeve Castellane"]
    assert [item.text for item in answer.items] == names


def test_items_come_from_several_articles_and_each_is_told_once() -> None:
    texts = [
        "The village of Low Harrow was flooded.",
        "Stent was flooded, and so was Low Harrow.",
        "PELL, May 2 — Much was flooded.",
    ]
    finds = {"low harrow": 6.0, "stent": 5.0, "pell": 5.5}
    answer = asked("Which villages were flooded?", texts, finds)
    assert [item.text for item in answer.items] == ["Low Harrow", "Stent"]


def test_one_item_or_a_question_for_one_fact_is_no_list() -> None:
    text = "The villages of Low Harrow and Stent were flooded."
    assert asked("Which villages were flooded?", [text], {"stent": 6.0}).items == ()
    assert asked("What was flooded?", [text], {"low harrow and stent": 6.0}).items == ()


def test_a_reason_is_a_whole_sentence_and_is_told_once() -> None:
    texts = ["It rained. The train was late because of a fallen tree, she said."]
    finds = {"a fallen tree": 6.0, "because": 5.0}
    hits = [hit_for("a", text, 0) for text in texts]
    result = answerer(hits, **finds).ask(Question("Why was the train late?"))
    assert result.answer
    assert result.answer.text == "The train was late because of a fallen tree, she said."
    assert result.alternatives == ()
