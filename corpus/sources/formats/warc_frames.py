"""The records of a web archive, one by one: one that is damaged does not take the next with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.sources.containers.streams import READ_ERRORS, Stream

__all__ = ["Frame", "read_frames"]

_BEGINS = (b"WARC/1.", b"WARC/0.")
# With the name of its first header: a page may well speak of the format.
_NEXT = re.compile(rb"WARC/1\.[0-9]\r\n(?=[A-Za-z-]+:)")
_MARK_BYTES = 80
_MAX_HEAD_BYTES = 64 * 1024
_MAX_BODY_BYTES = 16 * 1024 * 1024
_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Frame:
    """One record: its headers by small names, and its body; `wrong` says what is wrong with it."""

    headers: Mapping[str, str]
    body: bytes
    wrong: str | None = None

    @property
    def kind(self) -> str:
        """What the record is, such as `response`; empty when it does not say."""
        return self.headers.get("warc-type", "").lower()


class _Window:
    """The part of a stream that is being read; an error is kept until what came before is used."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.held = b""
        self.error: Exception | None = None

    def more(self) -> bool:
        """Read on; False at the end."""
        if self.error:
            return False
        try:
            raw = self._stream.read1(_CHUNK_BYTES)
        except READ_ERRORS as error:
            self.error = error
            return False
        self.held += raw
        return bool(raw)

    def hold(self, n_bytes: int) -> bool:
        """Have at least so many bytes; False when there are fewer left."""
        pieces, n_held = [self.held], len(self.held)
        while n_held < n_bytes:
            self.held = b""
            if not self.more():
                self.held = b"".join(pieces)
                return False
            pieces.append(self.held)
            n_held += len(self.held)
        self.held = b"".join(pieces)
        return True

    def drop(self, n_bytes: int) -> None:
        """Go past so many bytes."""
        while n_bytes > len(self.held):
            n_bytes -= len(self.held)
            self.held = b""
            if not self.more():
                return
        self.held = self.held[n_bytes:]

    def find_next(self, start: int = 0) -> int:
        """Return where a record begins, reading on as far as it takes; -1 when nowhere."""
        while not (match := _NEXT.search(self.held, start)):
            start = max(len(self.held) - _MARK_BYTES, start)
            if not self.more():
                return -1
        return match.start()


def read_frames(stream: Stream) -> Iterator[Frame]:
    """Yield the records of an archive that is out of its compression.

    A record whose length is a lie ends where the next begins.

    Raises:
        OSError: or another of `READ_ERRORS`, once what came before is given out.
    """
    window = _Window(stream)
    while _go_to_record(window):
        yield _read_frame(window)
    if window.error:
        raise window.error


def _go_to_record(window: _Window) -> bool:
    """Go to where the next record begins; False when there is none."""
    while True:
        window.held = window.held.lstrip(b"\r\n")
        if window.held or not window.more():
            break
    if window.held.startswith(_BEGINS) or (window.hold(8) and window.held.startswith(_BEGINS)):
        return True
    if not window.held:
        return False
    at = window.find_next()
    window.held = window.held[at:] if at >= 0 else b""
    return at >= 0


def _read_frame(window: _Window) -> Frame:
    window.hold(_MAX_HEAD_BYTES)
    ends = window.held.find(b"\r\n\r\n", 0, _MAX_HEAD_BYTES)
    if ends < 0:
        _up_to_next(window, 1)
        return Frame({}, b"", "its head does not end")
    headers = _headers(window.held[:ends])
    length = headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or len(length) > 15:
        body = _up_to_next(window, ends + 4)
        return Frame(headers, body, None if body else "it does not say how long it is")
    window.held = window.held[ends + 4 :]
    return _read_body(window, headers, int(length))


def _read_body(window: _Window, headers: Mapping[str, str], n_bytes: int) -> Frame:
    if n_bytes > _MAX_BODY_BYTES:
        window.drop(n_bytes)
        return Frame(headers, b"", f"larger than any page is: {n_bytes} bytes")
    is_there = window.hold(n_bytes + 4)
    if is_there and window.held[n_bytes : n_bytes + 4] == b"\r\n\r\n":
        body, window.held = window.held[:n_bytes], window.held[n_bytes + 4 :]
        return Frame(headers, body)
    if len(window.held) >= n_bytes and not window.held[n_bytes:].strip(b"\r\n"):
        # The last one, without all of its line ends.
        body, window.held = window.held[:n_bytes], b""
        return Frame(headers, body)
    body = _up_to_next(window, 0)
    if not window.held and not is_there:
        return Frame(headers, body[:n_bytes], "the archive breaks off in this response")
    return Frame(headers, body)


def _up_to_next(window: _Window, start: int) -> bytes:
    """Return the bytes from `start` on up to the next record, and go there."""
    at = window.find_next(start)
    body = window.held[start : at if at >= 0 else len(window.held)]
    window.held = window.held[at:] if at >= 0 else b""
    return body.removesuffix(b"\r\n\r\n")


def _headers(raw: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in raw.decode("utf-8", "replace").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers
