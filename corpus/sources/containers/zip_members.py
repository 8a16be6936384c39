"""The files of a ZIP whose list of them is damaged, by the head that each has of its own."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.sources.containers.streams import Stream

__all__ = ["LooseMember", "loose_members"]

_LOCAL = b"PK\x03\x04"
_HEAD = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_UTF_8 = 1 << 11
_LENGTH_AFTER = 1 << 3
_ENCRYPTED = 1
_MAX_MEMBERS = 500_000
_MAX_MEMBER_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LooseMember:
    """A file in a ZIP: its path, and its bytes or why they cannot be had."""

    path: str
    raw: bytes
    wrong: str | None = None


def loose_members(stream: Stream, n_bytes: int) -> Iterator[LooseMember]:
    """Yield the files that begin with a head of their own, in the order they lie in."""
    stream.seek(0)
    raw = stream.read(n_bytes)
    position = 0
    for _ in range(_MAX_MEMBERS):
        position = raw.find(_LOCAL, position)
        if position < 0 or position + _HEAD.size > len(raw):
            return
        member, end = _member(raw, position)
        if member:
            yield member
        # Inside a file that could be read there are no heads to be found.
        position = max(end, position + len(_LOCAL))


def _member(raw: bytes, position: int) -> tuple[LooseMember | None, int]:
    _, _, flags, method, _, _, crc, n_packed, n_plain, n_name, n_extra = _HEAD.unpack_from(
        raw, position
    )
    start = position + _HEAD.size + n_name + n_extra
    name = raw[position + _HEAD.size : position + _HEAD.size + n_name]
    if not n_name or start > len(raw) or b"\0" in name:
        return None, 0
    path = name.decode("utf-8" if flags & _UTF_8 else "cp437", "replace")
    if path.endswith("/"):
        return None, start
    if flags & _ENCRYPTED:
        return LooseMember(path, b"", "it is encrypted"), start
    if method == _STORED and not flags & _LENGTH_AFTER:
        content = raw[start : start + n_plain]
        is_whole = len(content) == n_plain and zlib.crc32(content) == crc
        wrong = None if is_whole else "it is damaged"
        return LooseMember(path, content, wrong), start + n_plain if is_whole else start
    if method != _DEFLATED:
        return LooseMember(path, b"", "it is compressed in a way that is not read here"), start
    return _inflated(raw, path, start, None if flags & _LENGTH_AFTER else crc)


def _inflated(raw: bytes, path: str, start: int, crc: int | None) -> tuple[LooseMember, int]:
    unpacker = zlib.decompressobj(-15)
    packed = io.BytesIO(raw)
    packed.seek(start)
    pieces: list[bytes] = []
    n_plain = 0
    try:
        while not unpacker.eof and (more := packed.read(65_536)):
            piece = unpacker.decompress(more, _MAX_MEMBER_BYTES - n_plain + 1)
            pieces.append(piece)
            n_plain += len(piece)
            if n_plain > _MAX_MEMBER_BYTES:
                return LooseMember(path, b"", "it is larger than is read as one"), start
    except zlib.error:
        return LooseMember(path, b"", "it is damaged"), start
    if not unpacker.eof:
        return LooseMember(path, b"", "it breaks off"), start
    content = b"".join(pieces)
    if crc is not None and zlib.crc32(content) != crc:
        return LooseMember(path, b"", "it is damaged"), start
    return LooseMember(path, content), packed.tell() - len(unpacker.unused_data)
