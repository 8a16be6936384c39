"""Pins every file that may be installed with Dateline by its SHA-256.

uv asks the package index for the hashes of all files of a version, for every platform. The CPU
build of torch comes from an index of its own: pip fetches the file for this platform.
"""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from packaging.markers import default_environment

from benchmarks.supply.errors import SupplyError

__all__ = ["pinned_by_hash", "torch_line"]

_HEADER = """\
# Everything that is installed with Dateline, without its extras: the versions of constraints.txt
# and the SHA-256 of each file that may be installed. Made by `make hashes`; do not edit by hand.
#   pip install --no-deps --require-hashes --extra-index-url {torch_index} \\
#       --requirement deploy/requirements.txt
# torch is pinned for the platform this was made on: install its CPU build first on any other.
"""


def pinned_by_hash(tools: Path, versions: Mapping[str, str], torch_index: str) -> str:
    """Return a requirements file with the hashes of all files of the versions, by package.

    Raises:
        SupplyError: an index cannot be reached or lacks a version.
    """
    pins = [f"{name}=={version}" for name, version in versions.items() if name != "torch"]
    command: list[str | Path] = [tools / "bin" / "uv", "pip", "compile", "-", "--quiet"]
    options = ["--universal", "--no-deps", "--generate-hashes", "--no-header", "--no-annotate"]
    ended = subprocess.run(
        [*command, *options, "--no-config"],
        input="\n".join(pins),
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise SupplyError(f"uv could not find the hashes: {ended.stderr.strip()}")
    torch = f"torch=={versions['torch']}+cpu"
    line = torch_line(torch, _cpu_wheel_hash(torch, torch_index), default_environment())
    return _HEADER.format(torch_index=torch_index) + ended.stdout + line


def torch_line(torch: str, sha256: str, platform: Mapping[str, object]) -> str:
    """Return the requirement of one wheel of torch, for the platform it runs on only.

    Without the marker pip would take a CUDA build of several GB where this wheel does not fit.
    """
    names = ("sys_platform", "platform_machine", "python_version")
    marker = " and ".join(f"{name} == '{platform[name]}'" for name in names)
    return f"{torch} ; {marker} \\\n    --hash=sha256:{sha256}\n"


def _cpu_wheel_hash(torch: str, torch_index: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        ended = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries", "0"]
            + ["--extra-index-url", torch_index, "--dest", folder, torch],
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise SupplyError(f"No wheel of {torch}: {ended.stderr.strip()}")
        (wheel,) = Path(folder).iterdir()
        with wheel.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
