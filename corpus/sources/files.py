"""From the paths a person names to records, whatever the format."""

import stat
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from corpus.errors import SourceError
from corpus.sources import html, jsonl, text
from corpus.sources.record import Record, Skip

__all__ = ["read_sources"]

Read = Callable[[Path, str], Iterator[Record]]

_FORMATS: tuple[tuple[tuple[str, ...], Read], ...] = (
    (jsonl.SUFFIXES, jsonl.read_jsonl),
    (text.SUFFIXES, text.read_text),
    (html.SUFFIXES, html.read_html),
)


def read_sources(paths: Sequence[Path]) -> Iterator[Record]:
    """Return the records of files and folders (with all that is below them), in order of name.

    Raises:
        SourceError: a path that was named does not exist or is of no known format; nothing is
            read then.
    """
    for path in paths:
        if not path.exists():
            raise SourceError(f"{path} does not exist: name a file or a folder of articles.")
        if not path.is_dir() and _reader(path) is None:
            raise SourceError(f"{path}: {_unknown_format()}")
    # Checked when called, read when asked for: a wrong path is told before anything begins.
    return chain.from_iterable(
        _read_folder(path) if path.is_dir() else _read_file(path, path.name) for path in paths
    )


def _read_folder(folder: Path) -> Iterator[Record]:
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_dir() or any(part.startswith(".") for part in Path(name).parts):
            continue
        if not path.resolve().is_relative_to(root):
            yield Skip(name, None, "a link that leads out of the folder")
        else:
            yield from _read_file(path, name)


def _read_file(path: Path, name: str) -> Iterator[Record]:
    read = _reader(path)
    if read is None:
        yield Skip(name, None, _unknown_format())
    # Opening a pipe or device could wait for ever.
    elif not stat.S_ISREG(path.stat().st_mode):
        yield Skip(name, None, "not a regular file")
    else:
        yield from read(path, name)


def _reader(path: Path) -> Read | None:
    name = path.name.lower()
    return next((read for suffixes, read in _FORMATS if name.endswith(suffixes)), None)


def _unknown_format() -> str:
    known = ", ".join(suffix for suffixes, _ in _FORMATS for suffix in suffixes)
    return f"not a format that is read here; these are: {known}"
