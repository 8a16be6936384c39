"""The sdist and the wheel of a commit, the same bytes whenever and wherever they are made.

Both are made twice, in different folders, time zones, locales and hash seeds, and compared. The
wheel is also made from the sdist.
"""

import gzip
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from benchmarks.supply.errors import SupplyError

__all__ = ["commit_time_s", "make_packages", "normalise"]

_BUILD = """
import os, sys
from setuptools import build_meta
# setuptools changes sys.argv, and gives files it makes itself the modes that the umask leaves.
_, folder, *kinds = sys.argv
os.umask(0o022)
for kind in kinds:
    getattr(build_meta, "build_" + kind)(folder)
"""
# What may differ between two machines, and must not matter.
_HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
_ELSEWHERE = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "2"}


def commit_time_s(root: Path) -> int:
    """Return when what is checked out was committed, in seconds of the epoch."""
    return int(_git(root, "show", "--no-patch", "--format=%ct", "HEAD"))


def make_packages(root: Path) -> dict[str, bytes]:
    """Return the sdist and the wheel of the commit that is checked out, by file name.

    Raises:
        SupplyError: they cannot be made, or two makings differ.
    """
    epoch_s = commit_time_s(root)
    tree = _git(root, "archive", "--format=tar", "HEAD")
    first = _make(tree, epoch_s, _HERE, "sdist", "wheel")
    _compare(first, _make(tree, epoch_s, _ELSEWHERE, "sdist", "wheel"), "made twice")
    (sdist,) = (data for name, data in first.items() if name.endswith(".tar.gz"))
    wheel = {name: data for name, data in first.items() if name.endswith(".whl")}
    _compare(wheel, _make(gzip.decompress(sdist), epoch_s, _HERE, "wheel"), "made from the sdist")
    return first


def normalise(sdist: bytes, epoch_s: int) -> bytes:
    """Return an sdist without what tells of the machine: order, times, owners and modes.

    setuptools does this for wheels only.
    """
    target = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(sdist)) as before,
        gzip.GzipFile("", "wb", fileobj=target, mtime=epoch_s) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as after,
    ):
        for member in sorted(before.getmembers(), key=lambda one: one.name):
            plain = tarfile.TarInfo(member.name)
            plain.type, plain.size, plain.mtime = member.type, member.size, epoch_s
            plain.mode = 0o755 if member.isdir() else 0o644
            after.addfile(plain, before.extractfile(member) if member.isfile() else None)
    return target.getvalue()


def _make(tree: bytes, epoch_s: int, machine: dict[str, str], *kinds: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as work:
        source, made = Path(work, "source"), Path(work, "made")
        made.mkdir()
        with tarfile.open(fileobj=io.BytesIO(tree)) as files:
            files.extractall(source, filter="data")
        if not (source / "pyproject.toml").exists():
            (source,) = source.iterdir()
        ended = subprocess.run(
            [sys.executable, "-c", _BUILD, made, *kinds],
            cwd=source,
            env=os.environ | machine | {"SOURCE_DATE_EPOCH": str(epoch_s)},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise SupplyError(f"setuptools could not make the packages:\n{ended.stderr[-2000:]}")
        packages = {path.name: path.read_bytes() for path in sorted(made.iterdir())}
    return {
        name: normalise(data, epoch_s) if name.endswith(".tar.gz") else data
        for name, data in packages.items()
    }


def _compare(first: dict[str, bytes], second: dict[str, bytes], how: str) -> None:
    differing = [name for name in {**first, **second} if first.get(name) != second.get(name)]
    if differing:
        raise SupplyError(f"Not the same bytes when {how}: {', '.join(sorted(differing))}.")


def _git(root: Path, *arguments: str) -> bytes:
    ended = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)  # noqa: S607
    if ended.returncode:
        raise SupplyError(
            "Packages are made of a commit, and there is none here: "
            + ended.stderr.decode(errors="replace").strip()
        )
    return ended.stdout
