"""From bytes to items: the articles that a feed, file or page holds, as a source lists them."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from corpus.article import Article
from corpus.errors import FetchError
from corpus.identity import plain_id
from corpus.remote import Reply, read_address
from corpus.sources import ReadArticle, Reading, SkippedRecord
from corpus.sources.dispatch import read_entry
from corpus.sources.entry import Entry
from corpus.sources.formats.feed import NO_ITEMS
from corpus.sources.workers import in_order
from service.following.rows import Listed, Validator, digest_of
from service.following.source import Source

__all__ = ["articles_in", "listed", "of_outlet", "records_in", "validator_of", "wants_page"]

# A feed has tens, an export thousands; what is more comes with the next look.
_MAX_RECORDS = 100_000
# Below this an item is more likely a summary than a story.
_SUMMARY_CHARS = 1000
_CUT = ("…", "...", "[…]", "[...]", "Read more", "Continue reading")


def records_in(reply: Reply, reading: Reading) -> Iterator[ReadArticle | SkippedRecord]:
    """Yield the records of what was fetched, whatever its format."""
    name = read_address(reply.url).target.partition("?")[0].rpartition("/")[2] or "feed"
    entry = Entry(
        reply.url,
        io.BytesIO(reply.content),
        name,
        naming=reading.naming,
        policy=reading.policy,
    )
    return islice(in_order(read_entry(entry)), _MAX_RECORDS)


def articles_in(records: Iterable[ReadArticle | SkippedRecord], where: str) -> list[Article]:
    """Return the articles among records.

    Raises:
        FetchError: there are none, and not because there is nothing.
    """
    articles: list[Article] = []
    trouble = None
    for record in records:
        if isinstance(record, ReadArticle):
            articles.append(record.article)
        elif record.kind == "unreadable" and record.reason != NO_ITEMS:
            trouble = trouble or record.reason
    if trouble and not articles:
        raise FetchError(f"{where} has nothing that can be read: {trouble}.")
    return articles


def listed(articles: Iterable[Article], source: Source, place: str = "") -> list[Listed]:
    """Return articles as items of a source; of several with one id the last one counts."""
    items: dict[str, Listed] = {}
    for found in articles:
        article = of_outlet(found, source.outlet)
        url = article.url if source.full_text and not place and wants_page(article) else None
        items[article.id] = Listed(
            article.id, digest_of(article), article, url, place, _published_at(article)
        )
    return list(items.values())


def of_outlet(article: Article, outlet: str | None) -> Article:
    """Return an article as one of the outlet that a person named for its source."""
    if not outlet or article.source == outlet:
        return article
    own = article.id
    if article.source and own.startswith(scope := f"{plain_id(article.source)}/"):
        own = plain_id(f"{outlet}/{own.removeprefix(scope)}")
    return replace(article, id=own, source=outlet)


def wants_page(article: Article) -> bool:
    """Whether an item of a feed is a summary of a page that it links to."""
    if not article.url or not article.url.startswith(("http://", "https://")):
        return False
    return len(article.text) < _SUMMARY_CHARS or article.text.rstrip().endswith(_CUT)


def validator_of(reply: Reply) -> Validator:
    """Return what to ask with next time whether there is something else."""
    digest = hashlib.sha256(reply.content).hexdigest()[:32]
    return Validator(reply.headers.get("etag"), reply.headers.get("last-modified"), digest)


def _published_at(article: Article) -> float | None:
    """Return when an article was published in seconds since 1970; a day by its noon."""
    if not article.published or len(article.published) < len("2025-02-19"):
        return None
    try:
        moment = datetime.fromisoformat(article.published)
    except ValueError:
        return None
    if "T" not in article.published:
        moment = moment.replace(hour=12)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
