"""Pages of several articles, pages that are cut, and stories that come in other wrappings."""

import json

import pytest

from tests.corpus.sources.formats.test_html import SAID, STORY, page
from tests.corpus.sources.reading import articles_in, only_article, only_skip, read_bytes

BRIEFS = {
    "Ferry late": "The early ferry left two hours late on Monday because of fog over the harbour.",
    "Library opens": "The new library on Bridge Street opened on Tuesday with 40,000 books inside.",
    "Bear seen": "A brown bear was seen near the campsite at Upper Tarn on Wednesday night.",
}
BASE = '<link rel="canonical" href="https://hp.example/briefs">'


def briefs(head: str = "", more: str = "") -> bytes:
    parts = "".join(
        f'<article id="b{n}"><h2>{title}</h2><p>{text}</p></article>'
        for n, (title, text) in enumerate(BRIEFS.items())
    )
    return f"<html><head>{head}</head><body><main>{parts}{more}</main></body></html>".encode()


def test_briefs_side_by_side_are_articles_of_their_own() -> None:
    found = articles_in(read_bytes(briefs(BASE)))
    assert {article.title: article.text for article in found} == BRIEFS
    assert [article.id for article in found] == [
        f"https://hp.example/briefs#b{n}" for n in range(3)
    ]
    assert [article.url for article in found] == [article.id for article in found]
    placed = articles_in(read_bytes(briefs(), "briefs.html"))
    assert placed[1].id == "folder/briefs.html#b1" and placed[1].url is None


def test_briefs_that_link_to_their_stories_are_called_by_these() -> None:
    raw = briefs(BASE).replace(b"<h2>Bear seen</h2>", b'<h2><a href="/bear">Bear seen</a></h2>')
    assert articles_in(read_bytes(raw))[2].id == "https://hp.example/bear"


def test_a_story_with_others_beside_it_stays_one_article() -> None:
    for raw in (
        briefs('<meta property="og:type" content="article">', f"<p>{STORY}</p>"),
        briefs("", f"<article><h1>Ferry sinks</h1>{STORY}</article>"),
    ):
        (article,) = articles_in(read_bytes(raw))
        assert "witness number 11" in article.text


POSTS = [
    ("Port shut", "The port has been shut, says Olga Renn.", "2024-03-05T09:00:00Z"),
    ("Nine rescued", "Nine people have been rescued from the ferry.", "2024-03-05T11:30:00Z"),
    (
        "Captain held",
        "The captain has been arrested at the pier.",
        "2024-03-06T08:00:00Z",
    ),
]


def as_json_ld() -> bytes:
    updates = [
        {
            "@type": "BlogPosting",
            "headline": title,
            "articleBody": text,
            "datePublished": at,
            "url": f"https://hp.example/live#post-{n}",
        }
        for n, (title, text, at) in enumerate(POSTS)
    ]
    live = {
        "@type": "LiveBlogPosting",
        "headline": "Ferry: live",
        "liveBlogUpdate": updates,
        "datePublished": "2024-03-05T08:55:00Z",
        "publisher": {"name": "Harbour Post"},
    }
    return page(f'<script type="application/ld+json">{json.dumps(live)}</script>')


def as_elements() -> bytes:
    live = {"@type": "LiveBlogPosting", "headline": "Ferry: live"}
    parts = "".join(
        f'<div itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting" '
        f'id="post-{n}"><time datetime="{at}">{at[11:16]}</time><h3>{title}</h3><p>{text}</p></div>'
        for n, (title, text, at) in enumerate(POSTS)
    )
    return (
        f'<html><head><link rel="canonical" href="https://hp.example/live">'
        f'<meta property="og:site_name" content="Harbour Post">'
        f'<script type="application/ld+json">{json.dumps(live)}</script></head>'
        f"<body><h1>Ferry: live</h1>{parts}</body></html>"
    ).encode()


@pytest.mark.parametrize("raw", [as_json_ld(), as_elements()], ids=["JSON-LD", "elements"])
def test_a_live_blog_is_its_posts_each_with_its_time(raw: bytes) -> None:
    found = articles_in(read_bytes(raw))
    assert [(one.title, one.text) for one in found] == [post[:2] for post in POSTS]
    assert [one.published for one in found] == [at.replace("Z", "+00:00") for _, _, at in POSTS]
    assert [one.id for one in found] == [f"https://hp.example/live#post-{n}" for n in range(3)]
    assert {one.source for one in found} == {"Harbour Post"}


def test_a_post_without_a_time_is_not_dated_by_the_page() -> None:
    raw = as_json_ld().replace(b'"datePublished": "2024-03-06T08:00:00Z", ', b"")
    assert [one.published is None for one in articles_in(read_bytes(raw))] == [False, False, True]


PARAGRAPHS = [
    f"Paragraph {n} of the long report says that {what} will be closed by the end of the year."
    for n, what in enumerate(("the bank", "the school", "the quay", "the mill", "the pool"))
]


def paywalled(body: str, shown: int = 2, free: str = "False") -> bytes:
    linked = {"@type": "NewsArticle", "headline": "Bank to close", "articleBody": body}
    linked["isAccessibleForFree"] = free
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:shown])
    prompt = "<div><p>This article is for subscribers. Subscribe now for 1 euro a month.</p></div>"
    return page(f'<script type="application/ld+json">{json.dumps(linked)}</script>', text + prompt)


def test_the_story_of_a_page_that_is_cut_is_the_one_it_states() -> None:
    for body in ("\n\n".join(PARAGRAPHS), " ".join(PARAGRAPHS)):
        for free in ("False", "true"):
            assert only_article(paywalled(body, free=free)).text == body
    marked = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert only_article(paywalled(marked)).text == "\n\n".join(PARAGRAPHS)


def test_a_body_that_says_no_more_or_something_else_is_left() -> None:
    shown = "\n".join(PARAGRAPHS)
    assert only_article(paywalled(PARAGRAPHS[0], 5, "True")).text.endswith(shown)
    other = "It is a story about something else, which a template left in the page. " * 20
    text = only_article(paywalled(other)).text
    assert PARAGRAPHS[1] in text and "template" not in text


def test_a_page_that_is_an_article_without_a_story_is_its_headline() -> None:
    linked = {"@type": "NewsArticle", "headline": "Mayor Tove Lark dies at 71"}
    head = '<script type="application/ld+json">{}</script>'
    bare = f"<html><head>{head.format(json.dumps(linked))}</head><body></body></html>"
    assert only_article(bare.encode()).text == "Mayor Tove Lark dies at 71"
    told = linked | {"description": "Mayor Tove Lark, who opened the harbour, has died."}
    bare = f"<html><head>{head.format(json.dumps(told))}</head><body></body></html>"
    assert only_article(bare.encode()).text == told["description"]


def test_a_page_that_asks_not_to_be_indexed_is_skipped() -> None:
    skip = only_skip(page('<meta name="robots" content="noindex,follow">', SAID.format(1) * 9))
    assert "noindex" in skip.reason and skip.kind == "unpublished"


def test_saved_pages_that_call_the_front_page_their_address_stay_apart() -> None:
    raw = page('<link rel="canonical" href="https://hp.example/">')
    assert only_article(raw, "one.html").id == "folder/one.html"
    assert only_article(raw, "two.html").id == "folder/two.html"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<![CDATA[The bridge reopened.]]>", "The bridge reopened."),
        ("&lt;p&gt;It rained.&lt;/p&gt;", "It rained."),
        ("&amp;lt;p&amp;gt;Aalto&amp;#8217;s &amp;amp; I.&amp;lt;/p&amp;gt;", "Aalto’s & I."),
        ("<p>One &amp;amp; two &amp;#8217;s.</p>", "One & two ’s."),
        ("&lt;![CDATA[It rained.]]&gt;", "It rained."),
        ("The tag &lt;SULA&gt; and 3 &lt; 4", "The tag &lt;SULA&gt; and 3 &lt; 4"),
    ],
)  # fmt: skip
def test_what_was_escaped_twice_is_undone(raw: str, text: str) -> None:
    assert only_article(json.dumps({"text": raw}).encode()).text == text


def test_stubs_of_news_apis_are_skipped_and_cut_ends_are_marked() -> None:
    stub = {"title": "[Removed]", "description": "[Removed]", "content": "[Removed]"}
    stub |= {"url": "https://removed.com", "publishedAt": "1970-01-01T00:00:00Z"}
    assert "stub" in only_skip(json.dumps(stub).encode()).reason
    cut = {"title": "Tram", "content": "The line has 14 stops and will carr… [+2314 chars]"}
    assert only_article(json.dumps(cut).encode()).text == "The line has 14 stops and will …"
    paid = {"title": "Tram line 4 opens in May", "content": "ONLY AVAILABLE IN PAID PLANS"}
    assert only_article(json.dumps(paid).encode()).text == "Tram line 4 opens in May"


def test_a_headline_alone_is_an_article_when_it_says_something() -> None:
    headline = {"title": "MAYOR TOVE LARK DIES AT 71", "content": "", "description": None}
    article = only_article(json.dumps(headline).encode())
    assert article.text == article.title == headline["title"]
    assert "'text'" in only_skip(json.dumps({"title": "No body yet"}).encode()).reason
    chinese = {"title": "市长托芙·拉克昨晚去世终年七十一岁"}
    assert only_article(json.dumps(chinese).encode()).text == chinese["title"]
