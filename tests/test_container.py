"""What the image promises, read from its recipe: there is no engine here to build it with."""

import json
import re
from pathlib import Path

from click.testing import CliRunner

from service.cli import main

ROOT = Path(__file__).parent.parent
RECIPE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instructions(name: str) -> list[str]:
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", RECIPE, flags=re.MULTILINE))
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


def test_the_stage_that_runs_holds_no_tools_to_build_with() -> None:
    last = RECIPE.rsplit("\nFROM ", 1)[1]
    assert len(instructions("FROM")) == 2 and "pip install" not in last and "COPY . ." not in last


def test_it_runs_as_a_user_without_rights() -> None:
    (user,) = instructions("USER")
    assert user == "10001:10001"
    assert RECIPE.index("\nUSER ") < RECIPE.index("\nENTRYPOINT ")


def test_it_looks_at_its_own_health() -> None:
    (check,) = instructions("HEALTHCHECK")
    code = json.loads(check[check.index("[") :])[-1]
    compile(code, "HEALTHCHECK", "exec")
    assert "/health/live" in code and ":8000/" in code


def test_it_starts_what_there_is_with_options_that_are_known() -> None:
    (entry,), (arguments,) = instructions("ENTRYPOINT"), instructions("CMD")[-1:]
    assert json.loads(entry) == ["dateline"]
    command, *options = json.loads(arguments)
    shown = CliRunner().invoke(main, [command, "--help"]).output
    assert all(option in shown for option in options if option.startswith("--"))


def test_nothing_is_looked_for_on_a_network() -> None:
    assert "HF_HUB_OFFLINE=1" in RECIPE


def test_all_that_the_package_is_made_of_goes_into_the_image() -> None:
    sent = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert {"corpus", "index", "service", "pyproject.toml", "constraints.txt"} <= sent
