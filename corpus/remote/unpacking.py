"""What was sent compressed, unpacked within a bound."""

import zlib
from collections.abc import Iterable, Iterator

from corpus.errors import FetchError

__all__ = ["ACCEPTED", "unpack"]

ACCEPTED = "gzip, deflate"
"""What is asked for; anything else is refused when it comes."""

_GZIP_MAGIC = b"\x1f\x8b"
_AUTO, _RAW, _ZLIB = zlib.MAX_WBITS | 16, -zlib.MAX_WBITS, zlib.MAX_WBITS


def unpack(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """Return a body by its Content-Encoding. What says gzip and is not is taken as it is.

    Raises:
        FetchError: it is more than `max_bytes`, damaged, cut off, or packed in another way.
    """
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    kinds = [name.removeprefix("x-") for name in names if name != "identity"]
    if len(kinds) > 1 or not set(kinds) <= {"gzip", "deflate"}:
        raise FetchError(f"it was sent as {encoding[:40]!r}, which was not asked for")
    head, rest = _head(iter(chunks))
    if not kinds or (kinds == ["gzip"] and not head.startswith(_GZIP_MAGIC)):
        return _bounded(rest, max_bytes)
    if not head:
        return b""
    bits = _AUTO if kinds == ["gzip"] else _deflate_bits(head)
    try:
        return _bounded(_inflated(rest, bits, max_bytes), max_bytes)
    except zlib.error as error:
        raise FetchError(f"what was sent is damaged ({error})") from error


def _head(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first two bytes, or fewer if there are no more, and all the chunks."""
    taken: list[bytes] = []
    while sum(map(len, taken)) < 2 and (chunk := next(chunks, None)) is not None:
        taken.append(chunk)

    def all_of_them() -> Iterator[bytes]:
        yield from taken
        yield from chunks

    return b"".join(taken)[:2], all_of_them()


def _deflate_bits(head: bytes) -> int:
    # Some send the bare stream, without the header of RFC 1950.
    has_header = len(head) == 2 and head[0] & 0x0F == 8 and int.from_bytes(head) % 31 == 0
    return _ZLIB if has_header else _RAW


def _inflated(chunks: Iterator[bytes], bits: int, max_bytes: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(bits)
    for chunk in chunks:
        waiting = chunk
        while waiting:
            if inflate.eof:  # gzip may have several members
                inflate = zlib.decompressobj(bits)
            yield inflate.decompress(waiting, max_bytes + 1)
            waiting = inflate.unconsumed_tail or inflate.unused_data
    if not inflate.eof:
        raise FetchError("what was sent breaks off")


def _bounded(chunks: Iterator[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise FetchError(f"it is larger than {max_bytes / 2**20:.0f} MiB")
    return bytes(body)
