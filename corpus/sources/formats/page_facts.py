"""What a web page says about its story: JSON-LD of schema.org first, then Open Graph."""

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.sources.dates.dating import Stated
from corpus.sources.fields import Naming, persons
from corpus.sources.formats.page_parts import PagePart, live_updates
from corpus.sources.markup import Element, attribute, find, find_all, local_name, strip_markup
from corpus.sources.reasons import plain
from corpus.sources.state import embargo_in, reason_unpublished

__all__ = ["PageFacts", "page_facts"]

_MAX_NODES = 2000
# Metas of these names say something else than the state.
_NO_STATES = ("published", "type", "visible", "public", "publish", "access", "removed", "pending")
_ARTICLES = ("article", "posting", "report")
# Dates that are of the page and not of the story are left out: a wrong date is worse than none.
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "article:published"),
    *("article.published", "datepublished", "parsely-pub-date", "pub_date", "sailthru.date"),
    *("pubdate", "publishdate", "publish_date", "publish-date", "dc.date.issued"),
    *("dcterms.issued", "published", "published_at", "cxenseparse:recs:publishtime"),
)
# May be when the page was written out, so they come last.
_DATE = ("dcterms.date", "dc.date", "dc:date", "datecreated", "date", "pdate")
_AUTHOR = ("author", "byl", "parsely-author", "sailthru.author", "dc.creator", "article:author")
_SITE = ("og:site_name", "application-name", "dc.publisher", "publisher")
_SECTION = ("article:section", "parsely-section", "section")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """The facts of a page by the names of an article's fields.

    `is_article` tells whether the page calls itself one; `body` is the story where the facts hold
    it; `dates` are those it states, the ones to be trusted most first. `unpublished` and `embargo`
    are those of `corpus.sources.state`. `is_cut` tells that not all of the story is free to read,
    `is_live` that the page is a live blog, and `updates` are its posts.
    """

    fields: Mapping[str, object]
    is_article: bool
    body: str = ""
    dates: tuple[Stated, ...] = ()
    unpublished: str | None = None
    embargo: object | None = None
    summary: str = ""
    is_cut: bool = False
    is_live: bool = False
    updates: tuple[PagePart, ...] = ()


def page_facts(tree: Element) -> PageFacts:
    """Return what the head of a page tells about its story."""
    metas = _metas(tree)
    linked = _linked_data(tree)
    fields: dict[str, object] = _of_metas(tree, metas)
    dates = [_stated("metadata", metas, _PUBLISHED), _time(tree)]
    body, status, is_cut, is_live = "", None, False, False
    updates: tuple[PagePart, ...] = ()
    summary = metas.get("og:description") or metas.get("description") or ""
    if linked:
        status = linked.get("creativeWorkStatus")
        is_cut = str(linked.get("isAccessibleForFree")).lower() == "false"
        is_live = "live" in str(linked.get("@type")).lower() or "liveBlogUpdate" in linked
        updates = tuple(live_updates(linked))
        told = Naming().fields({name: _flat(name, value) for name, value in linked.items()})
        body = strip_markup(str(told.pop("text", "")))
        dates.append(_as_stated("JSON-LD", told.pop("published", None)))
        summary = str(told.pop("summary", None) or summary)
        told = {name: _unescaped(value) for name, value in told.items()}
        fields["correction"] = linked.get("correction")
        # The publisher is often the agency or the company: a site knows its own name best.
        publisher = told.pop("source", None)
        fields |= {"publisher": publisher, "source": fields["source"] or publisher}
        # What the story is linked with is itself, in many ways; only the address of a page is.
        fields |= {name: value for name, value in told.items() if name not in ("id", "url")}
        if not fields.get("url"):
            fields["url"] = _address(linked.get("url")) or _address(linked.get("mainEntityOfPage"))
    dates.append(_stated("metadata", metas, _DATE))
    kind = metas.get("og:type", "").lower()
    is_article = bool(linked) or "article" in kind or "article:published_time" in metas
    said: dict[str, object] = {**metas, **({"status": status} if linked else {})}
    for name in _NO_STATES:
        said.pop(name, None)
    unpublished, embargo = reason_unpublished(said), embargo_in(said)
    return PageFacts(
        fields,
        is_article,
        body,
        tuple(filter(None, dates)),
        unpublished,
        embargo,
        html.unescape(summary),
        is_cut,
        is_live,
        updates,
    )


def _metas(tree: Element) -> dict[str, str]:
    told: dict[str, str] = {}
    for meta in find_all(tree, "meta"):
        name = attribute(meta, "property") or attribute(meta, "name") or attribute(meta, "itemprop")
        value = (attribute(meta, "content") or "").strip()
        if name and value:
            told.setdefault(name.lower(), value)
    return told


def _first(metas: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _of_metas(tree: Element, metas: Mapping[str, str]) -> dict[str, object]:
    language = attribute(find(tree, "html") if local_name(tree) != "html" else tree, "lang")
    author = _first(metas, _AUTHOR)
    canonical = (
        attribute(link, "href")
        for link in find_all(tree, "link")
        if (attribute(link, "rel") or "").lower() == "canonical"
    )
    return {
        "title": _first(metas, ("og:title", "twitter:title", "headline")),
        "url": next(filter(None, map(_address, (*canonical, metas.get("og:url")))), None),
        "source": _site(metas),
        # An address in the author's place is that of a page about them.
        "authors": persons(author) if author and "://" not in author else [],
        "language": language or metas.get("og:locale") or metas.get("content-language"),
        "section": _first(metas, _SECTION),
    }


def _site(metas: Mapping[str, str]) -> str | None:
    """Return what a site calls itself, without what it says of itself after that."""
    names = (metas[name].split(" | ")[0].strip() for name in _SITE if name in metas)
    return next((name for name in names if name and "://" not in name), None)


def _unescaped(value: object) -> object:
    """Return words in JSON-LD without the HTML that many put into them."""
    if isinstance(value, list):
        return [_unescaped(one) for one in value]
    return html.unescape(value) if isinstance(value, str) else value


def _stated(where: str, metas: Mapping[str, str], names: tuple[str, ...]) -> Stated | None:
    return _as_stated(where, _first(metas, names))


def _as_stated(where: str, value: object) -> Stated | None:
    return Stated(where, value) if isinstance(value, str) and value else None


def _time(tree: Element) -> Stated | None:
    """Return the moment that a page marks as that of publication."""
    for time in find_all(tree, "time"):
        if "pubdate" in time.attrib or attribute(time, "itemprop") == "datePublished":
            return _as_stated("metadata", attribute(time, "datetime"))
    return None


def _linked_data(tree: Element) -> Mapping[str, Any] | None:
    """Return the first object of JSON-LD in a page that is an article."""
    for script in find_all(tree, "script"):
        if (attribute(script, "type") or "").split(";")[0].strip().lower() == "application/ld+json":
            try:
                told = json.loads(str(script.text or ""), strict=False)
            except (ValueError, RecursionError):
                continue
            for node in _nodes(told):
                if _is_article(node):
                    return node
    return None


def _nodes(told: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a value, outer before inner; not recursive, and not without end."""
    waiting = [told]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, dict):
            yield node
            waiting += [node[name] for name in ("@graph", "mainEntity", "item") if name in node]
        elif isinstance(node, list):
            waiting += node[:_MAX_NODES]


def _is_article(node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    is_one = any(isinstance(name, str) and name.lower().endswith(_ARTICLES) for name in names)
    return is_one and ("headline" in node or "articleBody" in node)


def _flat(name: str, value: object) -> object:
    """Take the first of several publishers, sections or dates; people stay a list."""
    if isinstance(value, list) and name not in ("author", "creator", "articleBody"):
        return value[0] if value else None
    return value


def _address(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return plain(value.strip())
    return None
