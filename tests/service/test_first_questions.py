"""Questions to begin with are asked once for a snapshot, and kept with it."""

import json
from collections.abc import Callable
from concurrent.futures import Future
from importlib.resources import files
from pathlib import Path

from service.first_questions import FirstQuestions
from tests.service.knowing import HEAD, RIGHT, Archive, Knowing


def opened(
    index_dir: Path, answerer: Knowing | None = None, calibration: str = "c"
) -> FirstQuestions:
    return FirstQuestions(answerer or Knowing(RIGHT), Archive(), index_dir, calibration)


def now(work: Callable[[], tuple[str, ...]]) -> "Future[tuple[str, ...]]":
    future: Future[tuple[str, ...]] = Future()
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)
    return future


def test_first_questions_are_found_once_for_a_snapshot(tmp_path: Path) -> None:
    answerer = Knowing(RIGHT)
    first = opened(tmp_path, answerer)
    assert first.known() is None
    assert first.begin(now).result() == (HEAD,)
    n = len(answerer.asked)
    assert first.begin(now).result() == first.known() == (HEAD,)
    assert len(answerer.asked) == n


def test_they_are_kept_with_the_snapshot_for_who_serves_it(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots" / str(Archive().current().status.snapshot)
    folder.mkdir(parents=True)
    assert opened(tmp_path).find() == (HEAD,)
    other = opened(tmp_path, Knowing({}))
    assert other.known() == other.find() == (HEAD,)
    # What another reader answered is asked again, and so is what cannot be read.
    assert opened(tmp_path, Knowing({}), calibration="other").known() is None
    (folder / "questions.json").write_text('{"questions": ["Who?"]}')
    assert opened(tmp_path, Knowing({})).known() is None


def test_those_of_another_publication_with_the_same_number_are_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots" / str(Archive().current().status.snapshot)
    folder.mkdir(parents=True)
    opened(tmp_path).find()
    path = folder / "questions.json"
    kept = json.loads(path.read_text())
    path.write_text(json.dumps(kept | {"published_at": "2020-01-01T00:00:00+00:00"}))
    assert opened(tmp_path).known() is None


def test_where_they_cannot_be_kept_they_are_found_all_the_same(tmp_path: Path) -> None:
    assert opened(tmp_path).find() == (HEAD,)
    assert not list(tmp_path.iterdir())


def test_finding_is_tried_again_after_it_failed(tmp_path: Path) -> None:
    first = opened(tmp_path)
    failed: Future[tuple[str, ...]] = Future()
    failed.set_exception(ZeroDivisionError())
    assert first.begin(lambda _: failed) is failed
    assert first.begin(now).result() == (HEAD,)


def test_hand_written_examples_are_of_the_sample_archive() -> None:
    samples = files("corpus.samples")
    lines = samples.joinpath("articles.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {article["id"]: article["text"] for article in map(json.loads, lines)}
    examples = samples.joinpath("examples.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(examples) == 6
    for example in map(json.loads, examples):
        assert example["answer"] in texts[example["article_id"]]
