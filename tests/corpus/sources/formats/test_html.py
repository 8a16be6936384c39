import json

import pytest

from corpus.article import Article
from tests.corpus.sources.reading import only_article, only_skip

SAID = "<p>The ferry Sula sank on Tuesday, and witness number {} said that it was fast.</p>"
STORY = "".join(map(SAID.format, range(12)))
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Site", "url": "https://harbourpost.example/"},
        {
            "@type": ["NewsArticle"],
            "headline": "Ferry sinks off Norhavn",
            "datePublished": "2024-03-05T08:30:00+01:00",
            "dateModified": "2024-03-09T08:30:00+01:00",
            "author": [{"@type": "Person", "name": "Ana Ruiz"}, {"name": "Dov Pruett"}],
            "publisher": {"@type": "Organization", "name": "Harbour Post"},
            "inLanguage": "en-GB",
            "articleSection": ["Region"],
            "mainEntityOfPage": {"@id": "https://harbourpost.example/ferry"},
        },
    ],
}


def page(head: str, body: str = STORY, lang: str = ' lang="en"') -> bytes:
    nav = "<nav><a href='/'>Home</a> <a href='/sea'>Sea</a></nav>"
    return (
        f"<!doctype html><html{lang}><head><meta charset=utf-8>{head}</head><body>{nav}<article>"
        f"<h1>Ferry sinks</h1>{body}</article><footer>Copyright 2019 Post</footer></body></html>"
    ).encode()


def facts(article: Article) -> tuple[object, ...]:
    return (article.title, article.published, article.authors, article.source, article.language)


def test_json_ld_says_the_facts() -> None:
    head = f'<title>x</title><script type="application/ld+json">{json.dumps(LINKED)}</script>'
    article = only_article(page(head + '<meta property="og:title" content="Other">'))
    assert facts(article) == (
        "Ferry sinks off Norhavn",
        "2024-03-05T08:30:00+01:00",
        ("Ana Ruiz", "Dov Pruett"),
        "Harbour Post",
        "en-GB",
    )
    assert article.url == "https://harbourpost.example/ferry" and article.section == "Region"
    assert "witness number 11" in article.text and "Home" not in article.text


def test_open_graph_says_them_where_there_is_no_json_ld() -> None:
    article = only_article(
        page(
            '<meta property="og:title" content="Ferry sinks off Norhavn | Harbour Post">'
            '<meta property="article:published_time" content="2024-03-05T08:30:00+01:00">'
            '<meta name="author" content="Ana Ruiz and Dov Pruett">'
            '<meta property="og:site_name" content="Harbour Post">'
            '<link rel="canonical" href="https://harbourpost.example/ferry">',
            lang=' lang="en-GB"',
        )
    )
    assert facts(article)[:4] == (
        "Ferry sinks off Norhavn",
        "2024-03-05T08:30:00+01:00",
        ("Ana Ruiz", "Dov Pruett"),
        "Harbour Post",
    )
    assert article.url == "https://harbourpost.example/ferry" and article.language == "en-GB"


def test_a_page_that_says_nothing_still_has_title_and_text() -> None:
    article = only_article(page("", lang=""))
    assert article.title == "Ferry sinks" and article.language == "en", "told by its words"
    assert article.text.startswith("The ferry Sula"), "the headline is no part of the story"
    assert article.published is None, "the year in the footer is no date of the story"


def test_a_site_knows_its_own_name_best() -> None:
    linked = {
        "@type": "NewsArticle",
        "headline": "Ferry &#8216;Sula&#8217; sinks | HarbourPost",
        "publisher": {"name": "An Agency"},
    }
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>'
    for name in ("Harbour Post", "Harbour Post | News from the sea"):
        article = only_article(page(f'{script}<meta property="og:site_name" content="{name}">'))
        assert (article.title, article.source) == ("Ferry ‘Sula’ sinks", "Harbour Post")
    head = f'{script}<meta property="og:site_name" content="https://harbourpost.example">'
    assert only_article(page(head)).source == "An Agency"


def test_a_title_keeps_what_is_not_the_name_of_the_site() -> None:
    head = '<meta property="og:title" content="Sula - a ferry">'
    head += '<meta property="og:site_name" content="Post">'
    assert only_article(page(head)).title == "Sula - a ferry"


def test_comments_and_other_stories_are_no_part_of_a_story() -> None:
    comments = "".join(f"<p>I never liked that ferry, says reader {n}.</p>" for n in range(9))
    more = "".join(f"<li><a href=/{n}>Story {n} of today</a></li>" for n in range(9))
    body = f"{STORY}<div class=comments>{comments}</div><ul>{more}</ul>"
    text = only_article(page("", body)).text
    assert "witness number 11" in text and "reader 3" not in text and "Story 3" not in text


@pytest.mark.parametrize("linked", ["{", "[" * 100_000, '{"@type": 7, "headline": []}', "null"])
def test_broken_json_ld_is_passed_over(linked: str) -> None:
    head = f'<script type="application/ld+json">{linked}</script>'
    assert only_article(page(head)).title == "Ferry sinks"


def test_a_date_of_its_own_kind_does_not_cost_the_story() -> None:
    article = only_article(page('<meta name="date" content="a Tuesday in spring">'))
    assert article.published is None and "witness" in article.text


def test_the_declared_charset_is_trusted_then_utf_8_then_western() -> None:
    for charset, said, encoding in (
        ("windows-1251", "Дождь", "cp1251"),
        ("gb2312", "大雨 镕", "gbk"),
        ("shift_jis", "雨が降った①", "cp932"),
        ("utf-8", "Café “now”", "cp1252"),
        ("iso-8859-1", "Café “now”", "cp1252"),
        ("iso-8859-1", "Café “now”", "utf-8"),
        ("no-such-thing", "Café “now”", "utf-8"),
    ):
        raw = page("", f"<p>{said} was what the witness had called out loud.</p>{STORY}").decode()
        raw = raw.replace("charset=utf-8", f"charset={charset}")
        assert said in only_article(raw.encode(encoding)).text, (charset, encoding)


def test_pages_without_a_story_are_skipped() -> None:
    assert "no story" in only_skip(b"<html><head></head><body></body></html>").reason
    assert "more than" in only_skip(b"<html><body>" + b"<p><b>" * 30_000).reason
