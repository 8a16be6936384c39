import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from corpus.article import Article
from service.web.pages import article_page
from tests.service.api.fakes import EVIL, FERRY, FakeArchive

Client = TestClient[Litestar]


def test_an_article_is_returned_whole(client: Client) -> None:
    body = client.get("/v1/articles/ferry").json()
    assert body["text"] == FERRY.text
    assert body["authors"] == ["Ada Lind"]


def test_the_archive_is_described(client: Client) -> None:
    body = client.get("/v1/archive").json()
    assert body["sources"] == ["Harbour Post"]
    assert (body["snapshot"], body["n_articles"], body["n_embedded"]) == (7, 2, 1)


@pytest.mark.parametrize("path", ["/v1/articles/nope", "/nope", "/static/x.js"])
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_a_browser_gets_a_page_when_something_is_wrong(client: Client) -> None:
    response = client.get("/articles/%3Cb%3E", headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "&lt;b&gt;" in response.text and "<b>" not in response.text


@pytest.mark.parametrize("q", ["", "x", "5", "-1-5", "9-9", "9-5", "0-99999", "0-1&q=2-3x", "٣-٥"])
def test_a_wrong_quote_is_named(client: Client, q: str) -> None:
    response = client.get(f"/articles/ferry?q={q}")
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")
    assert "q: " in response.text


def test_markup_in_an_article_stays_text(client: Client) -> None:
    page = client.get("/articles/evil?q=8-53").text
    assert "<script>document" not in page and "<img" not in page and "<b>" not in page
    assert page.count("</mark>") == 1
    assert "javascript:" not in page


def test_the_original_is_linked(client: Client) -> None:
    assert 'href="https://example.org/ferry"' in client.get("/articles/ferry").text


@given(st.text(), st.text(), st.text(min_size=1), st.text())
def test_any_article_becomes_a_page_with_only_our_markup(
    title: str, before: str, quote: str, after: str
) -> None:
    article = Article("x", title, before + quote + after, source="S" + title, language=after)
    bounds = (len(before), len(before) + len(quote))
    empty = article_page(Article("x", "T", "t", source="S"), 0, 1)
    page = article_page(article, *bounds)
    assert page.count("<") == empty.count("<")
    assert page.count('"') == empty.count('"')
    page.encode(errors="replace")


def test_readiness_says_why_not(client: Client, archive: FakeArchive) -> None:
    assert client.get("/health/ready").json() == {
        "status": "ready",
        "snapshot": 7,
        "problem": None,
        "warnings": [],
    }
    archive.broken = True
    assert client.get("/health/live").status_code == 200
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "dateline build" in response.json()["detail"]


def test_search_returns_passages(client: Client) -> None:
    response = client.post("/v1/search", json={"query": " ferry ", "k": 1})
    assert response.status_code == 200
    body = response.json()
    assert body["snapshot"] == 7
    (hit,) = body["hits"]
    assert hit["text"] == FERRY.text[hit["start"] : hit["end"]]
    assert client.post("/v1/search", json={"query": "ferry", "k": 0}).status_code == 400
    assert len(client.post("/v1/search", json={"query": "ferry"}).json()["hits"]) == 2
    assert EVIL.id == client.post("/v1/search", json={"query": "x"}).json()["hits"][1]["article_id"]
