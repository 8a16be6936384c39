"""Which pages of a site programs may read: robots.txt by RFC 9309, the longest rule decides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["RobotRules", "read_robots"]

_MAX_CHARS = 500 * 1024
_MAX_RULES = 10_000
_MAX_DELAY_S = 60.0
# What may stand in a rule or path as it is; the rest is compared percent-encoded.
_SAFE = "/%*$?=&;:@!'()+,-._~#[]"


@dataclass(frozen=True, slots=True)
class RobotRules:
    """The rules for one program: paths it may read and may not, and seconds between two pages."""

    allowed: tuple[str, ...] = ()
    disallowed: tuple[str, ...] = ()
    delay_s: float = 0.0

    def allows(self, target: str) -> bool:
        r"""Whether a path with its query may be read; of rules equally long the kinder one counts.

        >>> read_robots("User-agent: *\nDisallow: /a\nAllow: /a/b", "x").allows("/a/b/c?d")
        True
        """
        path = quote(target, _SAFE)
        longest = {
            is_allowed: max((len(rule) for rule in rules if _matches(rule, path)), default=-1)
            for is_allowed, rules in ((True, self.allowed), (False, self.disallowed))
        }
        return longest[True] >= longest[False]


def read_robots(text: str, agent: str) -> RobotRules:
    """Return the rules of a robots.txt for the program `agent`: its own, or else those for all."""
    name = agent.casefold()
    own = _Group()
    others = _Group()
    for names, field, value in _lines(text[:_MAX_CHARS].removeprefix("\ufeff")):
        if name in names:
            own.add(field, value)
        if "*" in names:
            others.add(field, value)
    return (own if own.is_named else others).rules()


class _Group:
    """The rules that are for one name, wherever in the file."""

    def __init__(self) -> None:
        self.is_named = False
        self._paths: dict[str, list[str]] = {"allow": [], "disallow": []}
        self._delay_s = 0.0

    def add(self, field: str, value: str) -> None:
        self.is_named = True
        if field == "crawl-delay":
            seconds = value.partition(" ")[0]
            if re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", seconds):
                self._delay_s = min(float(seconds), _MAX_DELAY_S)
        elif value and field in self._paths and len(self._paths[field]) < _MAX_RULES:
            self._paths[field].append(quote(value, _SAFE))

    def rules(self) -> RobotRules:
        return RobotRules(
            tuple(self._paths["allow"]), tuple(self._paths["disallow"]), self._delay_s
        )


def _lines(text: str) -> Iterator[tuple[set[str], str, str]]:
    """Yield field and value of each line, with the names it is for; a name alone as well."""
    names: set[str] = set()
    is_naming = False
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().casefold(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            names = names if is_naming else set()
            # "Dateline/1.0" is meant for Dateline.
            names = {*names, value.partition("/")[0].strip().casefold()}
            is_naming = True
            yield names, field, ""
        elif field in ("allow", "disallow", "crawl-delay"):
            is_naming = False
            yield names, field, value


def _matches(rule: str, path: str) -> bool:
    """Whether a path begins as a rule says: "*" is any run of characters, "$" the end."""
    is_whole = rule.endswith("$")
    first, *parts = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    for n_left, part in enumerate(parts):
        # The last part of a whole rule is at the end, the others as early as they can be.
        if is_whole and n_left == len(parts) - 1:
            return len(path) - len(part) >= position and path.endswith(part)
        found = path.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return not is_whole or position == len(path)
