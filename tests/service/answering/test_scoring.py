"""One probability for each answer, and what it is made of."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from corpus.errors import ModelError
from index.search.hit import Hit
from service.answering.analysis import analyse
from service.answering.mentions import Group, Mention
from service.answering.scoring import (
    FEATURES,
    Scorer,
    article_stems,
    evidence,
    features,
    shown,
)
from tests.service.answering.fakes import SCORER, FakeArchive, mention, news, scorer, status

NUMBERS = st.floats(-1e4, 1e4)
ROWS = st.lists(st.fixed_dictionaries({name: NUMBERS for name in FEATURES}), max_size=6)


def rows_for(
    question: str,
    *groups: Sequence[Mention],
    archive: FakeArchive | None = None,
    as_of: date | None = None,
) -> list[dict[str, float]]:
    hits = [one.hit for members in groups for one in members]
    made = [Group(tuple(members)) for members in groups]
    return features(analyse(question, as_of=as_of), made, archive or FakeArchive(hits))


@given(ROWS, st.fixed_dictionaries({name: st.floats(-9, 9) for name in FEATURES}), NUMBERS)
def test_probabilities_and_none_add_up_to_one(
    rows: list[dict[str, float]], weights: dict[str, float], none: float
) -> None:
    found = scorer(none, **weights).probabilities(rows)
    # "None of them" is one more group that scores `none`.
    as_group = scorer(0.0, evidence=1.0)
    scores = [sum(weights[name] * row[name] for name in FEATURES) for row in rows]
    every = [dict.fromkeys(FEATURES, 0.0) | {"evidence": score - none} for score in scores]
    assert found == pytest.approx(as_group.probabilities(every), abs=1e-6)
    assert len(found) == len(rows)
    assert all(0.0 <= one <= 1.0 for one in found)
    assert sum(found) <= 1.0 + 1e-9


def test_probabilities_by_hand() -> None:
    rows = [dict.fromkeys(FEATURES, 0.0) | {"evidence": score} for score in (2.0, 1.0)]
    odds = [math.exp(2), math.exp(1), math.exp(1.5)]
    found = scorer(1.5, evidence=1.0).probabilities(rows)
    assert found == pytest.approx([odds[0] / sum(odds), odds[1] / sum(odds)])
    assert 1.0 - sum(found) == pytest.approx(odds[2] / sum(odds))
    assert SCORER.probabilities([]) == []


def test_each_feature_has_a_number() -> None:
    (row,) = rows_for("Who won?", [mention("Marta Ølsen won.", "Marta Ølsen")])
    assert set(row) == set(FEATURES)


def test_logits_of_any_size_give_numbers() -> None:
    rows = rows_for(
        "Who won?",
        [mention("Marta Ølsen won.", "Marta Ølsen", 4.0)],
        [mention("Ivo Brandt won.", "Ivo Brandt", 500.0)],
        [mention("Alda Reyes won.", "Alda Reyes", -500.0)],
    )
    assert [row["evidence"] for row in rows] == [2.0, 100.0, -100.0]
    assert all(math.isfinite(number) for row in rows for number in row.values())


def test_evidence_adds_up_and_counts_less_further_down() -> None:
    one = mention(news("a", "Nine were saved."), "Nine", 4.0)
    later = mention(news("b", "Nine were saved.", rank=15), "Nine", 4.0)
    assert evidence(one) == pytest.approx(2 * evidence(later))
    alone, both = rows_for("How many?", [one], [one, later])
    assert alone["evidence"] == pytest.approx(math.log(evidence(one)))
    assert both["evidence"] == pytest.approx(alone["evidence"] + math.log(1.5))


def test_no_answer_in_a_passage_counts_against_its_mentions() -> None:
    one = mention("Nine were saved.", "Nine", 4.0)
    doubted = replace(one, span=replace(one.span, null_score=3.0))
    assert doubted.margin == 1.0
    assert evidence(doubted) < evidence(one)


def test_a_rank_is_that_of_the_first_mention_that_is_nearly_as_sure() -> None:
    best = mention(news("a", "Nine were saved.", rank=7), "Nine", 5.0)
    near = mention(news("b", "Nine were saved.", rank=3), "Nine", 3.0)
    far = mention(news("c", "Nine were saved.", rank=0), "Nine", -1.0)
    (row,) = rows_for("How many?", [best, near, far])
    assert row["rank"] == pytest.approx(-math.log(4))


def test_what_cannot_be_of_the_type_asked_for_is_a_misfit() -> None:
    text = "Nine people were saved by Marta Ølsen."
    number, name = [mention(text, "Nine")], [mention(text, "Marta Ølsen")]
    assert [row["misfit"] for row in rows_for("How many?", number, name)] == [0.0, 1.0]
    assert [row["misfit"] for row in rows_for("Who saved them?", number, name)] == [1.0, 0.0]
    assert [row["misfit"] for row in rows_for("What is known?", number, name)] == [0.0, 0.0]


def test_names_of_the_question_that_an_article_lacks_are_missing() -> None:
    hits = [
        news("a", "Nine people were saved when the Sula sank off Norhavn."),
        news("b", "Ten were saved off Norhavn."),
        news("c", "Twelve were saved.", title="The Sula sinks"),
    ]
    words = ("Nine", "Ten", "Twelve")
    groups = [[mention(hit, one)] for hit, one in zip(hits, words, strict=True)]
    rows = rows_for("How many were saved from the Sula off Norhavn?", *groups)
    assert [row["missing"] for row in rows] == [0.0, 1.0, 1.0]
    assert [row["unknown"] for row in rows] == [0.0, 0.0, 0.0]


def test_names_of_several_words_stand_in_a_row() -> None:
    groups = [[mention("Marta won. Ølsen lost nine.", "nine")]]
    (row,) = rows_for("What did Marta Ølsen lose?", *groups)
    assert (row["missing"], row["unknown"]) == (1.0, 1.0)


def test_the_relevance_is_that_of_the_passage_that_is_most_about_the_question() -> None:
    one = mention("Nine were saved.", "Nine", 4.0)
    groups = [[replace(one, span=replace(one.span, relevance=told))] for told in (-3.0, 4.5)]
    rows = rows_for("How many?", *groups)
    assert [row["relevance"] for row in rows] == [4.5, 4.5]
    # What is about something else is no less about it than the next.
    assert rows_for("How many?", groups[0])[0]["relevance"] == 3.0
    assert rows_for("How many?") == []


def test_names_that_no_article_has_are_unknown_in_every_group() -> None:
    text = "Nine people were saved from the Sula, not ten."
    groups = [mention(text, "Nine")], [mention(text, "ten")]
    rows = rows_for("How many were saved from the Sula by Kestrel Rhode?", *groups)
    assert [row["unknown"] for row in rows] == [1.0, 1.0]


def dated(name: str, words: str, published: str | None, margin: float = 5.0) -> list[Mention]:
    return [mention(news(name, f"{words} said so.", published), words, margin)]


def test_what_is_new_on_the_day_asked_from_is_fresh() -> None:
    groups = [
        dated("a", "Marta Ølsen", "2025-06-10"),
        dated("b", "Ivo Brandt", "2025-04-11"),
        dated("c", "Alda Reyes", None),
    ]
    rows = rows_for("Who said so?", *groups, as_of=date(2025, 6, 10))
    assert [row["fresh"] for row in rows] == pytest.approx([1.0, math.exp(-1), 0.0])
    assert [row["fresh"] for row in rows_for("Who said so?", *groups)] == [0.0, 0.0, 0.0]


def test_no_archive_is_newer_than_its_last_article() -> None:
    groups = [dated("a", "Marta Ølsen", "2025-03-01")]
    archive = FakeArchive([groups[0][0].hit], status(last_day="2025-03-01"))
    (row,) = rows_for("Who said so?", *groups, archive=archive, as_of=date(2026, 6, 10))
    assert row["fresh"] == 1.0


def test_a_group_is_behind_the_newest_that_gives_an_answer() -> None:
    groups = [
        dated("a", "Marta Ølsen", "2025-06-10"),
        dated("b", "Ivo Brandt", "2025-06-01"),
        dated("c", "Alda Reyes", None),
        dated("d", "Grete Solvang", "2025-06-20", margin=-8.0),
    ]
    rows = rows_for("Who said so?", *groups)
    assert [row["behind"] for row in rows] == pytest.approx([0.0, math.log(10), 0.0, 0.0])


def superseded(*groups: list[Mention], question: str = "Who said so?") -> list[float]:
    return [row["superseded"] for row in rows_for(question, *groups)]


def test_a_newer_value_of_the_kind_supersedes_an_older_one() -> None:
    old, new = dated("a", "Marta Ølsen", "2025-01-01"), dated("b", "Ivo Brandt", "2025-06-01")
    assert superseded(old, new) == [1.0, 0.0]


@pytest.mark.parametrize(
    "newer",
    [
        dated("b", "Ivo Brandt", "2025-01-01"),
        dated("b", "Ivo Brandt", None),
        dated("b", "Nine", "2025-06-01"),
        dated("b", "Ivo Brandt", "2025-06-01", margin=-3.0),
        dated("b", "Ivo Brandt", "2025-06-01", margin=0.5),
    ],
    ids=["as old", "undated", "of another kind", "not believed in", "much less believed in"],
)
def test_nothing_else_supersedes(newer: list[Mention]) -> None:
    assert superseded(dated("a", "Marta Ølsen", "2025-01-01", 6.0), newer)[0] == 0.0


def test_a_value_after_the_time_asked_about_supersedes_nothing() -> None:
    groups = dated("a", "Bertil Aune", "2015-10-12"), dated("b", "Grete Solvang", "2019-09-10")
    assert superseded(*groups, question="Who was mayor in 2018?") == [0.0, 0.0]


def test_a_text_is_shown_rather_than_a_headline() -> None:
    hit = news("a", "Joanne Orrin wrote it.", title="Orrin wrote it")
    in_title = mention(hit, "Orrin", 6.0, where="title")
    in_text = mention(hit, "Joanne Orrin", 5.0)
    assert shown(Group((in_title, in_text))) is in_text
    assert shown(Group((in_title,))) is in_title
    unsure = mention(hit, "Joanne Orrin", -9.0)
    assert shown(Group((in_title, unsure))) is in_title


def test_an_article_is_known_by_the_stems_of_its_headline_and_text() -> None:
    article = news("a", "Nine were rescued.", title="The ferry sinks").article
    assert {"ferri", "sink", "nine", "rescu"} <= article_stems(article)


def test_a_file_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(SCORER.model_dump_json())
    assert Scorer.read(path) == SCORER


def fitted(**changes: object) -> str:
    return json.dumps(SCORER.model_dump() | changes)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "cannot be read"),
        ("{}", "cannot be read"),
        (fitted(bias=1.0), "cannot be read"),
        (fitted(abstain_below=1.5), "cannot be read"),
        (fitted(weights={"evidence": "x"}), "cannot be read"),
        (fitted(weights={"evidence": 1.0}), "other features"),
        (fitted(weights=SCORER.weights | {"coverage": 1.0}), "other features"),
    ],
)
def test_another_file_is_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content)
    with pytest.raises(ModelError, match=rf"calibration\.json.*(?s:.*){said}"):
        Scorer.read(path)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"training\.calibrate"):
        Scorer.read(tmp_path / "calibration.json")


def test_a_scorer_stays_as_it_was_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        SCORER.none = 2.0  # type: ignore[misc]


def test_hits_of_no_kind_are_scored(hits: Sequence[Hit]) -> None:
    assert features(analyse("Who?"), [], FakeArchive(hits)) == []
