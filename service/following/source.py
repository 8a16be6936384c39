"""What is followed: a folder, file or pattern, or something at an address."""

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import FetchError, RequestError

__all__ = ["Source", "is_address", "read_duration", "read_list", "read_named"]

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_MIN_EVERY_S = 10
_MAX_LIST_BYTES = 4 * 2**20
_FLAGS = ("full-text", "private")
_FIELDS = ("name", "outlet", "every")


@dataclass(frozen=True, slots=True)
class Source:
    """One source; `key` is its address, or its path in full.

    `name` is what it is called in reports, `outlet` the outlet of all its articles. With
    `full_text` the pages of its articles are read where it has summaries. `is_private`: its host
    may be on a private network. `every_s` is its own pace in seconds.
    """

    key: str
    name: str = ""
    outlet: str | None = None
    full_text: bool = False
    is_private: bool = False
    every_s: float | None = None

    @property
    def is_remote(self) -> bool:
        """Whether it is at an address."""
        return is_address(self.key)

    @property
    def label(self) -> str:
        """Return what it is called; a query, which may hold a password, is left out."""
        return self.name or self.key.partition("?")[0]


def is_address(text: str) -> bool:
    """Whether a text names something on the web, and not a path.

    >>> is_address("https://post.example/feed"), is_address("news/*.jsonl")
    (True, False)
    """
    return _ADDRESS.match(text) is not None


def read_duration(text: str) -> float:
    """Return seconds.

    >>> read_duration("15m")
    900.0

    Raises:
        RequestError: it is no duration, or less than ten seconds.
    """
    match = _DURATION.fullmatch(text.strip())
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    if seconds < _MIN_EVERY_S:
        raise RequestError(f"{text!r} must be a time such as 15m, 1h or 30s, of 10 s or more.")
    return float(seconds)


def read_named(
    texts: Iterable[str], *, full_text: bool = False, private: bool = False
) -> list[Source]:
    """Return the sources that a person named on the command line: each itself, or a list of them.

    Raises:
        RequestError: one is no source, or a list of them has a wrong line.
    """
    found: list[Source] = []
    for text in texts:
        path = Path(text)
        if not is_address(text) and path.is_file() and _is_list(path):
            found += read_list(path)
        elif "://" not in text and not path.exists() and not set(text) & set("*?["):
            raise RequestError(f"{text} does not exist: name a folder, file, pattern or address.")
        else:
            found.append(_source(text, Path()))
    return _once(
        replace(one, full_text=one.full_text or full_text, is_private=one.is_private or private)
        for one in found
    )


def read_list(path: Path) -> list[Source]:
    """Return the sources in a file: one on a line, with what it is called.

    `https://post.example/feed name="Post, news" outlet="Harbour Post" full-text every=5m`. Lines
    that begin with # are comments; paths are relative to the folder of the file.

    Raises:
        RequestError: it cannot be read, or a line is wrong.
    """
    try:
        if path.stat().st_size > _MAX_LIST_BYTES:
            raise RequestError(f"{path} is too large for a list of sources.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise RequestError(f"{path} cannot be read as a list of sources: {error}.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                found.append(_of_line(line, path.resolve().parent))
            except (RequestError, ValueError) as error:
                raise RequestError(f"{path}:{number}: {error}") from error
    if not found:
        raise RequestError(f"{path} has no sources: write one on each line.")
    return _once(found)


def _of_line(line: str, folder: Path) -> Source:
    text, *options = shlex.split(line)
    source = _source(text, folder)
    for option in options:
        field, equals, value = option.partition("=")
        if option == "full-text":
            source = replace(source, full_text=True)
        elif option == "private":
            source = replace(source, is_private=True)
        elif not equals or not value or field not in _FIELDS:
            known = ", ".join([*_FLAGS, *(f"{name}=…" for name in _FIELDS)])
            raise RequestError(f"{option!r} is none of these: {known}.")
        elif field == "every":
            source = replace(source, every_s=read_duration(value))
        elif field == "name":
            source = replace(source, name=value)
        else:
            source = replace(source, outlet=value)
    return source


def _source(text: str, folder: Path) -> Source:
    if is_address(text):
        try:
            # Here, not at the top: commands that name files only need no network.
            from corpus.remote import read_address

            return Source(str(read_address(text)))
        except FetchError as error:
            raise RequestError(str(error)) from error
    if "://" in text:
        raise RequestError(f"{text!r} cannot be followed: only http:// and https:// can.")
    return Source(str((folder / text).absolute()), name=text)


def _once(sources: Iterable[Source]) -> list[Source]:
    """Return each source once; the first that names it counts."""
    found: dict[str, Source] = {}
    for source in sources:
        found.setdefault(source.key, source)
    return list(found.values())


def _is_list(path: Path) -> bool:
    """Whether the lines of a file name sources, and it is none itself."""
    try:
        with path.open("rb") as opened:
            head = opened.read(4096).decode("utf-8", "replace")
    except OSError:
        return False
    lines: Sequence[str] = [line.strip() for line in head.splitlines()]
    first = next((line for line in lines if line and not line.startswith("#")), "")
    try:
        words = shlex.split(first)
    except ValueError:
        return False
    if not words:
        return False
    is_path = len(words[0]) < 4096 and (path.parent / words[0]).exists()
    return is_address(words[0]) or is_path
