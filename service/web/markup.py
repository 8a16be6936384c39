"""Builds HTML in which text only ever becomes text."""

from collections.abc import Iterable
from html import escape

__all__ = ["Html", "cut_marks", "element", "escaped", "joined", "marked_parts"]

_VOID = frozenset({"input"})


class Html(str):
    """Markup that `element` made; any other text is escaped where it is put in."""

    __slots__ = ()


def element(tag: str, *children: str | None, **attributes: str | int | bool | None) -> Html:
    """Return an element; children and attributes that are None or False are left out.

    Attributes are written as Python allows: `class_`, `data_article`.

    >>> element("a", "R&D", href="/x?a=1&b=2", class_="card", hidden=True)
    '<a href="/x?a=1&amp;b=2" class="card" hidden>R&amp;D</a>'
    """
    written = "".join(
        f" {_name(name)}" if value is True else f' {_name(name)}="{escaped(str(value))}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    inner = joined(children)
    return Html(f"<{tag}{written}>" if tag in _VOID else f"<{tag}{written}>{inner}</{tag}>")


def joined(parts: Iterable[str | None]) -> Html:
    """Return parts in a row; those that are not markup already are escaped."""
    return Html(
        "".join(part if isinstance(part, Html) else escaped(part) for part in parts if part)
    )


def escaped(text: str) -> Html:
    """Return a text as markup that shows exactly it."""
    # A browser would make a line feed of a bare carriage return and drop NUL: then what it
    # shows would no longer be the quote.
    return Html(escape(text).replace("\r", "&#13;").replace("\0", "\ufffd"))


def marked_parts(text: str, marks: Iterable[tuple[int, int]]) -> Html:
    """Return a text with `[start, end)` of each of `marks`, in order, in a `mark` element."""
    parts: list[str] = []
    last = 0
    for start, end in marks:
        parts += [text[last:start], element("mark", text[start:end])]
        last = end
    return joined([*parts, text[last:]])


def cut_marks(marks: Iterable[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return the marks that are in `[start, end)`, counted from its beginning."""
    return [(one - start, two - start) for one, two in marks if start <= one and two <= end]


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
