"""The sound items of an XML document that is broken in one of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.sources.markup import BrokenXmlError, read_xml

__all__ = ["WholeItems", "whole_items"]

_OPENING = re.compile(r"<[A-Za-z_][^<>]*>")
_SELF_CLOSED = re.compile(r"/\s*>$")
_MAX_OPEN = 12


@dataclass(frozen=True, slots=True)
class WholeItems:
    """A well-formed document of the sound items; `broken` says of the others, by number from 1."""

    text: str
    broken: dict[int, str]
    n_kept: int


def whole_items(text: str, names: Sequence[str]) -> WholeItems | None:
    """Return the items of a document that are well-formed each by itself, or None without any.

    An item ends where the next begins, whatever it says: so one that is not closed, in a tag or in
    CDATA, costs itself only.
    """
    starts = re.compile(rf"<(?P<name>(?:[\w.-]+:)?(?:{'|'.join(names)}))(?=[\s/>])")
    marks = list(starts.finditer(text))
    if not marks:
        return None
    head = text[: marks[0].start()]
    tail = _closing(head)
    if tail is None:
        # The beginning of an item that is not even named.
        head = head[: head.rfind(">") + 1]
        tail = _closing(head)
    if tail is None:
        return None
    kept: list[str] = []
    broken: dict[int, str] = {}
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for number, (mark, end) in enumerate(zip(marks, ends, strict=True), start=1):
        piece, reason = _sound(text[mark.start() : end], f"</{mark['name']}>", head, tail)
        if piece is None:
            broken[number] = f"the item is not read: {reason}"
        else:
            kept.append(piece)
    return WholeItems(f"{head}{''.join(kept)}{tail}", broken, len(kept))


def _sound(piece: str, closing: str, head: str, tail: str) -> tuple[str | None, str]:
    """Return an item without what stands between it and the next, or None and the reason."""
    # A text may hold the tag that closes; what follows an item may be the rest of a broken one.
    ends = {piece.rfind(closing), piece.find(closing)} - {-1}
    reason = ""
    for end in sorted(ends, reverse=True) or [len(piece)]:
        whole = piece[: end + len(closing)]
        try:
            read_xml(f"{head}{whole}{tail}".encode("utf-8", "replace"))
        except BrokenXmlError as error:
            reason = reason or str(error)
        else:
            return whole, ""
    return None, reason


def _closing(head: str) -> str | None:
    """Return the tags that close what is open at the end of a document's head, or None.

    None means that the head is broken itself.
    """
    tags = [match[0] for match in _OPENING.finditer(head)]
    names = [re.split(r"[\s/>]", tag[1:], maxsplit=1)[0] for tag in tags if not _is_closed(tag)]
    open_names: list[str] = []
    for name in names:
        opened = len(re.findall(rf"<{re.escape(name)}(?=[\s>])", head))
        if opened > len(re.findall(rf"</{re.escape(name)}\s*>", head)) and name not in open_names:
            open_names.append(name)
    if len(open_names) > _MAX_OPEN:
        return None
    tail = "".join(f"</{name}>" for name in reversed(open_names))
    try:
        read_xml(f"{head}{tail}".encode("utf-8", "replace"))
    except BrokenXmlError:
        return None
    return tail


def _is_closed(tag: str) -> bool:
    return bool(_SELF_CLOSED.search(tag))
