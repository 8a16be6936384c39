"""Files that are there whole or not at all, and one writer at a time."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import IndexBusyError, IndexStateError

__all__ = ["replace_text", "sha256_of", "share_file", "share_files", "sync_tree", "write_lock"]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_text(path: Path, text: str, *, private: bool = False) -> None:
    """Put a small file in place in one step, and make sure that it stays there.

    A `private` one can be read by its owner only, from its first byte on.
    """
    aside = path.with_name(f".{path.name}.new")
    # One left by a run that was killed would keep the mode it has.
    aside.unlink(missing_ok=True)
    mode = 0o600 if private else 0o666
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    _sync(path.parent)


def share_files(source: Path, target: Path) -> None:
    """Put the files of one folder into another without copying them, where the disk allows it.

    For files that whoever uses them replaces and never writes into; JSON files, which may be
    written into, are copied, and lock files left out.
    """
    for path in source.iterdir():
        if path.suffix == ".json":
            shutil.copyfile(path, target / path.name)
        elif path.suffix != ".lock":
            share_file(path, target)


def share_file(path: Path, target: Path) -> None:
    """Put one file that nobody writes into also into another folder."""
    try:
        (target / path.name).hardlink_to(path)
    except OSError:  # not on this file system
        shutil.copyfile(path, target / path.name)


def sync_tree(folder: Path) -> None:
    """Force a folder and all in it to the disk."""
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def write_lock(folder: Path, name: str = "write.lock") -> Iterator[None]:
    """Hold an index directory for writing; the lock ends with the process, however it ends.

    Another `name` is for what needs no more than to be the only one of its kind.

    Raises:
        IndexBusyError: another process holds it.
        IndexStateError: it may not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = (folder / name).open("a")
    except OSError as error:
        raise IndexStateError(f"{folder} cannot be written: {error.strerror}.") from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusyError(
                f"{folder} is being {'written' if name == 'write.lock' else 'followed'} by another "
                "process: wait until it has finished."
            ) from error
        yield
