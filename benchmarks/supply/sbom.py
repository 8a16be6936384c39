"""A software bill of materials (CycloneDX JSON) of what is installed with Dateline.

cyclonedx-py describes a whole environment. What only development needs is taken out, and the result
is validated against the schema again.
"""

import json
import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from benchmarks.supply.errors import SupplyError

__all__ = ["make_sbom", "only"]

_VERSION = "1.6"
_VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
validator = JsonStrictValidator(SchemaVersion.from_version(sys.argv[1]))
problem = validator.validate_str(sys.stdin.read())
sys.exit(str(problem) if problem else 0)
"""


def make_sbom(tools: Path, project: Path, names: Collection[str], epoch_s: int) -> str:
    """Return the bill of the packages `names` of this environment, in JSON.

    Args:
        tools: the environment that has cyclonedx-bom.
        project: the pyproject.toml of what the bill is for.
        names: canonical names; others of this environment are left out.
        epoch_s: the time that the bill states, in seconds of the epoch.

    Raises:
        SupplyError: it cannot be made, or does not meet the schema.
    """
    command: list[str | Path] = [
        tools / "bin" / "python",
        "-m",
        "cyclonedx_py",
        "environment",
        sys.executable,
    ]
    options: list[str | Path] = [
        "--pyproject",
        project,
        "--spec-version",
        _VERSION,
        "--output-reproducible",
    ]
    made = _run([*command, *options], epoch_s=epoch_s)
    text = json.dumps(only(json.loads(made), names), indent=1, ensure_ascii=False) + "\n"
    _run([tools / "bin" / "python", "-c", _VALIDATE, _VERSION], given=text)
    return text


def only(bill: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return a bill with its root and the components `names`, and with what depends on what."""
    root = bill["metadata"]["component"]
    kept = [part for part in bill["components"] if canonicalize_name(part["name"]) in names]
    # The package itself is the root; where it is installed it is among the components as well.
    kept = [part for part in kept if part["name"] != root["name"]]
    missing = {*names} - {canonicalize_name(part["name"]) for part in [*kept, root]}
    if missing:
        raise SupplyError(f"The bill of materials lacks {', '.join(sorted(missing))}.")
    refs = {part["bom-ref"] for part in [*kept, root]}
    needs = [
        need | {"dependsOn": [ref for ref in need.get("dependsOn", []) if ref in refs]}
        for need in bill["dependencies"]
        if need["ref"] in refs
    ]
    return bill | {"components": kept, "dependencies": needs}


def _run(command: list[str | Path], given: str = "", epoch_s: int = 0) -> str:
    ended = subprocess.run(
        command,
        input=given,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(epoch_s)},
    )
    if ended.returncode:
        raise SupplyError(f"The bill of materials was not made: {ended.stderr.strip()}")
    return ended.stdout
