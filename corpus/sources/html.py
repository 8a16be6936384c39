"""The only door to trafilatura: the story inside a saved web page."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import trafilatura

from corpus.sources.dating import Stated, day_in_url, first_date
from corpus.sources.decoding import declared_charset, decode
from corpus.sources.entry import Entry
from corpus.sources.fields import FIELDS, persons
from corpus.sources.markup import Element, find_all, n_elements, page_tree, words
from corpus.sources.page_facts import PageFacts, page_facts
from corpus.sources.policy import Policy
from corpus.sources.record import Found, Skip, find_record
from corpus.sources.state import reason_unpublished
from corpus.sources.streams import read_all
from corpus.sources.task import Task
from corpus.sources.titles import without_site

__all__ = ["Page", "page_task", "read_html", "read_page"]

_MAX_BYTES = 16 * 1024 * 1024
# Pages of news have a few thousand; the search for the story takes minutes in very large ones.
_MAX_ELEMENTS = 30_000
# What a page of a crawl must hold at least when it does not call itself an article.
_LEAST_STORY_CHARS = 600
# What sites answer with the status of success where there is no page, or none for a program.
_NO_STORY = re.compile(
    r"\bpage (?:that )?you(?: are|['’]re| were)? (?:looking for|requested)"
    r"|\bpage (?:can ?not|could not) be found|\b(?:page|article|story) not found\b|\b404\b"
    r"|\bpartners (?:store|process|use)\b|\bconsent to our\b|\bvalue your privacy\b"
    r"|\b(?:enable|turn on) (?:javascript|cookies)\b|\bare (?:you )?not a robot\b"
    r"|\bchecking your browser\b|\baccess denied\b|\bverify (?:that )?you are (?:a )?human\b",
    re.IGNORECASE,
)
# Between 0.3 and 0.9 on the pages measured it makes no difference.
_LEAST_SHARE = 0.5
_LEAST_PARAGRAPH_CHARS = 80

# The library tells its log what it could not read; here skips tell it.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Page:
    """A web page, and what is known of it besides its bytes.

    `is_crawled`: nobody chose this page for being an article, so it must look like one. `robots` is
    what the server said beside it of being indexed.
    """

    name: str
    raw: bytes
    number: int | None = None
    url: str | None = None
    charset: str | None = None
    language: str | None = None
    section: str | None = None
    is_crawled: bool = False
    place: str | None = None
    policy: Policy = field(default_factory=Policy)
    robots: str | None = None


def read_html(entry: Entry) -> Iterator[Task]:
    """Yield the task of reading the one article of a page."""
    raw = read_all(entry.stream, _MAX_BYTES)
    yield page_task(
        Page(entry.name, raw, section=entry.section, place=entry.place, policy=entry.policy)
    )


def page_task(page: Page) -> Task:
    """Return the task of reading a page."""
    return Task(page.name, page.number, _read_pages, page, len(page.raw))


def _read_pages(page: Page) -> list[Found | Skip]:
    found = read_page(page)
    if isinstance(found, Skip) and page.url:
        found = Skip(found.file, found.line, f"{found.reason} ({page.url[:200]})")
    return [found]


def read_page(page: Page) -> Found | Skip:
    """Return the article of a page, or a skip that says why there is none."""
    text = decode(page.raw, page.charset or declared_charset(page.raw))
    tree = page_tree(text)
    if tree is None:
        return Skip(page.name, page.number, "no story was found in the page")
    if n_elements(tree, _MAX_ELEMENTS) >= _MAX_ELEMENTS:
        return Skip(page.name, page.number, f"the page has more than {_MAX_ELEMENTS} elements")
    facts = page_facts(tree)
    extracted = _extract(text, page.url, precise=True)
    # Being precise, it now and then takes a part of a story for the whole.
    if len(extracted.get("text", "")) < _LEAST_SHARE * _n_chars(tree):
        wider = _extract(text, page.url, precise=False)
        if len(extracted.get("text", "")) < _LEAST_SHARE * len(wider.get("text", "")):
            extracted = wider
    story = extracted.pop("text", "") or facts.body
    if not story.strip():
        return Skip(page.name, page.number, "no story was found in the page")
    if page.is_crawled and (reason := _no_article(page, facts, story)):
        return Skip(page.name, page.number, reason)
    stated = {name: facts.fields[name] for name in FIELDS if facts.fields.get(name)}
    known = {"language": page.language, "section": page.section}
    fields: dict[str, object] = {**extracted, **known, **stated}
    fields["url"] = page.url or fields.get("url")
    fields |= {
        "place": page.place,
        "text": story,
        "unpublished": facts.unpublished or reason_unpublished({"robots": page.robots}),
        "embargo": facts.embargo,
        "is_whole": False,
    }
    sites = (fields.get("source"), facts.fields.get("publisher"), extracted.get("source"))
    fields["title"] = without_site(
        str(fields.get("title") or ""), [str(site) for site in sites if site]
    )
    if isinstance(byline := fields.get("authors"), str):
        fields["authors"] = persons(byline)
    guess = Stated("page", extracted.get("published", ""))
    at_address = Stated("URL", day_in_url(str(fields["url"] or "")) or "")
    dated = first_date([*facts.dates, at_address, guess], page.policy)
    # What no page date can be read from is told by the field itself.
    stated_date = facts.dates[0].raw if facts.dates else None
    fields["published"] = dated.raw if dated else stated_date
    where = dated.where if dated else "record"
    return find_record(fields, page.name, page.number, where, page.policy)


def _n_chars(tree: Element) -> int:
    """Return how long the paragraphs of a page are together, the short ones aside."""
    lengths = (len(words(paragraph)) for paragraph in find_all(tree, "p"))
    return sum(length for length in lengths if length >= _LEAST_PARAGRAPH_CHARS)


def _extract(text: str, url: str | None, *, precise: bool) -> dict[str, str]:
    """Return the story of a page, and the facts that the library finds or guesses."""
    try:
        document = trafilatura.bare_extraction(
            text,
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            favor_precision=precise,
            # A date from anywhere in a page (a footer, a link) is as often as not another's.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except MemoryError:
        raise
    # It raises what it likes on odd addresses and the like: one page of many must not cost more.
    except Exception:  # noqa: BLE001
        return {}
    # The library can also return a dict, when asked to.
    if document is None or isinstance(document, dict):
        return {}
    found = {
        "text": document.text,
        "title": document.title,
        "url": document.url,
        "source": document.sitename or document.hostname,
        "authors": document.author,
        "published": document.date,
    }
    return {name: value for name, value in found.items() if value}


def _no_article(page: Page, facts: PageFacts, story: str) -> str | None:
    try:
        path = urlsplit(page.url or "").path
    except ValueError:
        return "its address is none"
    if path.strip("/") in ("", "index.html", "index.php", "home"):
        return "a front page, not an article"
    if len(story) < _LEAST_STORY_CHARS:
        if not facts.is_article:
            return "the page does not look like an article"
        if _NO_STORY.search(story):
            return "what the site shows in the place of a page, not an article"
    return None
