"""Finds the regular expressions of the sources, and what each of them may be slow on."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

__all__ = ["Use", "attacks", "uses"]

_PACKAGES = ("corpus", "index", "service")
_METHODS = ("search", "match", "fullmatch", "sub", "subn", "finditer", "findall", "split")
_CALL = re.compile(rf"\bre\.(?:{'|'.join(_METHODS)})\b")


@dataclass(frozen=True, slots=True)
class Use:
    """A pattern and the method that it is applied by, where it stands."""

    where: str
    pattern: re.Pattern[str]
    method: str


def uses() -> Iterator[Use]:
    """Yield every use of a pattern in the modules of the packages."""
    for package in _PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            module = importlib.import_module(found.name)
            source = Path(str(module.__file__)).read_text("utf-8")
            held = [
                (name, pattern)
                for name, value in vars(module).items()
                if not name.startswith("__")
                for pattern in _held(value)
            ]
            # Most modules have none, and looking through a tree takes long.
            if held or _CALL.search(source):
                nodes = list(ast.walk(ast.parse(source)))
                yield from _of_names(module, held, nodes)
                yield from _of_calls(module, nodes)


def _of_names(
    module: ModuleType, held: Iterable[tuple[str, re.Pattern[str]]], nodes: Iterable[ast.AST]
) -> Iterator[Use]:
    """Yield the uses of patterns that module-level names hold, alone or several together."""
    methods: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            methods.setdefault(node.value.id, set()).add(node.attr)
    for name, pattern in held:
        # Those of a container are applied under another name: as the strictest would.
        known = methods.get(name, set()) & set(_METHODS) or {"search"}
        for method in sorted(known):
            yield Use(f"{module.__name__}.{name}", pattern, method)


def _held(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _held(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _held(one)


def _of_calls(module: ModuleType, nodes: Sequence[ast.AST]) -> Iterator[Use]:
    """Yield the patterns of calls such as `re.sub(r"...", ...)`, by the function they are in."""
    functions = [one for one in nodes if isinstance(one, ast.FunctionDef)]
    inside = {id(node): one.name for one in functions for node in ast.walk(one)}
    for node in nodes:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        if not (isinstance(owner, ast.Name) and owner.id == "re" and node.args):
            continue
        method = node.func.attr
        if method not in _METHODS:
            continue
        where = f"{module.__name__}.{inside.get(id(node), '')}"
        flags = [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
        flags += node.args[2:3] if method in ("search", "match", "fullmatch", "findall") else []
        names = _Names(vars(module))
        try:
            pattern, *given = (
                eval(compile(ast.Expression(part), where, "eval"), {"re": re}, names)  # noqa: S307
                for part in (node.args[0], *flags)
            )
        except TypeError:  # of parts of arguments: some word as well
            pattern, given = "x", []
        yield Use(where, re.compile(pattern, *given), method)


class _Names(dict[str, Any]):
    """The names of a module, and for those of a function some word."""

    def __missing__(self, name: str) -> str:
        return "x"


@dataclass(frozen=True, slots=True)
class _Attack:
    """`start + pump * n + end` makes a pattern try again and again, if anything does."""

    start: str
    pump: str
    end: str

    def text(self, n: int) -> str:
        """Return an attack of about `n` characters."""
        return f"{self.start}{self.pump * max(1, n // len(self.pump))}{self.end}"


def attacks(pattern: re.Pattern[str]) -> list[_Attack]:
    """Return an attack on each repetition of a pattern, with what comes before it."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found = dict.fromkeys(_pumps("", list(tree)))
    # What follows in the pattern must not come, or it matches and is done.
    return [_Attack(start, pump, "\x00!") for start, pump in found]


def _pumps(start: str, items: list[Any]) -> Iterator[tuple[str, str]]:
    for place, (kind, given) in enumerate(items):
        before = start + "".join(_example([item]) for item in items[:place])
        if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            low, high, inner = given
            if high > 9 and (pump := _example(list(inner))):
                yield before, pump
                # Two repetitions side by side may share out what either could take.
                for other in _characters(list(inner)):
                    yield before, other
            yield from _pumps(before, list(inner))
        elif kind == codes.SUBPATTERN:
            yield from _pumps(before, list(given[3]))
        elif kind == codes.BRANCH:
            for branch in given[1]:
                yield from _pumps(before, list(branch))
        elif kind in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _pumps(before, list(given[1]))


def _characters(items: list[Any]) -> list[str]:
    return [one for item in items if (one := _example([item]))][:3]


def _example(items: list[Any]) -> str:
    """Return a short text that the items match, as far as their kinds tell."""
    return "".join(map(_example_of, items))


def _example_of(item: Any) -> str:  # noqa: ANN401 - a node of the parser's
    kind, given = item
    if kind == codes.LITERAL:
        return chr(given)
    if kind == codes.NOT_LITERAL:
        return "a" if given != ord("a") else "b"
    if kind == codes.ANY:
        return "a"
    if kind == codes.IN:
        return _member(given)
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        low, _, inner = given
        return _example(list(inner)) * int(low)
    if kind == codes.SUBPATTERN:
        return _example(list(given[3]))
    if kind == codes.ATOMIC_GROUP:
        return _example(list(given))
    return _example(list(given[1][0])) if kind == codes.BRANCH else ""


def _member(given: list[Any]) -> str:
    """Return a character of a class."""
    if given[0][0] == codes.NEGATE:
        shut = re.compile("[" + "".join(map(_written, given[1:])) + "]")
        signs = "a1 .,-/\n\x00é"
        return next(sign for sign in signs if not shut.fullmatch(sign))
    kind, value = given[0]
    if kind == codes.RANGE:
        return chr(value[0])
    if kind == codes.CATEGORY:
        return str(_CATEGORIES.get(value, "a"))
    return chr(value)


_CATEGORIES = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_NOT_WORD: "."}
_NAMES = {
    **{codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_SPACE: r"\s"},
    **{codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_WORD: r"\w"},
    **{codes.CATEGORY_NOT_WORD: r"\W"},
}


def _written(item: Any) -> str:  # noqa: ANN401 - a node of the parser's
    kind, value = item
    if kind == codes.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    if kind == codes.CATEGORY:
        return str(_NAMES[value])
    return re.escape(chr(value))
