"""The gold set of stories that change: its cases, how they are judged, and what is reached."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.corrections.notice import Correction
from index.building.builder import Builder
from index.building.progress import Silent
from service.answering.answer import Answer, AskResult, Question
from service.evaluation.gold.cases import read_cases
from service.evaluation.gold.corrected import (
    Arrival,
    ChangingQuestion,
    ChangingStory,
    judge_corrected,
)
from service.evaluation.metrics import contains_answer
from service.settings import Settings
from service.wiring import open_answerer, open_builder
from tests.service.evaluation.fakes import HIT, answer

STORIES = list(read_cases("corrected", ChangingStory))
QUESTIONS = [one for story in STORIES for one in story.questions]


def test_the_set_has_forty_questions_over_twenty_stories_of_five_kinds() -> None:
    assert (len(STORIES), len({one.id for one in QUESTIONS})) == (20, 40)
    kinds = Counter(story.kind for story in STORIES)
    assert kinds == {"toll": 4, "office": 4, "name": 4, "retraction": 3, "copied error": 5}


def test_each_story_changes_and_its_answers_are_in_it() -> None:
    for story in STORIES:
        days = [arrival.day for arrival in story.articles]
        assert days == sorted(days), story.id
        archive = story.archive()
        assert len(archive.articles) < len(story.articles), story.id
        texts = " ".join(arrival.text for arrival in story.articles)
        for asked in story.questions:
            assert contains_answer(texts, asked.answers) or not asked.answers, asked.id
            assert contains_answer(texts, asked.never), asked.id
            assert not asked.corrected or any(one.corrections for one in archive.articles)
        assert any(one.is_retracted for one in archive.articles) == (story.kind == "retraction")


def judged(found: Answer | None, **case: object) -> dict[str, bool]:
    asked = ChangingQuestion.model_validate(
        {"id": "q", "question": "?", "as_of": None, "answers": ["nine"], "never": ["ten"]}
        | {"corrected": True, **case}
    )
    reason = None if found else "It does not say."
    result = AskResult("?", "?", found, (), (HIT,), 1, reason)
    return {measure: is_right for measure, _, is_right in judge_corrected(asked, result)}


def test_an_answer_is_judged_by_its_words_its_place_and_its_correction() -> None:
    right, safe = "right answer, now", "nothing from a notice or a withdrawn text"
    shown = "correction shown with the right answer"
    assert judged(answer()) == {right: True, safe: True, shown: False}
    (first, *_) = answer().citations
    stated = Correction("correction", "It was nine.", "2024-03-06")
    corrected = replace(answer(), citations=(replace(first, corrections=(stated,)),))
    assert judged(corrected) == {right: True, safe: True, shown: True}
    notice = replace(stated, start=first.quote_start, end=first.quote_end)
    from_notice = replace(answer(), citations=(replace(first, corrections=(notice,)),))
    assert judged(from_notice)[safe] is False
    assert judged(replace(answer(), text="ten")) == {right: False, safe: False}
    assert judged(None) == {right: False, safe: True}
    assert judged(None, answers=[]) == {safe: True}


@pytest.fixture(scope="module")
def changed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index all stories as they came, day by day, with the real embedder."""
    root = tmp_path_factory.mktemp("corrected")
    arrivals = sorted(
        (arrival for story in STORIES for arrival in story.articles), key=lambda one: one.day
    )
    builder = open_builder(Settings(), root, Silent())
    for builder_then, articles in _runs(builder, arrivals):
        builder_then.add(articles)
    return root


def _runs(builder: Builder, arrivals: list[Arrival]) -> Iterator[tuple[Builder, list[Article]]]:
    """Yield what came together, with a builder; each change comes by itself, on its day."""
    waiting: list[Article] = []
    for arrival in arrivals:
        if not arrival.came:
            waiting.append(arrival.article())
            continue
        yield builder, waiting
        waiting = []
        noon = datetime.combine(arrival.day, time(12), UTC)
        yield replace(builder, clock=partial(_same, noon)), [arrival.article()]
    yield builder, waiting


def _same(moment: datetime) -> datetime:
    return moment


@pytest.mark.e2e
def test_changed_stories_are_answered_rightly_from_a_real_index(changed_index: Path) -> None:
    answerer, _ = open_answerer(Settings(index_dir=changed_index))
    outcomes: dict[str, list[tuple[str, bool]]] = {}
    for asked in QUESTIONS:
        result = answerer.ask(Question(asked.question, as_of=asked.as_of))
        for measure, case_id, is_right in judge_corrected(asked, result):
            outcomes.setdefault(measure, []).append((case_id, is_right))
    missed = {name: [one for one, ok in of_it if not ok] for name, of_it in outcomes.items()}
    assert missed["nothing from a notice or a withdrawn text"] == []
    assert missed["correction shown with the right answer"] == []
    assert len(missed["right answer, now"]) <= 1, missed
    assert len(missed["right answer, as of a day before"]) <= 2, missed
