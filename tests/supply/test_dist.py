"""Packages come out the same, hashes are merged, and the bill of materials is cut to size."""

import io
import tarfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.supply.dist import make_packages, normalise
from benchmarks.supply.errors import SupplyError
from benchmarks.supply.hashes import torch_line
from benchmarks.supply.sbom import only

ROOT = Path(__file__).parents[2]


def sdist(mtime: int, owner: str, mode: int, names: tuple[str, ...] = ("a/two", "a/one")) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as files:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size, member.mtime, member.uname, member.mode = 3, mtime, owner, mode
            files.addfile(member, io.BytesIO(name[-3:].encode()))
    return packed.getvalue()


def test_an_sdist_tells_nothing_of_the_machine_it_was_made_on() -> None:
    first = normalise(sdist(1_700_000_000, "ana", 0o600), 1_000)
    second = normalise(sdist(1_800_000_000, "ben", 0o664, ("a/one", "a/two")), 1_000)
    assert first == second
    with tarfile.open(fileobj=io.BytesIO(first)) as files:
        one, two = files.getmembers()
        opened = files.extractfile(two)
        assert opened and opened.read() == b"two"
    assert (one.name, one.mtime, one.uname, one.mode) == ("a/one", 1_000, "", 0o644)


def test_packages_are_made_of_a_commit(tmp_path: Path) -> None:
    with pytest.raises(SupplyError, match="made of a commit"):
        make_packages(tmp_path)


def test_a_wheel_of_torch_is_asked_for_where_it_runs_only() -> None:
    platform = {"sys_platform": "linux", "platform_machine": "x86_64", "python_version": "3.11"}
    line = torch_line("torch==2.1+cpu", "aa", platform)
    requirement, _, hashed = line.partition(" \\\n")
    assert hashed == "    --hash=sha256:aa\n"
    marker = Requirement(requirement).marker
    assert marker and marker.evaluate(platform)
    assert not marker.evaluate(platform | {"platform_machine": "arm64"})


def test_the_versions_pinned_by_hash_are_those_of_the_constraints() -> None:
    def pins(path: str) -> dict[str, str]:
        lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        found = (line.partition(" ")[0].partition("==") for line in lines if "==" in line)
        return {canonicalize_name(name): version.split("+")[0] for name, _, version in found}

    constraints, hashed = pins("constraints.txt"), pins("deploy/requirements.txt")
    # pip does not write down setuptools, which torch requires.
    assert set(hashed) - set(constraints) == {"setuptools"}
    assert {name: constraints.get(name) for name in hashed if name != "setuptools"} == {
        name: version for name, version in hashed.items() if name != "setuptools"
    }


def test_a_bill_of_materials_has_what_is_delivered_and_nothing_else() -> None:
    bill = {
        "metadata": {"component": {"name": "top", "bom-ref": "root"}},
        "components": [{"name": name, "bom-ref": f"{name}==1"} for name in ("Lower_One", "tool")],
        "dependencies": [
            {"ref": "root", "dependsOn": ["Lower_One==1", "tool==1"]},
            {"ref": "Lower_One==1"},
            {"ref": "tool==1"},
        ],
    }
    cut = only(bill, ["top", "lower-one"])
    assert [part["name"] for part in cut["components"]] == ["Lower_One"]
    assert cut["dependencies"] == [
        {"ref": "root", "dependsOn": ["Lower_One==1"]},
        {"ref": "Lower_One==1", "dependsOn": []},
    ]
    with pytest.raises(SupplyError, match="lacks absent"):
        only(bill, ["top", "absent"])
