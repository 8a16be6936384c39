"""Have schemathesis make up thousands of calls of a server, and check what it answers.

`python -m benchmarks.contract --index DIR --schemathesis PATH`: serves a copy of the index with a
key that may change it, and runs schemathesis (installed on its own: `pip install schemathesis`)
over the OpenAPI document. Every response must be of a status, a type and a body that the document
describes, what does not fit the document must be refused, and nothing may end in a server error.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import rich_click as click

from benchmarks.serving import serving
from service.keys import KeyFile

__all__: list[str] = []

# It makes texts for a type that it does not know, when it is told that they are texts.
_HOOKS = """
import schemathesis
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
"""
_LEFT_OUT = (
    # What a document cannot say: that days are in order, that a text is not only white space.
    "positive_data_acceptance",
    # The framework's answer to OPTIONS leaves out the second of two handlers of one path.
    "allow_header_conformance",
)


@click.command()
@click.option("--index", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--schemathesis", default="schemathesis", show_default=True, help="The program.")
@click.option("--examples", default=600, show_default=True, help="Cases of a call, at most.")
@click.option("--seed", default=1, show_default=True)
def main(index: Path, schemathesis: str, examples: int, seed: int) -> None:
    """Exit with 1 when anything is not as described."""
    with tempfile.TemporaryDirectory() as folder:
        copy, hooks = Path(folder) / "index", Path(folder) / "hooks.py"
        shutil.copytree(index, copy)
        hooks.write_text(_HOOKS)
        key = KeyFile(copy).add("schemathesis", ("read", "write", "watch")).key
        # One passage is read for a question: what is looked at is the way in and out.
        with serving(copy, n_read=1, log_level="error") as server:
            command = [
                schemathesis, "run", f"{server.url}/schema/openapi.json",
                "--header", f"Authorization: Bearer {key}",
                "--max-examples", str(examples), "--seed", str(seed), "--no-shrink",
                "--phases", "examples,coverage,fuzzing", "--workers", "2",
                "--exclude-checks", ",".join(_LEFT_OUT), "--continue-on-failure",
                "--suppress-health-check", "all", "--warnings", "off",
            ]  # fmt: skip
            environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": folder}
            run = subprocess.run(command, cwd=folder, env=environment, check=False)
    sys.exit(run.returncode)


if __name__ == "__main__":
    main()
