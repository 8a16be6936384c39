"""An audit counts only if the packages were looked up."""

import json

import pytest

from benchmarks.supply.audit import audit
from benchmarks.supply.errors import SupplyError


def report(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


CLEAN: dict[str, object] = {"name": "one", "version": "1.0", "vulns": []}
UNKNOWN: dict[str, object] = {"name": "two", "skip_reason": "Dependency not found: two (1.0)"}
VULNERABLE: dict[str, object] = {
    "name": "two",
    "version": "1.0",
    "vulns": [{"id": "X-1", "fix_versions": ["1.1"]}, {"id": "X-2", "fix_versions": []}],
}


def test_the_first_service_that_knows_every_package_is_believed() -> None:
    asked: list[str] = []

    def run(service: str) -> tuple[str, str]:
        asked.append(service)
        return report(CLEAN, UNKNOWN if service == "pypi" else VULNERABLE), ""

    found = audit(run)
    assert (asked, found.service, found.n_packages) == (["pypi", "osv"], "osv", 2)
    assert [str(finding) for finding in found.findings] == [
        "two 1.0: X-1, fixed in 1.1",
        "two 1.0: X-2, fixed in no version yet",
    ]


def test_packages_that_were_not_looked_up_are_no_clean_audit() -> None:
    def run(service: str) -> tuple[str, str]:
        if service == "pypi":
            return report(UNKNOWN, UNKNOWN), ""
        return ("", "Traceback\nno way to osv\n") if service == "osv" else (report(), "")

    with pytest.raises(SupplyError) as error:
        audit(run)
    said = str(error.value)
    assert "pypi: 2 packages not looked up. Dependency not found: two (1.0)" in said
    assert "osv: no way to osv" in said and "esms: 0 packages" in said
