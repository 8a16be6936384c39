"""Who asks does not wait for what builds."""

import subprocess
import sys

_BUILDING = (
    "corpus.sources.files index.building.builder index.vectors.export datasketch nupunkt"
    " py3langid scipy tiktoken torch trafilatura"
).split()


def test_asking_imports_nothing_that_builds() -> None:
    code = "import service.wiring, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert sorted(set(_BUILDING) & set(run.stdout.split())) == []
