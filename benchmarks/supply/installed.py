"""What is installed with Dateline, followed through the metadata of each package."""

from collections.abc import Callable, Iterable
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.supply.errors import SupplyError

__all__ = ["installed_with"]

Find = Callable[[str], metadata.Distribution]


def installed_with(
    name: str, extras: Iterable[str] = (), find: Find = metadata.distribution
) -> dict[str, metadata.Distribution]:
    """Return a package and all that it requires here, by canonical name, sorted.

    Requirements of other platforms and other versions of Python are left out.

    Raises:
        SupplyError: a package that is required is not installed.
    """
    found: dict[str, metadata.Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, frozenset(extras))]
    while waiting:
        name, wanted = waiting.pop()
        key = canonicalize_name(name)
        if (key, wanted) in seen:
            continue
        seen.add((key, wanted))
        try:
            found[key] = find(name)
        except metadata.PackageNotFoundError as error:
            raise SupplyError(
                f"{name} is required and not installed: run `make install`."
            ) from error
        for text in found[key].requires or []:
            requirement = Requirement(text)
            if _applies(requirement, wanted):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return dict(sorted(found.items()))


def _applies(requirement: Requirement, extras: Iterable[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))
