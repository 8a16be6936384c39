"""The only door to trafilatura: the story inside a saved web page."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import trafilatura

from corpus.sources.containers.streams import read_all
from corpus.sources.dates.dating import Stated, day_in_url, first_date
from corpus.sources.decoding import declared_charset, decode
from corpus.sources.entry import Entry
from corpus.sources.fields import FIELDS, persons
from corpus.sources.formats.page_facts import PageFacts, page_facts
from corpus.sources.formats.page_parts import PagePart, parts_in_page
from corpus.sources.markup import Element, find_all, n_elements, page_tree, words
from corpus.sources.policy import Policy
from corpus.sources.record import ReadArticle, SkippedRecord, find_record
from corpus.sources.state import reason_unpublished
from corpus.sources.stories import whole_story
from corpus.sources.task import Task
from corpus.sources.titles import without_headline, without_site

__all__ = ["Page", "page_task", "read_html", "read_pages"]

_NOTHING = "no story was found in the page"
_MAX_BYTES = 16 * 1024 * 1024
# Pages of news have a few thousand; the search for the story takes minutes in very large ones.
_MAX_ELEMENTS = 30_000
# What a page of a crawl must hold at least when it does not call itself an article.
_MIN_STORY_CHARS = 600
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
_MIN_SHARE = 0.5
_MIN_PARAGRAPH_CHARS = 80

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


def _read_pages(page: Page) -> list[ReadArticle | SkippedRecord]:
    where = f" ({page.url[:200]})" if page.url else ""
    return [
        replace(found, reason=f"{found.reason}{where}")
        if isinstance(found, SkippedRecord)
        else found
        for found in read_pages(page)
    ]


def read_pages(page: Page) -> list[ReadArticle | SkippedRecord]:
    """Return the articles of a page, or one skip that says why there is none."""
    text = decode(page.raw, page.charset or declared_charset(page.raw))
    tree = page_tree(text)
    if tree is None:
        return [SkippedRecord(page.name, page.number, _NOTHING)]
    if n_elements(tree, _MAX_ELEMENTS) >= _MAX_ELEMENTS:
        reason = f"the page has more than {_MAX_ELEMENTS} elements"
        return [SkippedRecord(page.name, page.number, reason)]
    facts = page_facts(tree)
    url = page.url or facts.fields.get("url")
    parts: Sequence[PagePart] = facts.updates
    if not parts and (facts.is_live or not facts.is_article):
        parts = parts_in_page(tree, str(url) if url else None, is_live=facts.is_live)
    if not parts:
        return [_read_story(page, text, tree, facts)]
    if page.is_crawled and (against := _no_page(page)):
        return [SkippedRecord(page.name, page.number, against)]
    return [_read_part(part, page, facts) for part in parts]


def _read_story(
    page: Page, text: str, tree: Element, facts: PageFacts
) -> ReadArticle | SkippedRecord:
    extracted = _extract(text, page.url, precise=True)
    # Being precise, it now and then takes a part of a story for the whole.
    if len(extracted.get("text", "")) < _MIN_SHARE * _n_chars(tree):
        wider = _extract(text, page.url, precise=False)
        if len(extracted.get("text", "")) < _MIN_SHARE * len(wider.get("text", "")):
            extracted = wider
    story = whole_story(extracted.pop("text", ""), facts.body, is_cut=facts.is_cut)
    is_stub = not story.strip() and facts.is_article and not page.is_crawled
    if is_stub:
        story = facts.summary
    if not story.strip() and not is_stub:
        return SkippedRecord(page.name, page.number, _NOTHING)
    if page.is_crawled and (reason := _no_article(page, facts, story)):
        return SkippedRecord(page.name, page.number, reason)
    fields = _fields(page, facts, extracted)
    story = without_headline(story, str(fields["title"]))
    fields |= {"text": story, "is_whole": is_stub}
    guess = Stated("page", extracted.get("published", ""))
    at_address = Stated("URL", day_in_url(str(fields["url"] or "")) or "")
    dated = first_date([*facts.dates, at_address, guess], page.policy)
    # What no page date can be read from is told by the field itself.
    stated_date = facts.dates[0].raw if facts.dates else None
    fields["published"] = dated.raw if dated else stated_date
    where = dated.where if dated else "record"
    return find_record(fields, page.name, page.number, where, page.policy)


def _read_part(part: PagePart, page: Page, facts: PageFacts) -> ReadArticle | SkippedRecord:
    """Return one of several articles of a page, with its own time and address."""
    fields = _fields(page, facts, {})
    of_page = fields["url"] or page.place or page.name
    # A post without its time may be of any time: not even the page's is then known.
    date = part.published or (None if facts.is_live else next(iter(facts.dates), None))
    fields |= {
        "id": part.url if part.url and part.url != fields["url"] else f"{of_page}#{part.anchor}",
        "title": part.title or fields.get("title"),
        "text": part.text,
        "url": part.url or (f"{fields['url']}#{part.anchor}" if fields["url"] else None),
        "authors": list(part.authors) or fields.get("authors"),
        "published": date.raw if isinstance(date, Stated) else date,
    }
    return find_record(fields, page.name, page.number, "post", page.policy)


def _fields(page: Page, facts: PageFacts, extracted: Mapping[str, str]) -> dict[str, object]:
    """Return the side fields of a page, but for its date."""
    stated = {name: facts.fields[name] for name in FIELDS if facts.fields.get(name)}
    known = {"language": page.language, "section": page.section}
    fields: dict[str, object] = {**extracted, **known, **stated}
    fields["url"] = page.url or fields.get("url")
    fields |= {
        "place": page.place,
        "unpublished": facts.unpublished or reason_unpublished({"robots": page.robots}),
        "embargo": facts.embargo,
        "correction": facts.fields.get("correction"),
    }
    sites = (fields.get("source"), facts.fields.get("publisher"), extracted.get("source"))
    names = [str(site) for site in sites if site]
    fields["title"] = without_site(str(fields.get("title") or ""), names)
    if isinstance(byline := fields.get("authors"), str):
        fields["authors"] = persons(byline)
    if not page.url and _is_front_page(fields["url"]):
        # Saved pages that all call the site's front page their address are not one article.
        fields["id"] = page.place
    return fields


def _is_front_page(url: object) -> bool:
    try:
        parts = urlsplit(str(url or ""))
    except ValueError:
        return False
    return bool(parts.netloc) and parts.path in ("", "/") and not parts.query


def _n_chars(tree: Element) -> int:
    """Return how long the paragraphs of a page are together, the short ones aside."""
    lengths = (len(words(paragraph)) for paragraph in find_all(tree, "p"))
    return sum(length for length in lengths if length >= _MIN_PARAGRAPH_CHARS)


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


def _no_page(page: Page) -> str | None:
    try:
        path = urlsplit(page.url or "").path
    except ValueError:
        return "its address is none"
    if path.strip("/") in ("", "index.html", "index.php", "home"):
        return "a front page, not an article"
    return None


def _no_article(page: Page, facts: PageFacts, story: str) -> str | None:
    if reason := _no_page(page):
        return reason
    if len(story) < _MIN_STORY_CHARS:
        if not facts.is_article:
            return "the page does not look like an article"
        if _NO_STORY.search(story):
            return "what the site shows in the place of a page, not an article"
    return None
