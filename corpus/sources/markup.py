"""The only door to lxml: XML without entities, files or network, and the text inside markup."""

import html
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Protocol

from lxml import etree
from lxml import html as lxml_html

from corpus.sources.decoding import declared_charset, decode

__all__ = [
    "BrokenXmlError",
    "Element",
    "attribute",
    "bare_xml",
    "children",
    "find",
    "find_all",
    "has_markup",
    "local_name",
    "mended_xml",
    "n_elements",
    "page_tree",
    "paragraphs",
    "read_xml",
    "strip_markup",
    "words",
]


class Element(Protocol):
    """What is used here of an element of lxml, which has no types of its own."""

    tag: object
    text: str | None
    tail: str | None
    attrib: Mapping[str, str]

    def __iter__(self) -> Iterator["Element"]: ...

    def iter(self) -> Iterator["Element"]:
        """Yield the element and all below it, in order."""
        ...

    def itertext(self, *tags: str) -> Iterator[str]:
        """Yield the pieces of text in it, in order."""
        ...


# An element takes a hundred times the memory that its tag does.
_MAX_TAGS = 2_000_000
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"<!ENTITY\b")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}
_NO_XML_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A lone "<i>" may be anything; a tag that is closed, or has what only HTML has, is HTML.
_TAG = re.compile(
    r"</(?:p|div|span|a|h[1-6]|ul|ol|li|strong|em|b|i|u|figure|blockquote|table)\s*>"
    r"|<(?:p|br)\s*/?>|<(?:p|div|a|span|img)\s+[a-z-]{1,30}=[\"'][^<>]*>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_REFERENCE = re.compile(
    r"&(?:#[0-9]{2,6}|#x[0-9a-f]{2,5}|amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip);",
    re.IGNORECASE,
)

# "&lt;p&gt;", "&amp;lt;p&amp;gt;", "&lt;![CDATA[": markup that was escaped as if it were words.
_ESCAPED = re.compile(
    r"&(?:amp;){0,3}lt;(?:/?(?:p|div|span|a|h[1-6]|ul|ol|li|strong|em|b|i|u|br|img|figure"
    r"|blockquote|table)(?:\s[^<>]{0,2000}?|\s*)/?&(?:amp;){0,3}gt;|!\[CDATA\[)",
    re.IGNORECASE,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_MAX_ESCAPED = 4

_SILENT = {"script", "style", "noscript", "template", "svg", "iframe", "figcaption", "caption"}
_SILENT |= {"media", "media-caption", "head", "title", "button", "form", "nav"}
_BLOCKS = {"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "block"}
_BLOCKS |= {"br", "tr", "table", "section", "article", "hl1", "hl2", "hr", "dl", "dt", "dd", "bq"}
_BLOCKS |= {"pre", "body", "html", "header", "footer", "aside", "figure", "main", "address"}


class BrokenXmlError(ValueError):
    """XML that is not well-formed, or that declares entities."""


def read_xml(raw: bytes, *, broken: bool = False) -> Element:
    """Return the root of an XML document; nothing outside it is read, whatever it asks for.

    With `broken` what can be had of a document that is not well-formed is returned.

    Raises:
        BrokenXmlError: it is not well-formed, or it declares entities: news has no need of them,
            and they can fill the memory or name files.
    """
    # Decoded here: the parser would take any name that a document gives its encoding.
    text = _DECLARATION.sub("", decode(raw, declared_charset(raw)), count=1)
    if _ENTITY.search(text):
        raise BrokenXmlError("it declares entities of its own, which are not read")
    if text.count("<") > _MAX_TAGS:
        raise BrokenXmlError(f"it has more than {_MAX_TAGS} tags, more than are read as one")
    text = bare_xml(text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=broken
    )
    try:
        root: Element | None = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise BrokenXmlError(f"it is not well-formed: {error}") from error
    if root is None:
        raise BrokenXmlError("it holds no XML")
    return root


def mended_xml(text: str) -> str:
    """Return what can be had of XML that is not well-formed as XML that is; empty when nothing."""
    try:
        root = read_xml(text.encode("utf-8", "replace"), broken=True)
    except BrokenXmlError:
        return ""
    return str(etree.tostring(root, encoding="unicode"))


def bare_xml(text: str) -> str:
    """Return XML without what often keeps it from being well-formed and says nothing.

    That is characters that XML cannot hold, and references by HTML's names: these are declared in
    a file that is not read. A name that is not HTML's either is dropped.
    """
    return _NO_XML_CHARS.sub("", _NAMED.sub(_as_character, text))


def _as_character(match: re.Match[str]) -> str:
    if match[1] in _XML_NAMES:
        return match[0]
    said = html.unescape(match[0])
    return "" if said == match[0] else said


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def find_all(element: Element, *names: str) -> Iterator[Element]:
    """Yield the elements below `element` with one of these local names, in order."""
    wanted = set(names)
    below = islice(element.iter(), 1, None)
    return (one for one in below if local_name(one) in wanted)


def find(element: Element | None, *path: str) -> Element | None:
    """Return the first element at a path of local names, each below the one before."""
    for name in path:
        if element is None:
            return None
        element = next(find_all(element, name), None)
    return element


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of an element with this local name."""
    return (child for child in element if local_name(child) == name)


def attribute(element: Element | None, name: str) -> str | None:
    """Return an attribute by its local name, or None."""
    if element is None:
        return None
    found = (value for key, value in element.attrib.items() if str(key).split("}")[-1] == name)
    value = next(found, None)
    return str(value) if value else None


def words(element: Element | None) -> str:
    """Return all text in an element on one line."""
    if element is None:
        return ""
    return " ".join("".join(str(text) for text in element.itertext("*")).split())


def paragraphs(element: Element) -> str:
    """Return the text in an element, a blank line between its blocks; captions are left out."""
    pieces: list[str] = []
    # Not recursive: a document may be as deep as it likes.
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        name = local_name(node).lower()
        if event == "start" and name in _SILENT and node is not element:
            walk.skip_subtree()
        elif event == "start":
            pieces += ["\n\n" if name in _BLOCKS else "", _inline(node.text)]
        elif event == "end" and name in _BLOCKS:
            pieces.append("\n\n")
        if event != "start" and node is not element:
            pieces.append(_inline(node.tail))
    return re.sub(r"\s*\n\s*", "\n\n", "".join(pieces)).strip()


def _inline(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def has_markup(text: str) -> bool:
    """Whether a text is written in HTML.

    >>> has_markup("<p>It rained."), has_markup("x < y, <SULA> and <i>")
    (True, False)
    """
    return "<" in text and bool(_TAG.search(text))


def strip_markup(text: str) -> str:
    """Return a text without the HTML in it; one that has none is returned as it is.

    What was escaped more than once, or put into CDATA as text, is undone first.
    """
    for _ in range(_MAX_ESCAPED):
        text = _CDATA.sub(r"\1", text) if "<![CDATA[" in text else text
        if "&" not in text or has_markup(text) or not _ESCAPED.search(text):
            break
        text = html.unescape(text)
    if not has_markup(text):
        return _unescaped_twice(text) if "&" in text else text
    tree = page_tree(f"<div>{text}</div>")
    stripped = paragraphs(tree) if tree is not None else ""
    # The parser gives up on pieces of ten million characters, or on millions of tags.
    return _unescaped_twice(stripped or _ANY_TAG.sub(" ", text))


def _unescaped_twice(text: str) -> str:
    for _ in range(2):
        text = _REFERENCE.sub(_unescaped, text)
    return text


def _unescaped(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def page_tree(text: str) -> Element | None:
    """Return the tree of a page or a piece of one; None when it is empty, or endless."""
    if text.count("<") > _MAX_TAGS:
        return None
    parser = lxml_html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        tree: Element | None = etree.fromstring(_NO_XML_CHARS.sub("", text).encode(), parser)
    except etree.ParserError:
        return None
    except etree.XMLSyntaxError:
        return None
    return tree


def n_elements(tree: Element, limit: int) -> int:
    """Return how many elements a tree has, counted up to `limit`."""
    return sum(1 for _ in islice(tree.iter(), limit))
