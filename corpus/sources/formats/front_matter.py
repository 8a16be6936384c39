"""Front matter: what stands between two lines of --- (YAML) or +++ (TOML) at a text's head."""

import re
import tomllib
from collections.abc import Mapping

__all__ = ["split_front_matter"]

_FENCED = re.compile(r"(---|\+\+\+)[ \t]*\n(.{0,20000}?)\n\1[ \t]*(?:\n|$)", re.S)
_KEY = re.compile(r"([A-Za-z][\w .-]{0,60}?)\s*:(?:\s+(.*))?$")
_ITEM = re.compile(r"\s*-\s+(.*)$")
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_COMMENT = re.compile(r"(?:^|\s)#.*$")


def split_front_matter(text: str) -> tuple[Mapping[str, object], str]:
    """Return what the front matter says, and the text after it; nothing and all when none.

    Of YAML only what articles use is read: strings, and lists of them.
    """
    match = _FENCED.match(text)
    if not match:
        return {}, text
    told = _toml(match[2]) if match[1] == "+++" else _yaml(match[2])
    # A rule of dashes around a first paragraph is no front matter.
    return (told, text[match.end() :]) if told else ({}, text)


def _toml(text: str) -> Mapping[str, object]:
    try:
        return {
            name: value if isinstance(value, str | list) else str(value)
            for name, value in tomllib.loads(text).items()
        }
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _yaml(text: str) -> Mapping[str, object]:
    told: dict[str, object] = {}
    name = None
    for line in text.split("\n"):
        if match := _KEY.match(line):
            name = match[1]
            told[name] = _value(match[2] or "")
        elif name and (match := _ITEM.match(line)):
            items = told[name]
            told[name] = [*(items if isinstance(items, list) else []), _scalar(match[1])]
        elif name and isinstance(held := told[name], str) and line.strip():
            # A long value goes on in the next line.
            told[name] = (
                f"{held.removesuffix('>').removesuffix('|').strip()} {line.strip()}".strip()
            )
    return told


def _value(raw: str) -> str | list[str]:
    raw = raw.strip()
    if raw.startswith("[") and raw.endswith("]"):
        return [_scalar(item) for item in raw[1:-1].split(",") if item.strip()]
    return _scalar(raw)


def _scalar(raw: str) -> str:
    raw = raw.strip()
    if quoted := _QUOTED.match(raw):
        return quoted[1] or quoted[2] or ""
    return _COMMENT.sub("", raw).strip()
