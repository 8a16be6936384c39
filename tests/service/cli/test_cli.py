import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli.building import building
from service.cli.main import main
from service.cli.options import ServerUrl


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def test_every_command_has_help_with_an_example() -> None:
    overview = run("--help")
    assert overview.exit_code == 0
    for name in main.commands:
        assert name in overview.output
        shown = run(name, "--help")
        assert shown.exit_code == 0 and "Usage" in shown.output


def test_every_command_stands_in_the_readme() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    missing = [name for name in main.commands if not re.search(rf"dateline {name}\b", readme)]
    assert not missing


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("build", "no-such-file.jsonl"), "no-such-file.jsonl does not exist"),
        (("ask", "Who?", "--as-of", "soon"), "not a day"),
        (("ask", "Who?"), "holds no published index"),
        (("info",), "holds no published index"),
        (("verify",), "holds no published index"),
        (("eval", "no-such-file.jsonl"), "cannot be read"),
        (("build", "no-such-file.jsonl", "--workers", "2", "--dask", "tcp://x:1"), "not both"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    tmp_path: Path, args: tuple[str, ...], message: str
) -> None:
    result = run(*args, "--index", str(tmp_path / "index"))
    assert result.exit_code != 0
    # Messages are wrapped to the width of the terminal.
    assert message in " ".join(result.output.replace("│", " ").split())
    assert "Traceback" not in result.output


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATELINE_N_READ", "many")
    result = run("info", "--index", str(tmp_path))
    assert result.exit_code == 1 and "DATELINE_N_READ" in result.output


@pytest.mark.e2e
def test_build_ask_add_remove_verify(tmp_path: Path) -> None:
    index = ("--index", str(tmp_path / "index"))
    story = {
        "id": "ferry",
        "title": "Ferry sinks off Norhavn",
        "text": "NORHAVN, March 5 — The ferry Sula sank on Tuesday. Nine people were rescued.",
        "source": "Harbour Post",
        "published": "2024-03-05",
    }
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_text(json.dumps(story) + "\nnot json\n")
    two.write_text(json.dumps(story | {"id": "later", "text": "Ten people were rescued."}) + "\n")

    built = run("build", str(one), *index)
    assert built.exit_code == 0, built.output
    assert len(list(tmp_path.glob("index/snapshots/*/questions.json"))) == 1
    assert "1 added" in built.output and "1 skipped" in built.output
    shown = run("ask", "How many people were rescued?", *index)
    assert shown.exit_code == 0 and "Nine" in shown.output
    asked = json.loads(run("ask", "How many people were rescued?", "--json", *index).stdout)
    assert asked["answer"]["text"].startswith("Nine")
    assert asked["answer"]["citations"][0]["article_id"] == "ferry"
    other = CliRunner(env={"DATELINE_EMBEDDER_PRECISION": "fp32"}).invoke(
        main, ["add", str(two), *index]
    )
    assert other.exit_code == 1 and "precision" in other.output
    report = tmp_path / "report.jsonl"
    chosen = ("--since", "2024-01-01", "--limit", "5", "--report", str(report), "--workers", "2")
    assert "1 added" in run("add", str(tmp_path / "tw*.jsonl"), *chosen, *index).output
    assert json.loads(report.read_text())["id"] == "later"
    assert json.loads(run("info", "--json", *index).stdout)["n_articles"] == 2
    assert "is sound" in run("verify", *index).output
    assert "1 removed" in run("remove", "ferry", *index).output
    dense = next((tmp_path / "index" / "snapshots").rglob("dense.faiss"))
    dense.write_bytes(b"damaged")
    broken = run("verify", *index)
    assert broken.exit_code == 1 and "dense.faiss" in broken.output
    assert "is sound" in run("verify", "--rebuild", *index).output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("serve", "--port", "abc"), "'abc' must be a number from 0 to 65535."),
        (("serve", "--port", "70000"), "must be a number from 0 to 65535."),
        (("build", "x.jsonl", "--workers", "0"), "'0' must be a number of 1 or more."),
        (("eval", "q.jsonl", "--limit", "-1"), "'-1' must be a number of 1 or more."),
        (("ask", "Who?", "--url", "ftp://x"), "is not an address such as http://localhost:8000."),
        (
            ("ask", "Who?", "--from", "2024-02-02", "--to", "2024-01-01"),
            "--to 2024-01-01 is before --from 2024-02-02.",
        ),
        (("buld",), "Did you mean 'build'?"),
    ],
)
def test_usual_mistakes_are_answered_as_a_person_would(args: tuple[str, ...], message: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())


def test_sources_without_an_article_are_refused_before_a_model_is_loaded(tmp_path: Path) -> None:
    empty, index = tmp_path / "empty", tmp_path / "index"
    empty.mkdir()
    result = run("build", str(empty), "--index", str(index))
    said = " ".join(result.output.replace("│", " ").split())
    assert result.exit_code == 1 and "There are no articles in" in said
    assert "The index was not changed." in said and not index.exists()
    (empty / "a.jsonl").write_text("no json\n")
    said = " ".join(run("build", str(empty), "--index", str(index)).output.split())
    assert "1 record skipped" in said and not index.exists()


def test_an_interrupted_build_says_what_can_be_searched_and_how_to_go_on(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended, building(tmp_path / "index"):
        raise KeyboardInterrupt
    assert ended.value.code == 130


def test_no_keys_are_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    result = run("keys", "list", "--index", str(tmp_path))
    assert result.exit_code == 0 and "dateline keys add NAME" in result.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_completion_script(shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0 and "_DATELINE_COMPLETE" in result.output


def test_an_address_without_a_scheme_is_one_of_http() -> None:
    assert ServerUrl().convert("localhost:8000", None, None) == "http://localhost:8000"
    assert ServerUrl().convert("https://news.example", None, None) == "https://news.example"


@pytest.mark.e2e
def test_hold_release_and_versions(tmp_path: Path) -> None:
    index = ("--index", str(tmp_path / "index"))
    story = {
        "id": "ferry",
        "title": "Ferry sinks off Norhavn",
        "text": "NORHAVN, March 5 — The ferry Sula sank on Tuesday. Eleven people were rescued.",
        "published": "2024-03-05",
    }
    source = tmp_path / "one.jsonl"
    source.write_text(json.dumps(story))
    assert run("build", str(source), *index).exit_code == 0
    notice = "This article was amended on 8 March 2024. The number was wrong."
    text = story["text"].replace("Eleven", "Nine")
    source.write_text(json.dumps(story | {"text": f"{text}\n\n{notice}"}))
    assert run("add", str(source), "--keep-versions", "1", *index).exit_code == 0
    now = run("ask", "How many people were rescued?", *index).output
    assert now.startswith("Nine") and f"Correction, 8 Mar 2024: {notice}" in now
    then = run("ask", "How many people were rescued?", "--as-of", "2024-03-07", *index).output
    assert then.startswith("Eleven") and "Correction" not in then
    assert run("hold", "ferry", *index).exit_code == 2
    held = run("hold", "ferry", "--why", "A complaint.", "--by", "Ada", *index)
    assert held.exit_code == 0 and "On hold: 1 article." in held.output
    assert run("ask", "How many people were rescued?", *index).output.startswith("No answer")
    assert run("release", "ferry", "--by", "Bo", *index).exit_code == 0
    assert run("ask", "How many people were rescued?", *index).output.startswith("Nine")
    (line,) = json.loads(run("hold", "--log", "--json", *index).output)
    assert (line["why"], line["held_by"], line["released_by"]) == ("A complaint.", "Ada", "Bo")
    assert "ferry: held " in run("hold", "--log", *index).output
    assert run("verify", *index).exit_code == 0
