"""Known vulnerabilities of the pinned packages, by pip-audit.

pip-audit ends well where its service knows none of the packages, as a mirror may make it: each is
then skipped. Here an audit counts only if the packages were looked up.
"""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from benchmarks.supply.errors import SupplyError

__all__ = ["SERVICES", "Audit", "Finding", "audit", "run_pip_audit"]

SERVICES = ("pypi", "osv", "esms")
_TIMEOUT_S = 900


class _Vulnerability(BaseModel):
    id: str
    fix_versions: list[str] = []


class _Dependency(BaseModel):
    name: str
    version: str = ""
    skip_reason: str = ""
    vulns: list[_Vulnerability] = []


class _Report(BaseModel):
    dependencies: list[_Dependency]


@dataclass(frozen=True, slots=True)
class Finding:
    """A known vulnerability of a package in the version that is pinned."""

    package: str
    id: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.package}: {self.id}, fixed in {', '.join(self.fixed_in) or 'no version yet'}"


@dataclass(frozen=True, slots=True)
class Audit:
    """What a vulnerability service knows about `n_packages` packages."""

    service: str
    n_packages: int
    findings: tuple[Finding, ...]


# Runs pip-audit with a service; returns what it wrote to standard output and to standard error.
Run = Callable[[str], tuple[str, str]]


def audit(run: Run) -> Audit:
    """Return what the first service within reach knows.

    Raises:
        SupplyError: none of them is, or each has packages that it does not know.
    """
    reasons = []
    for service in SERVICES:
        output, errors = run(service)
        try:
            report = _Report.model_validate_json(output)
        except ValidationError:
            reasons.append(f"{service}: {_last_line(errors)}")
            continue
        skipped = [one for one in report.dependencies if one.skip_reason]
        if not skipped and report.dependencies:
            return Audit(service, len(report.dependencies), _findings(report))
        first = skipped[0].skip_reason if skipped else "no packages were given"
        reasons.append(f"{service}: {len(skipped)} packages not looked up. {first}")
    raise SupplyError(
        "Nothing is known about vulnerabilities: no service answered for every package. Run it "
        "where one of them can be reached.\n  " + "\n  ".join(reasons)
    )


def run_pip_audit(tools: Path, requirements: Path) -> Run:
    """Return what runs pip-audit of the environment `tools` on a file of pinned versions."""

    def run(service: str) -> tuple[str, str]:
        command: list[str | Path] = [tools / "bin" / "python", "-m", "pip_audit"]
        # The versions are pinned, so nothing has to be resolved or installed to look them up.
        options = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
        ended = subprocess.run(
            [*command, *options, "--vulnerability-service", service, "--requirement", requirements],
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
        return ended.stdout, ended.stderr

    return run


def _findings(report: _Report) -> tuple[Finding, ...]:
    return tuple(
        Finding(f"{package.name} {package.version}", known.id, tuple(known.fix_versions))
        for package in report.dependencies
        for known in package.vulns
    )


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no output"
