"""From the paths a person names to records, whatever the format."""

import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import cast

from corpus.errors import SourceError
from corpus.processes import Processes
from corpus.sources.containers.streams import Stream, decompressed
from corpus.sources.detection import Unknown, detect
from corpus.sources.dispatch import read_entry
from corpus.sources.entry import Entry
from corpus.sources.fields import Naming
from corpus.sources.names import is_hidden, is_wanted, section_of, tells_about_files
from corpus.sources.policy import Policy
from corpus.sources.reasons import because, plain
from corpus.sources.record import ReadArticle, Record, SkippedRecord
from corpus.sources.task import Task
from corpus.sources.workers import in_order

__all__ = ["ListedFile", "Reading", "find_records", "list_files", "read_listed", "read_sources"]

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read: which files of folders and archives, by which names of fields."""

    glob: str | None = None
    naming: Naming = field(default_factory=Naming)
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that was named, or lies below a folder that was; `short` and `place` as in `Entry`."""

    path: Path
    short: str
    place: str


def list_files(path: Path, glob: str | None = None) -> Iterator[ListedFile | SkippedRecord]:
    """Yield the files that a path names now: itself, those below a folder, or those of a pattern.

    Raises:
        SourceError: there is nothing of that name.
    """
    for named in _expand(path):
        if named.is_dir():
            yield from _walk(named, glob)
        else:
            # As if the folder it lies in had been named.
            yield ListedFile(named, named.name, _place(named.parent, named.name))


def read_listed(
    file: ListedFile, reading: Reading, processes: Processes | None = None
) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield the records of one file; `processes` are as for `in_order`."""
    records = _read_file(file.path, file.short, plain(file.short), file.place, reading)
    return in_order(records, processes)


def read_sources(paths: Sequence[Path]) -> Iterator[Record]:
    """Return the records of files and folders (with all that is below them), in order of name.

    Raises:
        SourceError: a path that was named does not exist or is of no known format; nothing is
            read then.
    """
    found = find_records(paths)
    return (record.article if isinstance(record, ReadArticle) else record for record in found)


def find_records(
    paths: Sequence[Path],
    reading: Reading | None = None,
    stdin: Stream | None = None,
    processes: Processes | None = None,
) -> Iterator[ReadArticle | SkippedRecord]:
    """Return what `read_sources` does, and for each article where it was read.

    A path that does not exist may be a pattern (`news/*.jsonl`); `-` is standard input, or `stdin`.
    `processes` are as for `in_order`.

    Raises:
        SourceError: as `read_sources` does.
    """
    reading = reading or Reading()
    # Checked when called, read when asked for: a wrong path is told before anything begins.
    named = list(chain.from_iterable(map(_expand, paths)))
    for path in named:
        _check(path)
    names = _Names()
    records = chain.from_iterable(_read_named(path, reading, names, stdin) for path in named)
    return in_order(records, processes)


class _Names:
    """Gives each file of a run a name of its own, to be told by."""

    def __init__(self) -> None:
        self._given: set[int] = set()

    def name(self, short: str, path: Path) -> str:
        """Return the short name of a file, or all of its path where that is another's already."""
        name = plain(short) if hash(plain(short)) not in self._given else plain(path.as_posix())
        self._given.add(hash(name))
        return name


def _expand(path: Path) -> list[Path]:
    try:
        if path == STANDARD_INPUT or path.exists():
            return [path]
        if any(sign in str(path) for sign in "*?["):
            found = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
            if found:
                return found
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {because(error)}.") from error
    raise SourceError(f"{path} does not exist: name a file or a folder of articles.")


def _check(path: Path) -> None:
    """Refuse a file that was named and is of no format that is read here."""
    if path == STANDARD_INPUT or not path.is_file():
        return
    try:
        with path.open("rb") as opened:
            head, _ = decompressed(opened)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {because(error)}.") from error
    known = detect(head, path.name)
    if isinstance(known, Unknown) and head.strip():
        raise SourceError(f"{path}: {known}.")


def _read_named(
    path: Path, reading: Reading, names: _Names, stdin: Stream | None
) -> Iterator[ReadArticle | SkippedRecord | Task]:
    if path == STANDARD_INPUT:
        stream = stdin or cast(Stream, sys.stdin.buffer)
        return read_entry(_entry(reading, "-", "-", None, stream))
    if path.is_dir():
        return _read_folder(path, reading, names)
    # As if the folder it lies in had been named.
    place = _place(path.parent, path.name)
    return _read_file(path, path.name, names.name(path.name, path), place, reading)


def _place(root: Path, short: str) -> str:
    """Return what a file below a root is called, however the root was written."""
    return f"{plain(root.resolve().name)}/{plain(short)}".lstrip("/")


def _read_folder(
    root: Path, reading: Reading, names: _Names
) -> Iterator[ReadArticle | SkippedRecord | Task]:
    """Yield the records of all files below a folder, in order of name."""
    for file in _walk(root, reading.glob):
        if isinstance(file, SkippedRecord):
            yield file
        else:
            name = names.name(file.short, file.path)
            yield from _read_file(file.path, file.short, name, file.place, reading)


def _walk(root: Path, glob: str | None) -> Iterator[ListedFile | SkippedRecord]:
    """Yield the files below a folder that are wanted, in order of name."""
    resolved = root.resolve()
    # A stack, not recursion: folders may be nested as deep as they like.
    waiting = [root]
    while waiting:
        path = waiting.pop()
        short = path.relative_to(root).as_posix()
        if path != root and is_hidden(short):
            continue
        try:
            if path.is_symlink() and not path.resolve().is_relative_to(resolved):
                yield SkippedRecord(plain(short), None, "a link that leads out of the folder")
            elif path.is_dir() and not (path.is_symlink() and path != root):
                waiting += sorted(path.iterdir(), reverse=True)
            elif is_wanted(short, glob) and not path.is_dir():
                if tells_about_files(short):
                    yield SkippedRecord(
                        plain(short), None, "it tells about the files, and is no article"
                    )
                else:
                    yield ListedFile(path, short, _place(root, short))
        # A link that leads back to itself is a RuntimeError.
        except (OSError, RuntimeError) as error:
            yield SkippedRecord(plain(short), None, f"it cannot be read: {because(error)}")


def _read_file(
    path: Path, short: str, name: str, place: str, reading: Reading
) -> Iterator[ReadArticle | SkippedRecord | Task]:
    try:
        # Opening a pipe or device could wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            yield SkippedRecord(name, None, "not a regular file: a pipe can be read as -")
            return
        opened = path.open("rb")
    except OSError as error:
        yield SkippedRecord(name, None, f"it cannot be read: {because(error)}")
        return
    with opened:
        yield from read_entry(_entry(reading, name, short, place, opened))


def _entry(reading: Reading, name: str, path: str, place: str | None, stream: Stream) -> Entry:
    return Entry(
        name,
        stream,
        path,
        section_of(path),
        glob=reading.glob,
        naming=reading.naming,
        place=place,
        policy=reading.policy,
    )
