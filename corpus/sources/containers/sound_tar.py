"""A TAR without its damaged parts, so that one bad header costs one file."""

from collections.abc import Iterator
from typing import Protocol

from corpus.sources.containers.streams import READ_ERRORS

__all__ = ["SoundTar", "is_header"]

_BLOCK = 512
_CHUNK_BLOCKS = 512
_OLD_SPARSE = b"S"
_MAX_SIZE = 2**40


class _Readable(Protocol):
    def read(self, n_bytes: int, /) -> bytes: ...


class SoundTar:
    """Passes a TAR through and leaves out what stands where a header should and is none.

    `n_lost` counts the gaps that were left out.
    """

    def __init__(self, stream: _Readable) -> None:
        self._stream = stream
        self._blocks = self._sound_blocks()
        self._held = b""
        self._error: Exception | None = None
        self.n_lost = 0

    def read(self, n_bytes: int) -> bytes:
        """Return so many bytes, or fewer at the end.

        Raises:
            OSError: or another of `READ_ERRORS`: the stream breaks off here.
        """
        if self._error and not self._held:
            raise self._error
        pieces: list[bytes] = [self._held]
        n_held = len(self._held)
        try:
            while n_held < n_bytes and (block := next(self._blocks, b"")):
                pieces.append(block)
                n_held += len(block)
        except READ_ERRORS as error:
            # What came before is given out first.
            self._error = error.with_traceback(None)
            if not n_held:
                raise self._error from None
        raw = b"".join(pieces)
        self._held = raw[n_bytes:]
        return raw[:n_bytes]

    def _sound_blocks(self) -> Iterator[bytes]:
        is_lost = False
        while header := self._stream.read(_BLOCK):
            if not header.strip(b"\0"):
                yield header
            elif not is_header(header):
                # Counted once, however long the gap is.
                self.n_lost += not is_lost
                is_lost = True
                continue
            else:
                yield header
                yield from self._content(header)
            is_lost = False

    def _content(self, header: bytes) -> Iterator[bytes]:
        is_extended = header[156:157] == _OLD_SPARSE and header[482:483] not in (b"", b"\0")
        while is_extended and (block := self._stream.read(_BLOCK)):
            yield block
            is_extended = block[504:505] not in (b"", b"\0")
        n_blocks = -(-_size(header) // _BLOCK)
        while n_blocks > 0:
            some = min(n_blocks, _CHUNK_BLOCKS)
            raw = self._stream.read(some * _BLOCK)
            if not raw:
                return
            yield raw
            n_blocks -= some


def is_header(block: bytes) -> bool:
    """Whether 512 bytes are the header of a file in a TAR: its checksum says so."""
    if len(block) < _BLOCK:
        return False
    try:
        told = int(block[148:156].split(b"\0")[0].strip() or b"-", 8)
    except ValueError:
        return False
    return told == sum(block) - sum(block[148:156]) + 8 * ord(" ")


def _size(header: bytes) -> int:
    raw = header[124:136]
    if raw[:1] == b"\x80":
        return min(int.from_bytes(raw[1:], "big"), _MAX_SIZE)
    try:
        size = int(raw.split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return 0
    # Links and devices have a size in some archives, and no content.
    return 0 if header[156:157] in b"123456" and header[156:157] else max(size, 0)
