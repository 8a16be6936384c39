"""ZIP and TAR: the files in them are read where they lie, never unpacked to the disk."""

import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Self, cast

from corpus.sources.containers.sound_tar import SoundTar
from corpus.sources.containers.streams import (
    READ_ERRORS,
    LimitError,
    PartialReader,
    Ratio,
    Stream,
    seekable,
    tapped,
)
from corpus.sources.containers.zip_members import loose_members
from corpus.sources.entry import Entry, Read
from corpus.sources.names import is_hidden, is_wanted, leads_out, section_of, tells_about_files
from corpus.sources.reasons import because, plain
from corpus.sources.record import ReadArticle, SkippedRecord
from corpus.sources.task import Task

__all__ = ["read_tar", "read_zip"]

_MAX_DEPTH = 2
_TOO_DEEP = "an archive in an archive in an archive: unpack the outer one first"
# What a ZIP lists is held in memory as long as it is read: half a million files or so.
_MAX_DIRECTORY_BYTES = 64 * 1024 * 1024
_MAX_LOOSE_BYTES = 512 * 1024 * 1024
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_END_BYTES = 22 + 65_535 + 76
_MAX_TAR_MEMBERS = 5_000_000
# What is not there is looked for at a few GiB a second.
_MAX_TAR_MEMBER_BYTES = 16 * 2**30


class _Header(tarfile.TarInfo):
    """A header that is damaged or missing is an error: the library takes it for the end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> Self:
        """Read a header.

        Raises:
            ReadError: it is none.
        """
        try:
            return super().frombuf(buf, encoding, errors)  # type: ignore[arg-type]
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"{because(error)} where a file should begin") from error


def read_zip(entry: Entry, read: Read) -> Iterator[ReadArticle | SkippedRecord | Task]:
    """Yield the records of the files in a ZIP, in the order it lists them, each by `read`."""
    if entry.depth >= _MAX_DEPTH:
        yield SkippedRecord(entry.name, None, _TOO_DEEP)
        return
    with seekable(entry.stream) as stream:
        n_bytes = stream.seek(0, 2)
        if _directory_bytes(stream, n_bytes) > _MAX_DIRECTORY_BYTES:
            yield SkippedRecord(
                entry.name, None, "it lists too many files: unpack it, and name the folder"
            )
            return
        try:
            archive = zipfile.ZipFile(cast(BinaryIO, stream))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            yield from _read_loose(stream, entry, read, n_bytes, because(error))
            return
        with archive:
            yield from _read_members(archive, entry, read, Ratio(lambda: n_bytes))


def _read_loose(
    stream: Stream, entry: Entry, read: Read, n_bytes: int, reason: str
) -> Iterator[ReadArticle | SkippedRecord | Task]:
    """Yield the records of the files in a ZIP whose list is damaged."""
    if n_bytes > _MAX_LOOSE_BYTES:
        yield SkippedRecord(entry.name, None, f"the ZIP cannot be read: {reason}")
        return
    ratio = Ratio(lambda: n_bytes)
    for member in loose_members(stream, n_bytes):
        inner = _inner(entry, member.path)
        if isinstance(inner, SkippedRecord):
            yield inner
        elif inner and member.wrong:
            yield SkippedRecord(inner.name, None, f"it cannot be unpacked: {member.wrong}")
        elif inner:
            ratio.count(len(member.raw))
            yield from read(replace(inner, stream=io.BytesIO(member.raw)))
    yield SkippedRecord(entry.name, None, f"the ZIP's list of its files cannot be read: {reason}")


def _read_members(
    archive: zipfile.ZipFile, entry: Entry, read: Read, ratio: Ratio
) -> Iterator[ReadArticle | SkippedRecord | Task]:
    members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    if any(member.filename == "[Content_Types].xml" for member in members):
        yield SkippedRecord(
            entry.name, None, "an Office document: save it as text, HTML or PDF first"
        )
        return
    for member in members:
        yield from _read_zipped(archive, member, entry, read, ratio)
        ratio.check()


def _directory_bytes(stream: Stream, n_bytes: int) -> int:
    """Return how long the list of a ZIP's files says it is; 0 when there is none."""
    stream.seek(max(n_bytes - _END_BYTES, 0))
    tail = stream.read(_END_BYTES)
    stream.seek(0)
    end, end_64 = tail.rfind(_END), tail.rfind(_END_64)
    if end_64 >= 0 and len(tail) >= end_64 + 56:
        return int(struct.unpack_from("<Q", tail, end_64 + 40)[0])
    if end >= 0 and len(tail) >= end + 22:
        return int(struct.unpack_from("<L", tail, end + 12)[0])
    return 0


def _read_zipped(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, entry: Entry, read: Read, ratio: Ratio
) -> Iterator[ReadArticle | SkippedRecord | Task]:
    inner = _inner(entry, member.filename)
    if isinstance(inner, SkippedRecord):
        yield inner
    elif inner is None:
        return
    elif stat.S_ISLNK(member.external_attr >> 16):
        yield SkippedRecord(inner.name, None, "a link, not a file")
    elif not member.file_size:
        # Told without opening it: there may be half a million of them.
        yield SkippedRecord(inner.name, None, "the file is empty")
    elif member.flag_bits & 1:
        yield SkippedRecord(inner.name, None, "it is encrypted")
    else:
        try:
            with archive.open(member) as opened:
                stream = tapped(opened, ratio.count)  # type: ignore[arg-type]
                yield from read(replace(inner, stream=stream))
        except (*READ_ERRORS, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            yield SkippedRecord(inner.name, None, f"it cannot be unpacked: {because(error)}")


def read_tar(entry: Entry, read: Read) -> Iterator[ReadArticle | SkippedRecord | Task]:
    """Yield the records of the files in a TAR, in order, in one pass, each by `read`."""
    if entry.depth >= _MAX_DEPTH:
        yield SkippedRecord(entry.name, None, _TOO_DEEP)
        return
    n_members = 0
    sound = SoundTar(PartialReader(entry.stream))
    try:
        # As a stream: only forward, so that no header can lead back.
        with tarfile.open(fileobj=cast(Any, sound), mode="r|", tarinfo=_Header) as archive:
            while member := archive.next():
                n_members += 1
                if n_members > _MAX_TAR_MEMBERS or member.size > _MAX_TAR_MEMBER_BYTES:
                    raise LimitError("it holds too many files, or one that is too large")
                if not member.isdir():
                    yield from _read_tarred(archive, member, entry, read)
                # The library keeps every header it has seen.
                archive.members.clear()  # type: ignore[attr-defined]
    except tarfile.TarError as error:
        yield SkippedRecord(entry.name, None, f"the TAR breaks off: {because(error)}")
    if sound.n_lost:
        yield SkippedRecord(entry.name, None, f"{sound.n_lost} damaged parts were passed over")


def _read_tarred(
    archive: tarfile.TarFile, member: tarfile.TarInfo, entry: Entry, read: Read
) -> Iterator[ReadArticle | SkippedRecord | Task]:
    inner = _inner(entry, member.name)
    if isinstance(inner, SkippedRecord):
        yield inner
    elif inner is None:
        return
    elif not member.isreg() or member.issparse():
        yield SkippedRecord(
            inner.name, None, "a link, a device or a file with holes, not a plain file"
        )
    elif opened := archive.extractfile(member):
        stream = tapped(opened, lambda _: None)  # type: ignore[arg-type]
        yield from read(replace(inner, stream=stream))


def _inner(entry: Entry, path: str) -> Entry | SkippedRecord | None:
    """Return a file in an archive without its bytes, a skip for it, or None to pass it over."""
    name = f"{entry.name}/{plain(path)}"
    if leads_out(path):
        return SkippedRecord(name, None, "its path leads out of the archive")
    if is_hidden(path) or not is_wanted(path, entry.glob):
        return None
    if tells_about_files(path):
        return SkippedRecord(name, None, "it tells about the files, and is no article")
    return replace(
        entry,
        name=name,
        path=path,
        section=section_of(path, n_outer=1),
        depth=entry.depth + 1,
        place=f"{entry.place}/{plain(path)}" if entry.place else plain(path),
    )
