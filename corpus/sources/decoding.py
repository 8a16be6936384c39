"""Bytes become text: what they say about themselves first, then UTF-8, then Western."""

import codecs
import re

__all__ = ["WESTERN_ELSE", "decode", "declared_charset"]

WESTERN_ELSE = "dateline.western"
"""Handler for codecs: bytes that are no UTF-8 are taken as Western, one by one."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What browsers do: pages that say Latin-1 or ASCII mean Windows' superset of them.
_WESTERN = "cp1252"
_MEANS_WESTERN = {"iso8859-1", "ascii", "cp1252"}
# Their supersets, which pages of these names are written in.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
_XML = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_META = re.compile(rb"<meta\b[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.I)
_HEAD_BYTES = 4096
# Byte by byte is slow; longer texts are decoded line by line.
_MAX_MIXED_BYTES = 4 * 1024 * 1024


def declared_charset(raw: bytes) -> str | None:
    """Return the encoding that the head of an XML or HTML document declares."""
    head = raw[:_HEAD_BYTES]
    match = _XML.search(head) or _META.search(head)
    return match[1].decode("ascii") if match else None


def decode(raw: bytes, declared: str | None = None) -> str:
    """Return bytes as text; never fails.

    A byte order mark wins, then `declared` where the bytes are that, then UTF-8, then the Western
    single-byte encoding for the bytes that are no UTF-8. Statistical guessing is left out: it takes
    Western pages for others.

    >>> decode("Œuvre à 5 €".encode("cp1252"))
    'Œuvre à 5 €'
    """
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw.decode(name, "replace").removeprefix("\ufeff")
    told = _codec(declared)
    for name in filter(None, (told, _utf_16(raw), "utf-8")):
        try:
            return raw.decode(name)
        except UnicodeError:
            continue
    if told and told != "utf-8":
        return raw.decode(told, "replace")
    # One bad byte must not spoil all that is UTF-8 around it.
    if len(raw) <= _MAX_MIXED_BYTES:
        return raw.decode("utf-8", WESTERN_ELSE)
    return "".join(map(_decode_line, raw.splitlines(keepends=True)))


def _decode_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeError:
        return line.decode(_WESTERN, "replace")


def _codec(declared: str | None) -> str | None:
    """Return the codec to try first; None when UTF-8 is to be tried before it."""
    try:
        info = codecs.lookup(declared or "utf-8")
    except (LookupError, ValueError):
        return None
    # Python has codecs that are no encodings of text ("zip", "rot13"); these are none to try.
    if not getattr(info, "_is_text_encoding", True) or info.name in ("idna", "punycode"):
        return None
    # Every byte is something in these: what is UTF-8 throughout was labelled wrongly. A document
    # whose declaration could be read byte by byte is not UTF-16 either.
    if info.name in _MEANS_WESTERN or info.name.startswith(("utf-16", "utf-32")):
        return None
    return _SUPERSETS.get(info.name, info.name)


def _utf_16(raw: bytes) -> str | None:
    """Tell UTF-16 without a mark by the zeros in every second byte of Western text."""
    head = raw[:1000]
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) * 4 > max(even, odd) or max(even, odd) * 5 < len(head):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode(_WESTERN, "replace"), error.end


codecs.register_error(WESTERN_ELSE, _as_western)
