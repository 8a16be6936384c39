"""The list of articles over HTTP, and its page."""

import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient

Client = TestClient[Litestar]
HTML = {"Accept": "text/html,*/*;q=0.8"}


def test_articles_are_listed_with_counts(client: Client) -> None:
    body = client.get("/v1/articles").json()
    assert [one["id"] for one in body["articles"]] == ["ferry", "evil"]
    assert (body["n_total"], body["next"], body["snapshot"]) == (2, None, 7)
    assert body["facets"]["months"] == [
        {"value": "2024-03", "n": 1},
        {"value": "unknown", "n": 1},
    ]
    ferry = body["articles"][0]
    assert ferry["permalink"] == "/articles/ferry" and ferry["marks"] == []


def test_words_are_marked_and_the_permalink_opens_there(client: Client) -> None:
    (found,) = client.get("/v1/articles", params={"q": "rescued"}).json()["articles"]
    marked = [found["excerpt"][start:end] for start, end in found["marks"]]
    assert marked == ["rescued"]
    assert re.fullmatch(r"/articles/ferry\?q=\d+-\d+", found["permalink"])
    assert client.get(found["permalink"]).status_code == 200


def test_pages_follow_by_cursor(client: Client) -> None:
    first = client.get("/v1/articles?limit=1").json()
    second = client.get("/v1/articles", params={"limit": 1, "cursor": first["next"]}).json()
    assert [one["id"] for one in second["articles"]] == ["evil"] and second["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("month=2024-13", "month"),
        ("month=March", "month"),
        ("cursor=x", "cursor"),
        ("q=%00", "q"),
        (f"q={'x' * 1001}", "q"),
        (f"language={'x' * 301}", "language"),
        ("&".join(["source=x"] * 101), "source"),
    ],
)
def test_a_wrong_parameter_is_named(client: Client, query: str, field: str) -> None:
    response = client.get(f"/v1/articles?{query}")
    assert response.status_code == 400
    assert [one["field"] for one in response.json()["errors"]] == [field]


def test_the_page_lists_articles_and_links_to_narrower_lists(client: Client) -> None:
    page = client.get("/articles?q=the", headers=HTML).text
    assert "Ferry sinks off Norhavn" in page and "5 Mar 2024" in page
    assert "/articles?q=the&amp;month=2024-03" in page
    assert "/articles?q=the&amp;source=Harbour+Post" in page
    narrowed = client.get("/articles?q=the&month=2024-03", headers=HTML).text
    assert "Mar 2024: remove this filter" in narrowed and 'href="/articles?q=the"' in narrowed


def test_the_page_says_when_nothing_fits(client: Client) -> None:
    assert "No article fits." in client.get("/articles?q=zebra").text


def test_markup_in_articles_and_words_stays_text(client: Client) -> None:
    page = client.get("/articles", params={"q": "<img src=x>", "source": "<b>"}).text
    assert "<img" not in page and "<b>" not in page
    page = client.get("/articles").text
    assert "&lt;script&gt;" in page and "<script>document" not in page


def test_a_wrong_parameter_of_the_page_is_told_on_a_page(client: Client) -> None:
    response = client.get("/articles?month=soon")
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html") and "month" in response.text
