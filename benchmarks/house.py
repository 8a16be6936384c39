"""How the code is built: files and lines, how deep imports go, what an import costs.

`python -m benchmarks.house [--against REVISION]`: measures this tree and, side by side, that of
another revision, which is checked out aside. Imports inside functions do not count for the
depth: they are made so that a module loads without them. Import times are medians of new
processes, one tree after the other in turn.
"""

import ast
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

import rich_click as click

from tests.test_layout import DOORS

__all__: list[str] = []

_PACKAGES = ("corpus", "index", "service", "training", "benchmarks", "tests")
_RUN = ("corpus", "index", "service")
_LONG = 300
# Each with the names it had before.
_IMPORTS = (
    ("service.settings",),
    ("index.engines.local.verify", "index.verify"),
    ("service.client",),
    ("service.wiring",),
    ("service.cli.main", "service.cli"),
)


@dataclass(frozen=True, slots=True)
class _Tree:
    name: str
    root: Path

    def files(self, package: str) -> list[Path]:
        return sorted((self.root / package).rglob("*.py"))

    def module(self, names: Sequence[str]) -> str | None:
        """Return the first of the names that is a module of this tree."""
        for name in names:
            path = self.root / name.replace(".", "/")
            if path.with_suffix(".py").is_file() or (path / "__init__.py").is_file():
                return name
        return None


@click.command()
@click.option("--against", help="Another revision of the repository.")
@click.option("--n", default=5, show_default=True, help="Processes for each import.")
def main(against: str | None, n: int) -> None:
    """Print a line for each figure, with a column for each tree."""
    with _checked_out(against) as other:
        trees = [*([_Tree(str(against), other)] if other else []), _Tree("now", Path.cwd())]
        _show("", [tree.name for tree in trees])
        for package in _PACKAGES:
            _show(f"{package}: files, lines, median, longest", map(_sizes, trees, [package] * 2))
        _show(f"files of more than {_LONG} lines", [str(_n_long(tree)) for tree in trees])
        _show("longest chain of imports", [str(len(_chain(tree))) for tree in trees])
        _show("libraries of `DOORS` with more than one door", map(_open_doors, trees))
        for names in _IMPORTS:
            times = _import_times(trees, names, n)
            _show(f"import {names[0]}: ms, modules", times)
        print("the chain now:", " > ".join(_chain(trees[-1])))


def _show(what: str, columns: "Iterator[str] | Sequence[str]") -> None:
    print(f"{what:48}", *(f"{column:>30}" for column in columns))


@contextmanager
def _checked_out(revision: str | None) -> Iterator[Path | None]:
    """Give the folder of another revision of this repository."""
    if revision is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        git = ["git", "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", root, revision], check=True)
        try:
            yield root
        finally:
            subprocess.run([*git, "remove", "--force", root], check=True)


def _sizes(tree: _Tree, package: str) -> str:
    sizes = [_n_lines(path) for path in tree.files(package)]
    return f"{len(sizes)}, {sum(sizes)}, {median(sizes):.0f}, {max(sizes)}"


def _n_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _n_long(tree: _Tree) -> int:
    return sum(_n_lines(path) > _LONG for package in _RUN for path in tree.files(package))


def _open_doors(tree: _Tree) -> str:
    found = {
        library: sum(
            library in _libraries(path) for package in _RUN for path in tree.files(package)
        )
        for library in DOORS
    }
    several = {library: n for library, n in found.items() if n > 1}
    return ", ".join(f"{library} {n}" for library, n in several.items()) or "none"


def _libraries(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in _imported(ast.parse(path.read_text("utf-8")), True)}


def _chain(tree: _Tree) -> list[str]:
    """Return the longest chain of modules of ours that load each other."""
    imports = {}
    for package in _RUN:
        for path in tree.files(package):
            parts = path.relative_to(tree.root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            imports[name] = _imported(ast.parse(path.read_text("utf-8")), False)

    @cache
    def longest(name: str) -> tuple[str, ...]:
        below: list[tuple[str, ...]] = [
            longest(one) for one in imports[name] & imports.keys() if one != name
        ]
        return (name, *sorted(below, key=len)[-1]) if below else (name,)

    chains: list[tuple[str, ...]] = [longest(name) for name in imports]
    return list(sorted(chains, key=len)[-1])


def _imported(module: ast.Module, inside: bool) -> set[str]:
    """Return the names of the modules that one imports; `inside` functions too."""
    nodes = ast.walk(module) if inside else iter(module.body)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _import_times(trees: Sequence[_Tree], names: Sequence[str], n: int) -> list[str]:
    modules = [tree.module(names) for tree in trees]
    times: list[list[float]] = [[] for _ in trees]
    loaded = ["0"] * len(trees)
    for _ in range(n):
        for i, (tree, name) in enumerate(zip(trees, modules, strict=True)):
            # The folder of the process comes first in the path, before what is installed.
            code = f"import sys, {name}; print(len(sys.modules))"
            began_s = time.perf_counter()
            run = subprocess.run(
                [sys.executable, "-c", code], cwd=tree.root, env={**os.environ, "PYTHONPATH": "."},
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            times[i].append(1000 * (time.perf_counter() - began_s))
            loaded[i] = run.stdout.strip()
    return [f"{median(ms):.0f}, {n}" for ms, n in zip(times, loaded, strict=True)]


if __name__ == "__main__":
    main()
