"""Who asks does not wait for what builds, and light modules stay light."""

import subprocess
import sys

import pytest

_BUILDING = (
    "corpus.sources.files index.building.builder index.vectors.export datasketch nupunkt"
    " py3langid scipy tiktoken torch trafilatura"
).split()


def test_asking_imports_nothing_that_builds() -> None:
    code = "import service.wiring, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert sorted(set(_BUILDING) & set(run.stdout.split())) == []


_HEAVY = set("faiss onnxruntime tantivy litestar nupunkt numpy tokenizers babel".split())


@pytest.mark.parametrize(
    ("module", "needs"),
    [
        ("service.settings", set()),
        ("service.client", set()),
        ("index.engines.local.verify", {"numpy"}),
    ],
)
def test_light_modules_load_no_engine_and_no_server(module: str, needs: set[str]) -> None:
    code = f"import {module}, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert _HEAVY & set(run.stdout.split()) == needs
