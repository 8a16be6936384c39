import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli.main import main
from tests.service.watching.conftest import CAPTAIN, Desk


def run(folder: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["watch", *args, "--index", str(folder)])


def test_questions_are_watched_listed_and_removed(tmp_path: Path) -> None:
    made = run(tmp_path, "add", "Who", "is", "the", "captain?", "--as", "Ada [Lind]")
    assert made.exit_code == 0, made.output
    watch = made.stdout.strip()
    listed = run(tmp_path, "list")
    assert f"{watch}  {CAPTAIN} (for Ada [Lind])" in listed.stdout
    assert "not asked yet" in listed.stdout and "to be asked" in listed.stdout
    (as_json,) = json.loads(run(tmp_path, "list", "--json").stdout)
    assert (as_json["id"], as_json["name"], as_json["is_due"]) == (watch, "Ada [Lind]", True)
    removed = run(tmp_path, "remove", watch)
    assert removed.stdout.strip() == f"No longer watched: {CAPTAIN}"
    assert run(tmp_path, "remove", watch).exit_code == 1
    assert "No question is watched" in run(tmp_path, "list").stderr


def test_changes_are_printed(tmp_path: Path) -> None:
    assert run(tmp_path, "entries").stdout == ""
    desk = Desk(tmp_path)
    run(tmp_path, "add", CAPTAIN)
    for name in ("Marta Holt", "Jon Lund"):
        desk.publish(captain=name)
        desk.runner.run()
    printed = run(tmp_path, "entries").stdout
    assert "Another answer: Jon Lund (Harbour Post, 2024-03-05)" in printed
    assert "Before: Marta Holt (Harbour Post, 2024-03-05)" in printed
    (line,) = run(tmp_path, "entries", "--json").stdout.splitlines()
    assert json.loads(line)["change"] == "new-value"
    assert run(tmp_path, "entries", "--after", "1").stdout == ""
    listed = run(tmp_path, "list").stdout
    assert "Jon Lund (Harbour Post, 2024-03-05)" in listed
    assert "checked 2026-11-27T12:00:00+00:00, snapshot 3" in listed


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["Who is the captain? Who is the mayor?"], "several questions in one"),
        ([" "], "the question is empty"),
        (["Who?", "--from", "2024-02-01", "--to", "2024-01-01"], "is before --from"),
    ],
)
def test_what_cannot_be_watched_is_refused(tmp_path: Path, args: list[str], said: str) -> None:
    refused = run(tmp_path, "add", *args)
    assert refused.exit_code != 0
    assert said in refused.output


@pytest.mark.e2e
def test_a_run_asks_what_is_due(sample_index: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(sample_index, index)
    run(index, "add", "Which search dog located the buried ski instructor?")
    done = run(index, "run")
    assert done.exit_code == 0, done.output
    assert "1 question looked up, 1 asked, 0 changed." in done.stdout
    assert "Biscuit" in run(index, "list").stdout
    again = run(index, "run")
    assert "0 questions looked up" in again.stdout
