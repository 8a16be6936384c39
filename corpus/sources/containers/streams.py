"""Streams of bytes, decompressed within limits. The only door to zstandard."""

import bz2
import io
import lzma
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

import zstandard

from corpus.sources.containers.gzip_members import GzipMembers

__all__ = [
    "READ_ERRORS",
    "LimitError",
    "PartialReader",
    "Ratio",
    "Stream",
    "chunks",
    "decompressed",
    "read_all",
    "seekable",
    "tapped",
]

Stream = io.BufferedIOBase

READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)
"""What reading a damaged file, compressed or not, may raise."""

_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 256 * 1024
_IN_MEMORY_BYTES = 32 * 1024 * 1024
_MAX_LAYERS = 2

# News compresses 3 to 20 fold; what expands a hundredfold was made to fill the memory or the day.
_MAX_RATIO = 100
_FREE_BYTES = 4 * 1024 * 1024


class LimitError(OSError):
    """A stream is larger than it may be; what was read of it before is good."""


class Ratio:
    """What came out of compressed bytes, against how many there were."""

    def __init__(self, n_compressed: Callable[[], int]) -> None:
        self._n_compressed = n_compressed
        self._n_out = 0

    def count(self, n_bytes: int) -> None:
        """Count `n_bytes` more.

        Raises:
            LimitError: so much from so few bytes is a bomb.
        """
        self._n_out += n_bytes
        self.check()

    def check(self) -> None:
        """Raise what `count` did, once more: one file's limit is that of all around it."""
        if self._n_out > _FREE_BYTES and self._n_out > _MAX_RATIO * max(self._n_compressed(), 1):
            raise LimitError(f"it expands more than {_MAX_RATIO} fold, as only bombs do")


class _Tap(io.RawIOBase):
    """Passes a stream through and tells how many bytes went by."""

    def __init__(self, stream: Stream, tell: Callable[[int], None]) -> None:
        self._stream = stream
        self._tell = tell

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        # read1: what was decompressed before an error must not be lost with it.
        raw = self._stream.read1(len(buffer))
        buffer[: len(raw)] = raw
        self._tell(len(raw))
        return len(raw)


class _Rejoined(io.RawIOBase):
    """A stream with its first bytes put back, and the error that came after them."""

    def __init__(self, head: bytes, rest: Stream, error: Exception | None) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest
        self._error = error

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        raw = self._head.read(len(buffer))
        if not raw:
            if self._error:
                raise self._error
            raw = self._rest.read1(len(buffer))
        buffer[: len(raw)] = raw
        return len(raw)


def _open_zstd(stream: Stream) -> Stream:
    reader = zstandard.ZstdDecompressor().stream_reader(
        cast(BinaryIO, stream), read_across_frames=True
    )
    return io.BufferedReader(reader, _HEAD_BYTES)


_COMPRESSIONS: tuple[tuple[bytes, Callable[[Stream], Stream]], ...] = (
    (b"\x1f\x8b\x08", lambda stream: io.BufferedReader(GzipMembers(stream), _HEAD_BYTES)),
    (b"\x28\xb5\x2f\xfd", _open_zstd),
    (b"BZh", lambda stream: bz2.BZ2File(stream)),
    (b"\xfd7zXZ\0", lambda stream: lzma.LZMAFile(cast(BinaryIO, stream))),
)


def decompressed(stream: Stream) -> tuple[bytes, Stream]:
    """Return the first bytes of what a stream holds, and all of it, out of its compression.

    Compression is told by the bytes, not by a name. Of more than two layers the rest is left.
    """
    head, stream = _with_head(stream)
    taken = _Count()
    for layer in range(_MAX_LAYERS):
        opened = next((open_ for magic, open_ in _COMPRESSIONS if head.startswith(magic)), None)
        if opened is None:
            break
        if layer == 0:
            stream = tapped(stream, taken.add)
        # Against the outermost bytes: two layers must not square what a bomb may be.
        head, stream = _with_head(tapped(opened(stream), Ratio(taken.total).count))
    return head, stream


class _Count:
    """How many bytes went by."""

    def __init__(self) -> None:
        self._n_bytes = 0

    def add(self, n_bytes: int) -> None:
        self._n_bytes += n_bytes

    def total(self) -> int:
        return self._n_bytes


def _with_head(stream: Stream) -> tuple[bytes, Stream]:
    """Return the first bytes of a stream, and the stream from its beginning."""
    head, error = b"", None
    try:
        while len(head) < _HEAD_BYTES and (more := stream.read1(_HEAD_BYTES - len(head))):
            head += more
    except READ_ERRORS as caught:
        error = caught
    if stream.seekable() and not error:
        stream.seek(0)
        return head, stream
    return head, io.BufferedReader(_Rejoined(head, stream, error), _HEAD_BYTES)


def tapped(stream: Stream, tell: Callable[[int], None]) -> io.BufferedReader:
    """Return a stream that tells how much is read of it, and that can only be read forward."""
    return io.BufferedReader(_Tap(stream, tell), _HEAD_BYTES)


def chunks(stream: Stream) -> Iterator[bytes]:
    """Yield a stream piece by piece, so that what came before an error is kept."""
    while raw := stream.read1(_CHUNK_BYTES):
        yield raw


class PartialReader:
    """Reads a stream so that what came before an error is given out before the error is raised."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.error: Exception | None = None

    def read(self, n_bytes: int) -> bytes:
        """Return `n_bytes`, or fewer at the end."""
        if self.error:
            raise self.error
        pieces: list[bytes] = []
        try:
            while n_bytes > 0 and (raw := self._stream.read1(min(n_bytes, _CHUNK_BYTES))):
                pieces.append(raw)
                n_bytes -= len(raw)
        except READ_ERRORS as error:
            # Without its frames, which hold the pieces: together they would be a cycle.
            self.error = error.with_traceback(None)
            if not pieces:
                raise self.error from None
        return b"".join(pieces)


def read_all(stream: Stream, max_bytes: int, *, broken: bool = False) -> bytes:
    """Return all that a stream holds; with `broken` also when it breaks off.

    Raises:
        LimitError: it holds more than `max_bytes`.
    """
    patient = PartialReader(stream)
    raw = patient.read(max_bytes + 1)
    if patient.error and not broken:
        raise patient.error
    if len(raw) > max_bytes:
        raise LimitError(f"it is larger than the {max_bytes // 2**20} MiB that are read as one")
    return raw


@contextmanager
def seekable(stream: Stream) -> Iterator[Stream]:
    """Give a stream that can be read in any order: itself, or a copy of what it holds."""
    if stream.seekable():
        yield stream
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as copy:
        # What was copied before an error is still worth reading.
        with suppress(*READ_ERRORS):
            for raw in chunks(stream):
                copy.write(raw)
        copy.seek(0)
        yield cast(Stream, copy)
