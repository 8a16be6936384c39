import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import TestClient

from service.api.app import create_app
from service.cli.feedback import questions_of
from service.cli.main import main
from service.evaluation.questions import read_questions
from service.feedback import FeedbackFile
from service.settings import Settings
from tests.service.api.conftest import ask
from tests.service.api.fakes import FakeAnswerer, FakeArchive

Client = TestClient[Litestar]
ID = "0" * 32
SAID = {"answer_id": ID, "question": "How many?", "answer": "Nine", "right": True}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    settings = Settings(index_dir=tmp_path, max_feedback=5)
    app = create_app(answerer=FakeAnswerer(), archive=FakeArchive(), settings=settings)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def give(client: Client, **said: object) -> int:
    response = client.post("/v1/feedback", json=SAID | said)
    assert response.status_code == 201, response.text
    number: int = response.json()["id"]
    return number


def exported(folder: Path) -> list[dict[str, Any]]:
    return list(questions_of(FeedbackFile(folder, 5).all()))


def test_answers_have_ids_that_stay(client: Client) -> None:
    first, second = (ask(client, question="How many?").json()["id"] for _ in range(2))
    assert first == second
    assert first != ask(client, question="nothing").json()["id"]
    give(client, answer_id=first)


def test_feedback_becomes_a_questions_file(client: Client, tmp_path: Path) -> None:
    give(client, note="good")
    give(client, question="And when?", right=False, history=[{"question": "Who?"}])
    give(client, question="And where?", right=False, right_answers=["Norhavn"], as_of="2024-03-05")
    give(client, question="Why?", answer=None, filters={"sources": ["Harbour Post"]})
    result = CliRunner().invoke(main, ["feedback", "export", "--index", str(tmp_path)])
    assert result.exit_code == 0
    assert "3 questions from 4" in result.stderr
    path = tmp_path / "questions.jsonl"
    path.write_text(result.stdout)
    first, where, why = read_questions(path)
    assert (first.question.text, first.answers) == ("How many?", ("Nine",))
    assert first.extra["note"] == "good" and first.id == "feedback-1"
    assert where.answers == ("Norhavn",) and str(where.question.as_of) == "2024-03-05"
    assert why.answers == () and why.question.filters.sources == ("Harbour Post",)


def test_the_newest_word_about_a_question_counts(client: Client, tmp_path: Path) -> None:
    give(client)
    give(client, answer_id="1" * 32, answer="Ten", right=False, right_answers=["Eleven"])
    give(client, as_of="2024-03-05")
    first, dated = exported(tmp_path)
    assert first["answers"] == ["Eleven"] and dated["answers"] == ["Nine"]


def test_the_same_feedback_is_kept_once_and_old_feedback_goes(
    client: Client, tmp_path: Path
) -> None:
    assert give(client) == give(client)
    for n in range(10):
        give(client, question=f"How many {n}?")
    assert len(FeedbackFile(tmp_path, 5).all()) == 5
    assert exported(tmp_path)[-1]["question"] == "How many 9?"


def test_only_the_owner_reads_it(client: Client, tmp_path: Path) -> None:
    give(client)
    assert stat.S_IMODE((tmp_path / "feedback.db").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"answer_id": "x"}, "answer_id"),
        ({"right": "yes"}, "right"),
        ({"right": None}, "right"),
        ({"question": "x" * 1001}, "question"),
        ({"note": "x" * 2001}, "note"),
        ({"right_answers": [" "]}, "right_answers.0"),
        ({"wrong": 1}, "wrong"),
    ],
)
def test_a_wrong_field_is_named(client: Client, change: dict[str, object], field: str) -> None:
    response = client.post("/v1/feedback", json=SAID | change)
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_other_sites_cannot_give_feedback_through_a_browser(client: Client) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        response = client.post(
            "/v1/feedback", content=json.dumps(SAID), headers={"Content-Type": kind}
        )
        assert response.status_code == 415
    assert client.post("/v1/feedback", json=SAID | {"note": "x" * 40_000}).status_code == 413


def test_feedback_that_cannot_be_kept_is_no_success(client: Client, tmp_path: Path) -> None:
    (tmp_path / "feedback.db").write_text("no database at all, and long enough to be looked at")
    response = client.post("/v1/feedback", json=SAID)
    assert response.status_code == 503 and "feedback.db" in response.json()["detail"]


def test_there_may_be_none(tmp_path: Path) -> None:
    assert exported(tmp_path) == []
    assert not (tmp_path / "feedback.db").exists()
