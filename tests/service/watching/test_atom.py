from dataclasses import replace

import feedparser
import pytest

from corpus.article import Article
from service.watching.atom import atom_feed
from service.watching.redacting import without_removed
from service.watching.watch import Entry, Outcome
from tests.service.watching.fakes import ARTICLE, answer, told

ADDRESS = "http://localhost:8000/v1/watches/feed"
EVIL = Article(
    "evil/../<&>\"'",
    "]]></title><script>alert(1)</script>",
    "Before \x00\x0b\ufffe ]]> &amp; <img src=x onerror=alert(1)> \U0001f6a2 “after” \u202e.",
    source="<b>Post</b>\"'",
)


def entry_of(before: Article | None, after: Article | None, question: str = "Who?") -> Entry:
    first, second = (
        Outcome.of(told(question, answer(one.text, one) if one else None))
        for one in (before, after)
    )
    return Entry(
        7, "5b0f3d6e-0000-5000-8000-000000000007", "4f0c2a9be61d7735", None, question, 3,
        "2026-11-27T12:00:00+00:00", "new-value", first, second,
    )  # fmt: skip


def parsed(*entries: Entry) -> feedparser.FeedParserDict:
    found = feedparser.parse(
        atom_feed("key a", "Watched <questions>", ADDRESS, entries), sanitize_html=False
    )
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_an_entry_is_read_with_both_answers() -> None:
    feed = parsed(entry_of(None, ARTICLE, "Who is the captain?"))
    assert (feed.version, feed.feed.title) == ("atom10", "Watched <questions>")
    (entry,) = feed.entries
    assert entry.title == "Who is the captain? The captain is Marta Holt."
    assert entry.id == "urn:uuid:5b0f3d6e-0000-5000-8000-000000000007"
    assert entry.link == "http://localhost:8000/articles/ferry?q=0-26"
    assert "No answer: Nobody says." in entry.content[0].value
    assert "The captain is Marta Holt." in entry.content[0].value
    assert entry.tags[0].term == "new-value"


def test_hostile_text_stays_text() -> None:
    question = "Who <script>alert(2)</script> & ]]> \x1b \ud83d?".encode("utf-16", "surrogatepass")
    feed = parsed(entry_of(EVIL, EVIL, question.decode("utf-16", "replace")))
    (entry,) = feed.entries
    assert (entry.title_detail.type, entry.content[0].type) == ("text/plain", "text/html")
    assert "<script" not in entry.content[0].value and "<img" not in entry.content[0].value
    assert "&lt;img src=x onerror=alert(1)&gt;" in entry.content[0].value
    assert entry.link.startswith("http://localhost:8000/articles/evil%2F..%2F%3C%26%3E")


def test_ids_stay_the_same() -> None:
    one = parsed(entry_of(None, ARTICLE))
    other = parsed(entry_of(ARTICLE, None), entry_of(None, ARTICLE))
    assert one.feed.id == other.feed.id
    assert one.entries[0].id == other.entries[1].id
    elsewhere = feedparser.parse(atom_feed("key b", "", ADDRESS, []))
    assert elsewhere.feed.id != one.feed.id


def test_an_empty_feed_is_a_feed() -> None:
    feed = parsed()
    assert (feed.version, feed.entries, feed.feed.updated) == (
        "atom10", [], "1970-01-01T00:00:00+00:00",
    )  # fmt: skip


@pytest.mark.parametrize("is_sentence", [True, False])
def test_what_was_removed_is_not_quoted(*, is_sentence: bool) -> None:
    text = ARTICLE.text if is_sentence else "Marta Holt"
    outcome = Outcome.of(told("Who?", answer(text)))
    redacted = without_removed(outcome, lambda article: article == "ferry")
    (entry,) = parsed(replace(entry_of(None, ARTICLE), after=redacted)).entries
    assert "The captain" not in entry.content[0].value
    assert "An article that was removed since." in entry.content[0].value
    assert ("Marta Holt" in entry.title) is not is_sentence
