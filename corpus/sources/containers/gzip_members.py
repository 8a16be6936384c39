"""Gzip member by member: a web archive has one for each record, and one may be damaged."""

import io
import zlib
from typing import Protocol

__all__ = ["GzipMembers"]

_MAGIC = b"\x1f\x8b\x08"
_CHUNK_BYTES = 64 * 1024
# With the head and the checksum of gzip.
_GZIP = 31


class _Readable(Protocol):
    def read1(self, size: int = -1, /) -> bytes: ...


class GzipMembers(io.RawIOBase):
    """The bytes in a gzip file; where a member is damaged, the next one is looked for.

    What was in the damaged one up to there is given out. That something was passed over is raised
    as an error at the end, once all else is read.
    """

    def __init__(self, stream: _Readable) -> None:
        self._stream = stream
        self._raw = b""
        self._member = zlib.decompressobj(_GZIP)
        self._is_fresh = True
        self._error: Exception | None = None
        self._n_lost = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read some bytes; none at the end.

        Raises:
            OSError: the end is reached, and members before it were damaged.
            EOFError: the last member breaks off.
        """
        while True:
            if not self._raw and not self._more():
                return self._end()
            out = self._take(len(buffer))
            if out:
                buffer[: len(out)] = out
                return len(out)

    def _more(self) -> bool:
        self._raw = self._stream.read1(_CHUNK_BYTES)
        return bool(self._raw)

    def _take(self, n_bytes: int) -> bytes:
        """Return what comes out of the bytes at hand, which may be nothing."""
        if self._is_fresh:
            # Between members there may be padding.
            self._raw = self._raw.lstrip(b"\0")
            if not self._raw:
                return b""
        try:
            out = self._member.decompress(self._raw, n_bytes)
        except zlib.error as error:
            self._error = error
            self._lose()
            return b""
        self._raw = self._member.unconsumed_tail
        self._is_fresh = False
        if self._member.eof:
            self._raw = self._member.unused_data
            self._begin()
        return out

    def _begin(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._is_fresh = True

    def _lose(self) -> None:
        """Go to where the next member seems to begin."""
        self._n_lost += 1
        self._begin()
        # What failed may begin like a member: look behind its first byte.
        held = self._raw[1:]
        while (at := held.find(_MAGIC)) < 0:
            tail = held[-len(_MAGIC) + 1 :]
            if not self._more():
                self._raw = b""
                return
            held = tail + self._raw
        self._raw = held[at:]

    def _end(self) -> int:
        if not self._is_fresh:
            raise EOFError("the compressed file breaks off")
        if self._n_lost:
            raise OSError(f"{self._n_lost} damaged parts were passed over: {self._error}")
        return 0
