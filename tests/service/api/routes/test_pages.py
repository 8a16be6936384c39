"""The page to ask on, as the server alone makes it."""

import json
import re
from html import unescape

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from corpus.article import Article
from service.api.guards.limits import OverloadedError
from tests.service.api.fakes import FakeAnswerer, FakeArchive, FakeSnapshot

Client = TestClient[Litestar]
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_a_question_in_the_address_is_answered_on_the_page(
    client: Client, answerer: FakeAnswerer
) -> None:
    address = "/?q=How+many+were+rescued%3F&source=Harbour+Post&from=2024-01-01&as_of=2024-04-01"
    page = client.get(address).text
    assert '<p class="answer" dir="auto">Nine</p>' in page
    assert "/articles/ferry?q=44-69" in page
    asked = answerer.asked[-1]
    assert asked.text == "How many were rescued?" and asked.filters.sources == ("Harbour Post",)
    assert (str(asked.filters.published_from), str(asked.as_of)) == ("2024-01-01", "2024-04-01")
    assert "<title>How many were rescued? · Dateline</title>" in page


def test_the_outcome_comes_along_for_scripts(client: Client) -> None:
    page = client.get("/?q=How+many+were+rescued%3F").text
    found = re.search(r'data-outcome="([^"]*)"', page)
    assert found
    told = json.loads(unescape(found[1]))
    asked = client.post("/v1/ask", json={"question": "How many were rescued?"}).json()
    assert told["id"] == asked["id"] and told["answer"] == asked["answer"]


def test_a_refusal_says_why_and_how_to_ask_without_a_filter(client: Client) -> None:
    page = unescape(client.get("/?q=And+nothing+else%3F&source=Harbour+Post").text)
    assert "No answer found" in page and "The archive does not say." in page
    assert "Ask without “Outlet: Harbour Post”" in page and 'href="/?q=And+nothing' in page
    assert "Closest passages" in page


def test_a_bare_name_leads_to_the_list_of_articles(client: Client) -> None:
    page = client.get("/?q=nothing+Norhavn").text
    assert "Articles on “nothing Norhavn”" in page
    assert "/articles?q=nothing+Norhavn" in page


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("from=2024-02-02&to=2024-02-01", "“Until” (1 Feb 2024) is before “From” (2 Feb 2024)"),
        ("as_of=soon", "“As of” must be a day"),
    ],
)
def test_days_that_cannot_be_are_told_in_the_form(
    client: Client, answerer: FakeAnswerer, days: str, told: str
) -> None:
    response = client.get(f"/?q=How+many%3F&{days}")
    assert response.status_code == 400 and told in response.text
    assert ">How many?</textarea>" in response.text and not answerer.asked


def test_a_failure_is_told_on_the_page(client: Client, answerer: FakeAnswerer) -> None:
    answerer.fails = OverloadedError("Too many questions at once.", 7)
    response = client.get("/?q=How+many%3F")
    assert (response.status_code, response.headers["retry-after"]) == (503, "7")
    assert "Too many questions at once." in response.text and "data-failed" in response.text


def test_a_question_that_is_too_long_is_told_on_the_page(client: Client) -> None:
    response = client.get("/", params={"q": "x" * 1001})
    assert response.status_code == 400 and "1000 are allowed" in response.text


def test_markup_in_an_address_and_an_article_stays_text(client: Client) -> None:
    for evil in ("evil <img src=x onerror=hit()>", '"><script>hit()</script> evil'):
        page = client.get("/", params={"q": evil, "source": evil, "from": evil}).text
        assert "<img" not in page and "<script>hit" not in page
        page = client.get("/", params={"q": evil}).text
        assert "<img" not in page and "<script>hit" not in page and 'href="javascript' not in page


def test_an_archive_that_cannot_be_used_is_told_with_the_command(
    client: Client, archive: FakeArchive
) -> None:
    archive.broken = True
    response = client.get("/")
    assert response.status_code == 503
    assert "dateline build SOURCE --index DIR" in response.text and "<form" not in response.text


@pytest.mark.parametrize("path", ["/nope", "/v1/nope", "/v1/articles/nope", "/static/nope.js"])
def test_an_unknown_address_is_a_page_for_a_browser_and_json_for_programs(
    client: Client, path: str
) -> None:
    page = client.get(path, headers=HTML)
    assert page.status_code == 404 and page.headers["content-type"].startswith("text/html")
    assert 'href="/articles"' in page.text
    for accept in ("*/*", "application/json"):
        told = client.get(path, headers={"Accept": accept})
        assert told.status_code == 404
        assert told.headers["content-type"] == "application/problem+json"


def test_questions_to_begin_with_come_when_they_were_checked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Article("post", "P", "Ana Nine, the head of Pell School, left. Nine said so.")
    monkeypatch.setattr(FakeSnapshot, "newest_articles", (post,))
    # The fake answers from another article, so nothing is suggested.
    assert "data-unchecked" in client.get("/").text
    assert client.get("/v1/archive/questions").json() == {"questions": []}
    assert "data-unchecked" not in client.get("/").text


def test_follow_ups_are_returned_and_refused_by_field(client: Client) -> None:
    response = client.post("/v1/followups", json={"article_ids": ["ferry", "gone"]})
    assert response.json() == {"questions": []}
    wrong = client.post("/v1/followups", json={"article_ids": []})
    assert wrong.status_code == 400 and wrong.json()["errors"][0]["field"] == "article_ids"
