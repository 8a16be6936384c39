"""Sitemaps: the pages of a site, those of its news with their titles and dates."""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from corpus.errors import FetchError
from corpus.remote import Reply, read_address
from corpus.sources.containers.streams import READ_ERRORS, decompressed, read_all
from corpus.sources.markup import BrokenXmlError, Element, find_all, local_name, read_xml, words
from service.following.rows import Listed

__all__ = ["ListedMap", "Sitemap", "is_sitemap", "read_sitemap"]

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)[\s>]")
_HEAD_BYTES = 8192
_MAX_BYTES = 64 * 2**20
# The protocol allows 50,000; news sitemaps have at most 1,000, and the newest are wanted.
_MAX_PAGES = 1000
_MAX_MAPS = 50


@dataclass(frozen=True, slots=True)
class ListedMap:
    """A sitemap in an index; `changed` is when it was changed last, as it is written there."""

    url: str
    changed: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages of a sitemap, or the sitemaps of an index, the newest first."""

    pages: tuple[Listed, ...] = ()
    maps: tuple[ListedMap, ...] = ()


def is_sitemap(reply: Reply) -> bool:
    """Whether what was fetched is a sitemap or an index of them, compressed or not."""
    try:
        head, _ = decompressed(io.BytesIO(reply.content))
    except READ_ERRORS:
        return False
    return _ROOT.search(head[:_HEAD_BYTES]) is not None


def read_sitemap(reply: Reply) -> Sitemap:
    """Return what a sitemap lists.

    Raises:
        FetchError: it cannot be read.
    """
    try:
        _, stream = decompressed(io.BytesIO(reply.content))
        root = read_xml(read_all(stream, _MAX_BYTES))
    except (*READ_ERRORS, BrokenXmlError) as error:
        raise FetchError(f"{reply.url} cannot be read as a sitemap: {error}.") from error
    found = sorted(_entries(root), key=lambda entry: entry.at or 0.0, reverse=True)
    if local_name(root) == "sitemapindex":
        return Sitemap(maps=tuple(ListedMap(one.url, one.changed) for one in found[:_MAX_MAPS]))
    pages = {
        one.url: Listed(one.url, one.digest, url=one.url, at=one.at) for one in found[:_MAX_PAGES]
    }
    return Sitemap(pages=tuple(pages.values()))


@dataclass(frozen=True, slots=True)
class _Entry:
    url: str
    at: float | None
    digest: str
    changed: str


def _entries(root: Element) -> Iterator[_Entry]:
    for element in find_all(root, "url", "sitemap"):
        told = {
            name: words(inner).strip()
            for name in ("loc", "lastmod", "publication_date", "title")
            for inner in find_all(element, name)
        }
        try:
            url = str(read_address(told.get("loc", "")))
        except FetchError:
            continue
        stated = (told.get("lastmod", ""), told.get("publication_date", ""), told.get("title", ""))
        digest = hashlib.sha256("\n".join(stated).encode("utf-8", "replace")).hexdigest()[:32]
        yield _Entry(url, _moment(stated[0]) or _moment(stated[1]), digest, stated[0])


def _moment(text: str) -> float | None:
    try:
        return datetime.fromisoformat(text).astimezone().timestamp() if text else None
    except (ValueError, OverflowError, OSError):
        return None
