"""Checks what Dateline is delivered with, and makes what is delivered. `make help` lists the ways.

python -m benchmarks.supply licences
python -m benchmarks.supply audit --tools build/supply
python -m benchmarks.supply sbom --tools build/supply --out dist
python -m benchmarks.supply packages --out dist
python -m benchmarks.supply hashes --tools build/supply --torch-index URL
"""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.supply.audit import audit, run_pip_audit
from benchmarks.supply.dist import commit_time_s, make_packages
from benchmarks.supply.errors import SupplyError
from benchmarks.supply.hashes import pinned_by_hash
from benchmarks.supply.installed import installed_with
from benchmarks.supply.licences import check_licences
from benchmarks.supply.sbom import make_sbom

__all__: list[str] = []

ROOT = Path(__file__).parents[2]
# All that may be installed with Dateline by its users; `dev` and `training` are for its makers.
EXTRAS = ("dask", "milvus", "otel")


def licences(_: argparse.Namespace) -> None:
    """Check the licence of each package that is installed with Dateline, extras included."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    checked = check_licences(installed_with("dateline", EXTRAS).values(), notice)
    for licence in checked:
        if licence.verdict != "permissive":
            print(f"{licence.name} {licence.version}: {licence.stated} ({licence.verdict})")
    counts = Counter(licence.verdict for licence in checked)
    print(", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))


def vulnerabilities(options: argparse.Namespace) -> None:
    """Look up the known vulnerabilities of everything that constraints.txt pins."""
    found = audit(run_pip_audit(options.tools, ROOT / "constraints.txt"))
    if found.findings:
        lines = "\n  ".join(map(str, found.findings))
        raise SupplyError(f"{len(found.findings)} known vulnerabilities:\n  {lines}")
    print(f"No known vulnerabilities in {found.n_packages} packages, by {found.service}.")


def sbom(options: argparse.Namespace) -> None:
    """Write the bill of materials of what is installed with Dateline, without its extras."""
    packages = installed_with("dateline")
    bill = make_sbom(options.tools, ROOT / "pyproject.toml", packages, commit_time_s(ROOT))
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / f"dateline-{packages['dateline'].version}.cdx.json"
    path.write_text(bill, encoding="utf-8")
    print(f"{path}: {len(packages) - 1} components")


def packages(options: argparse.Namespace) -> None:
    """Write sdist and wheel, and the checksums of all files beside them."""
    options.out.mkdir(parents=True, exist_ok=True)
    for name, data in make_packages(ROOT).items():
        (options.out / name).write_bytes(data)
    sums = options.out / "SHA256SUMS"
    files = [path for path in sorted(options.out.iterdir()) if path.name != sums.name]
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    sums.write_text("".join(lines), encoding="utf-8")
    print("".join(lines), end="")


def hashes(options: argparse.Namespace) -> None:
    """Write deploy/requirements.txt, which pins what is installed by hash."""
    versions = {
        # "+cpu" names a build of torch, and what is pinned fits each of them.
        name: package.version.split("+")[0]
        for name, package in installed_with("dateline").items()
        if name != "dateline"
    }
    path = ROOT / "deploy" / "requirements.txt"
    path.write_text(pinned_by_hash(options.tools, versions, options.torch_index), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(versions)} packages")


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "licences": licences,
    "audit": vulnerabilities,
    "sbom": sbom,
    "packages": packages,
    "hashes": hashes,
}


def main() -> None:
    """Run one command; end with 1 and a sentence where a check does not pass."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.supply", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--tools", type=Path, default=Path("build/supply"))
    parser.add_argument("--out", type=Path, default=Path("dist"))
    parser.add_argument("--torch-index", default="https://download.pytorch.org/whl/cpu")
    options = parser.parse_args()
    try:
        COMMANDS[options.command](options)
    except SupplyError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
