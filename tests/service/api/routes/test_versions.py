"""Permalinks open what they quote for as long as it is kept, and say what stands there now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from corpus.article import Article
from corpus.corrections.notice import Correction
from index.search.history import ArticleHistory, Hold, KeptVersion
from service.api.app import create_app
from service.links import permalink
from service.settings import Settings
from tests.service.api.fakes import ARTICLES, FakeAnswerer, FakeArchive, FakeSnapshot

Client = TestClient[Litestar]

OLD = Article(
    "https://example.org/2024/ferry",
    "Ferry sinks",
    "The ferry Sula sank. Eleven people died. It was cold.",
    published="2024-03-05",
)
NOTICE = Correction("correction", "The toll was nine, not 11.", "2024-03-08")
NEW = replace(
    OLD,
    title="Ferry sinks, nine die",
    text="The ferry Sula sank. Nine people <b>died</b>. The captain was rescued.",
    corrections=(NOTICE,),
)
PATH = "/articles/https%3A%2F%2Fexample.org%2F2024%2Fferry"
START = OLD.text.index("Eleven")
END = OLD.text.index(" It was")
KEPT = KeptVersion(OLD, date(2024, 3, 8))


class ChangedSnapshot(FakeSnapshot):
    """Has an article that was changed once."""

    changed = NEW
    histories = {NEW.id: ArticleHistory((KEPT,)), "gone": ArticleHistory(removed=date(2024, 5, 2))}

    def article(self, article_id: str) -> Article | None:
        return {**ARTICLES, NEW.id: self.changed}.get(article_id)


class ChangedArchive(FakeArchive):
    """Has nothing but a snapshot."""

    def __init__(self) -> None:
        self.snapshot = ChangedSnapshot()

    def current(self) -> ChangedSnapshot:
        return self.snapshot


@pytest.fixture
def archive() -> ChangedArchive:
    return ChangedArchive()


@pytest.fixture
def client(archive: ChangedArchive) -> Iterator[Client]:
    app = create_app(answerer=FakeAnswerer(), archive=archive, settings=Settings())
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def test_a_permalink_opens_the_version_it_quotes_and_says_what_stands_there_now(
    client: Client,
) -> None:
    page = client.get(permalink(OLD.id, START, END, OLD.version)).text
    assert '<mark id="quote" tabindex="-1" autofocus>Eleven people died.</mark>' in page
    assert "The article was changed on 8 Mar 2024. In place of the quote it now says: " in page
    assert "<q><em>Nine people &lt;b&gt;died&lt;/b&gt;.</em></q>" in page
    assert f'href="{PATH}?compare={OLD.version}"' in page


def test_what_is_quoted_may_be_unchanged_or_gone(client: Client) -> None:
    first = client.get(permalink(OLD.id, 0, 20, OLD.version)).text
    assert "but not in what is quoted here" in first
    archive = ChangedArchive()
    archive.snapshot.changed = replace(NEW, text="The ferry Sula sank. It was cold.")
    app = create_app(answerer=FakeAnswerer(), archive=archive, settings=Settings())
    with TestClient(app) as opened:
        page = opened.get(permalink(OLD.id, START, END, OLD.version)).text
    assert "what is quoted here is no longer in it" in page


def test_the_current_version_has_its_corrections_and_leads_to_the_earlier_ones(
    client: Client,
) -> None:
    page = client.get(permalink(NEW.id, 0, 20, NEW.version)).text
    assert "banner" not in page.replace("banner,", "")
    assert "<strong>Correction, 8 Mar 2024: </strong>" in page
    assert "1 earlier version" in page and f"?v={OLD.version}" in page


@pytest.mark.parametrize(("q", "gone"), [("0-20", False), ("0-9999", True)])
def test_a_link_without_a_version_says_that_it_may_be_older(
    client: Client, q: str, gone: bool
) -> None:
    response = client.get(f"{PATH}?q={q}")
    assert response.status_code == 200
    assert "This link may be older than that: it names no version." in response.text
    assert ("no longer there" in response.text) is gone
    assert ('id="quote"' in response.text) is not gone


def test_a_version_that_is_no_longer_kept_is_said_to_be(client: Client) -> None:
    page = client.get(permalink(OLD.id, 0, 9999, "0123456789ab")).text
    assert "The version that this link quotes is no longer kept." in page
    assert 'id="quote"' not in page and "captain was rescued" in page
    assert client.get(f"{PATH}?compare=0123456789ab").status_code == 404
    assert client.get(f"/v1{PATH}?v=0123456789ab").status_code == 404
    # An article that never changed, asked for by a version of another archive.
    assert "no longer kept" in client.get("/articles/ferry?q=0-5&v=0123456789ab").text


def test_a_removed_article_is_said_to_be_without_a_word_of_it(client: Client) -> None:
    response = client.get("/articles/gone?q=0-5")
    assert response.status_code == 404
    assert "This article was removed from the archive on 2 May 2024." in response.text
    assert client.get("/v1/articles/gone").json()["detail"].startswith("This article was removed")


def test_held_and_retracted_articles_say_so(client: Client, archive: ChangedArchive) -> None:
    hold = Hold(NEW.id, "A secret reason.", "Ada", "2024-03-09T08:00:00+00:00")
    archive.snapshot.histories = {NEW.id: ArticleHistory((KEPT,), hold)}
    archive.snapshot.changed = replace(NEW, corrections=(Correction("retraction", "Taken back."),))
    page = client.get(PATH).text
    assert "On hold since 9 Mar 2024: no answer is made of this article." in page
    assert "Retracted by its publisher" in page and "Taken back." in page
    assert "secret" not in page and "Ada" not in page
    assert client.get(f"/v1{PATH}").json()["retracted"] is True


def test_versions_are_listed_and_read(client: Client) -> None:
    listed = client.get(f"/v1{PATH}/versions").json()
    assert [one["version"] for one in listed["versions"]] == [NEW.version, OLD.version]
    assert [one["until"] for one in listed["versions"]] == [None, "2024-03-08"]
    assert listed["held_at"] is None
    old = listed["versions"][1]
    assert client.get(old["permalink"]).status_code == 200
    assert client.get(old["comparison"]).status_code == 200
    assert client.get(f"/v1{PATH}?v={OLD.version}").json()["text"] == OLD.text
    now = client.get(f"/v1{PATH}?v={NEW.version}").json()
    assert (now["text"], now["corrections"]) == (
        NEW.text,
        [{"kind": "correction", "text": NOTICE.text, "day": "2024-03-08"}],
    )
    assert client.get("/v1/articles/nope/versions").status_code == 404


def test_two_versions_are_shown_with_what_was_changed_marked(client: Client) -> None:
    page = client.get(f"{PATH}?compare={OLD.version}").text
    assert '<del dir="auto">Ferry sinks</del><ins dir="auto">Ferry sinks, nine die</ins>' in page
    assert '<del dir="auto">Eleven people died. It was cold.</del>' in page
    assert "Nine people &lt;b&gt;died&lt;/b&gt;. The captain was rescued.</ins>" in page
    assert '<p class="same" dir="auto">The ferry Sula sank.</p>' in page
    assert "Until 8 Mar 2024" in page and "1 change" in page
    same = client.get(f"{PATH}?compare={OLD.version}&v={OLD.version}").text
    assert "No sentence was changed" in same
