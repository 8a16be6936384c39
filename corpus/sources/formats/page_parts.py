"""Pages that hold several articles: the posts of a live blog, briefs one under the other."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from corpus.sources.fields import Naming, persons
from corpus.sources.markup import (
    Element,
    attribute,
    find,
    find_all,
    local_name,
    paragraphs,
    strip_markup,
    words,
)

__all__ = ["PagePart", "live_updates", "parts_in_page"]

_MIN_PARTS = 2
_MAX_PARTS = 2000
_MIN_TEXT_CHARS = 60
_MIN_LIVE_CHARS = 25
# One article with others beside it is no list of them.
_MAX_SHARE = 0.6
_MIN_TOGETHER = 0.6
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_POST = re.compile(r"BlogPosting|NewsArticle|LiveBlogUpdate|\bArticle\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PagePart:
    """One of several articles on a page.

    `url` is its own address where it has one, `anchor` its name within the page. `published` is as
    it is written.
    """

    title: str
    text: str
    anchor: str
    url: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()


def live_updates(linked: Mapping[str, Any]) -> list[PagePart]:
    """Return the posts of a live blog as JSON-LD has them, those with words of their own."""
    updates = linked.get("liveBlogUpdate")
    parts: list[PagePart] = []
    for one in updates if isinstance(updates, list) else [updates]:
        if not isinstance(one, Mapping):
            continue
        told = Naming().fields(one)
        text = strip_markup(str(told.get("text") or told.get("summary") or ""))
        title = strip_markup(str(told.get("title") or "")).strip()
        if not text.strip() and not title:
            continue
        url = next((one[name] for name in ("url", "@id") if isinstance(one.get(name), str)), None)
        said = told.get("authors")
        names = tuple(str(name) for name in said if name) if isinstance(said, list) else ()
        published = told.get("published")
        parts.append(
            PagePart(
                title,
                text or title,
                _anchor(urlsplit(url).fragment if url else "", f"{title}{published}{text}"),
                url,
                str(published) if published else None,
                names,
            )
        )
    return parts[:_MAX_PARTS] if len(parts) >= _MIN_PARTS else []


def parts_in_page(tree: Element, url: str | None, *, is_live: bool) -> list[PagePart]:
    """Return the articles that a page has side by side, or none when it is about one.

    Of a page that is no live blog they must be most of what it says, and none of them most of that.
    """
    parts = []
    for element in _innermost(tree):
        part = _part(element, url)
        n_least = _MIN_LIVE_CHARS if is_live else _MIN_TEXT_CHARS
        if part and len(part.text) >= n_least and (part.title or part.published):
            parts.append(part)
    sizes = [len(part.text) for part in parts]
    if len(parts) < _MIN_PARTS or len({part.text for part in parts}) < len(parts):
        return []
    if is_live:
        return parts if all(part.published for part in parts) else []
    n_page = sum(len(words(paragraph)) for paragraph in find_all(tree, "p"))
    is_one = max(sizes) > _MAX_SHARE * sum(sizes) or not all(part.title for part in parts)
    return [] if is_one or sum(sizes) < _MIN_TOGETHER * n_page else parts


def _innermost(tree: Element) -> Iterator[Element]:
    """Yield the elements that are an article, without those that hold others."""
    found = [one for one in find_all(tree, "article", "section", "div", "li") if _is_post(one)]
    for element in found if len(found) <= _MAX_PARTS else []:
        if not any(map(_is_post, islice(element.iter(), 1, None))):
            yield element


def _is_post(element: Element) -> bool:
    if local_name(element) == "article":
        return True
    kind = attribute(element, "itemtype") or attribute(element, "itemprop") or ""
    return bool(_POST.search(kind))


def _part(element: Element, page_url: str | None) -> PagePart | None:
    heading = next(find_all(element, *_HEADINGS), None)
    moment = next((one for one in find_all(element, "time") if attribute(one, "datetime")), None)
    title = words(heading)
    aside = {title, *(words(one) for one in find_all(element, "time"))}
    byline = find(element, "address") or _marked(element, "author")
    lines = [line for line in paragraphs(element).split("\n") if line not in aside - {""}]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not text:
        return None
    link = next(find_all(heading, "a"), None) if heading is not None else None
    own = attribute(link, "href")
    url = _absolute(own, page_url)
    published = attribute(moment, "datetime")
    anchor = _anchor(attribute(element, "id") or "", f"{title}{published}{text}")
    names: Sequence[str] = persons(words(byline)) if byline is not None else ()
    return PagePart(title, text, anchor, url, published, tuple(names))


def _marked(element: Element, name: str) -> Element | None:
    return next((one for one in element.iter() if attribute(one, "itemprop") == name), None)


def _absolute(link: str | None, page_url: str | None) -> str | None:
    try:
        whole = urljoin(page_url or "", link or "") if link else ""
        return whole if urlsplit(whole).scheme in ("http", "https") else None
    except ValueError:
        return None


def _anchor(given: str, content: str) -> str:
    return given or hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:10]
