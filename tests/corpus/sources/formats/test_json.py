import json

import pytest

from corpus.sources import SkippedRecord
from tests.corpus.sources.reading import (
    STORY,
    articles_in,
    only_article,
    only_skip,
    read_bytes,
    skips_in,
)

FLAT = {"headline": "Ferry sinks", "articleBody": STORY, "pubDate": "2024-03-05"}


@pytest.mark.parametrize(
    "record",
    [
        {"title": "Ferry sinks", "text": STORY, "published": "2024-03-05", "authors": ["Ana Ruiz"]},
        {
            "Headline": "Ferry sinks",
            "Body": STORY,
            "Date": "March 5, 2024",
            "Byline": "By Ana Ruiz",
        },
        FLAT | {"author": {"@type": "Person", "name": "Ana Ruiz"}},
        {"title": "Ferry sinks", "content": f"<p>{STORY}</p>", "publishedAt": 1709596800000}
        | {"author": "Ana Ruiz"},
        {"title": "Ferry sinks", "maintext": STORY, "date_publish": "20240305"}
        | {"authors": "['Ana Ruiz']"},
    ],
)
def test_common_names_of_fields_mean_the_same(record: dict[str, object]) -> None:
    article = only_article(json.dumps(record).encode())
    assert (article.title, article.text) == ("Ferry sinks", STORY)
    assert article.day is not None and article.day.isoformat() == "2024-03-05"
    assert article.authors == ("Ana Ruiz",)


def test_outlet_link_language_and_section() -> None:
    record = FLAT | {
        "source": {"id": None, "name": "Harbour Post"},
        "link": "https://harbourpost.example/ferry",
        "inLanguage": "en-GB",
        "articleSection": ["Region", "Sea"],
    }
    article = only_article(json.dumps(record).encode())
    assert article.source == "Harbour Post"
    assert article.url == "https://harbourpost.example/ferry"
    assert article.language == "en-GB" and article.section == "Region"
    assert article.text == STORY


def test_a_summary_that_says_more_stands_before_the_text() -> None:
    more = "The line will open on 6 May after two years of delays."
    assert only_article(json.dumps(FLAT | {"description": more}).encode()).text == (
        f"{more}\n\n{STORY}"
    )
    for known in ("Ferry news.", STORY[:44], STORY, "The ferry Sula sank off Norhavn […]"):
        assert only_article(json.dumps(FLAT | {"summary": known}).encode()).text == STORY


def test_articles_inside_the_answers_of_search_engines_and_apis() -> None:
    inner = {"hits": {"hits": [{"_id": "1", "_source": FLAT}]}}
    guardian = {"webTitle": "Ferry sinks", "webPublicationDate": "2024-03-05T08:00:00Z"}
    outer = {"response": {"results": [guardian | {"fields": {"bodyText": STORY}}]}}
    times = {"headline": {"main": "Ferry sinks"}, "lead_paragraph": STORY, "pub_date": "2024-03-05"}
    for document in (inner, outer, {"response": {"docs": [times]}}):
        article = only_article(json.dumps(document, indent=1).encode())
        assert (article.title, article.text) == ("Ferry sinks", STORY)
        assert article.published and article.published.startswith("2024-03-05")


def test_names_can_be_given() -> None:
    raw = json.dumps({"kop": "Ferry sinks", "tekst": STORY, "title": "no"}).encode()
    (found,) = articles_in(read_bytes(raw, naming={"title": "kop", "text": "tekst"}))
    assert (found.title, found.text) == ("Ferry sinks", STORY)


@pytest.mark.parametrize(
    "document",
    [
        [FLAT, FLAT],
        {"status": "ok", "totalResults": 2, "articles": [FLAT, FLAT]},
        {"response": {"pages": 1, "results": [FLAT, FLAT]}},
        {"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": [FLAT, FLAT]},
    ],
)
def test_documents_hold_lists_of_articles(document: object) -> None:
    for indent in (None, 2):
        records = read_bytes(json.dumps(document, indent=indent).encode())
        assert [article.text for article in articles_in(records)] == [STORY, STORY]


def test_a_document_can_be_one_article() -> None:
    assert only_article(json.dumps(FLAT, indent=1).encode()).title == "Ferry sinks"


def test_an_array_of_any_length_is_read_piece_by_piece() -> None:
    stories = [FLAT | {"id": f"a{i}", "tags": [{"t": 1}, {"t": 2}], "n": i} for i in range(3000)]
    raw = json.dumps(stories, ensure_ascii=False).encode()
    assert len(raw) > 512 * 1024
    found = articles_in(read_bytes(raw))
    assert [article.id for article in found] == [f"a{i}" for i in range(3000)]


def test_one_broken_element_costs_itself_only() -> None:
    parts = [json.dumps(FLAT | {"id": f"a{i}"}) for i in range(1000)]
    parts[498] = '{"id": "broken", "text": "no comma" "here"}'
    records = read_bytes(f"[{', '.join(parts)}]".encode())
    assert len(articles_in(records)) == 999
    (skip,) = skips_in(records)
    assert skip.line == 499 and "not a JSON value" in skip.reason


def test_an_array_that_breaks_off_yields_what_came_before() -> None:
    records = read_bytes(json.dumps([FLAT | {"id": f"a{i}"} for i in range(9)])[:-40].encode())
    assert len(articles_in(records)) == 8
    assert isinstance(records[-1], SkippedRecord) and records[-1].line == 9


@pytest.mark.parametrize(
    "raw", [b"[1, 2]", b"[{}]", b"[", b"[[[[", b'{"a": [1]}', b"{}", b'["text"]']
)
def test_json_that_holds_no_article_is_skipped(raw: bytes) -> None:
    records = read_bytes(raw, "a.json")
    assert records and not articles_in(records)


def test_text_in_another_encoding_is_read() -> None:
    record = json.dumps({"title": "Café", "text": "Œuvres “rares” à 5 €."}, ensure_ascii=False)
    for encoding in ("utf-8", "cp1252", "utf-16"):
        article = only_article(record.encode(encoding))
        assert (article.title, article.text) == ("Café", "Œuvres “rares” à 5 €.")
        listed = only_article(f"[{record}]".encode("cp1252" if encoding == "utf-16" else encoding))
        assert listed.text == article.text


def test_halves_of_surrogate_pairs_are_dropped() -> None:
    raw = b'{"text": "It \\ud800rained \\ud83d\\ude00.", "title": "\\udfff", "source": "\\ud800X"}'
    article = only_article(raw)
    assert (article.text, article.title, article.source) == ("It rained 😀.", "", "X")


def test_a_line_too_long_is_one_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.sources.formats.jsonl._MAX_LINE_BYTES", 1000)
    line = json.dumps(FLAT).encode()
    records = read_bytes(line + b"\n" + b'{"a": "' + b"x" * 5000 + b'"}\n' + line + b"\n")
    assert [type(record).__name__ for record in records] == [
        "ReadArticle",
        "SkippedRecord",
        "ReadArticle",
    ]
    assert records[-1].line == 3


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<p>One &amp; two.</p><p>Three.<br>Four.</p>", "One & two.\n\nThree.\n\nFour."),
        ("A &quot;lone&quot; reference&#8217;s end", 'A "lone" reference’s end'),
        ("x < y, the ship <SULA> and <i>", "x < y, the ship <SULA> and <i>"),
        ('<div class="a"><script>no()</script>Yes<style>no{}</style></div>', "Yes"),
        ('<a href="https://a.example">It</a> <b>rai</b>ned.', "It rained."),
    ],
)
def test_html_in_a_field_becomes_text(raw: str, text: str) -> None:
    assert only_article(json.dumps({"text": raw}).encode()).text == text


def test_no_text_is_named() -> None:
    assert "field 'text'" in only_skip(b'{"headline": "Rain"}').reason


def test_a_ghost_export_is_read_with_the_state_of_its_posts() -> None:
    post = {"title": "Ferry sinks", "html": f"<p>{STORY}</p>", "published_at": "2024-03-05"}
    posts = [
        post | {"id": "65e6f1a2b3c4d5e6f7a8b9c0", "status": "published", "type": "post"},
        post | {"id": "65e6f1a2b3c4d5e6f7a8b9c1", "status": "draft", "type": "post"},
        post | {"id": "65e6f1a2b3c4d5e6f7a8b9c2", "status": "published", "type": "page"},
    ]
    export = {"db": [{"meta": {"version": "5.0.0"}, "data": {"posts": posts, "tags": []}}]}
    records = read_bytes(json.dumps(export).encode())
    assert [article.id for article in articles_in(records)] == [posts[0]["id"]]
    assert [skip.kind for skip in skips_in(records)] == ["unpublished"] * 2


def test_a_feed_in_json_gives_its_name_to_what_names_no_outlet() -> None:
    items = [{"id": "7", "content_html": f"<p>{STORY}</p>"}, {"id": "8", "content_text": STORY}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Post", "language": "en-IE"}
    found = articles_in(read_bytes(json.dumps(feed | {"items": items}, indent=1).encode()))
    assert [(one.id, one.source, one.language) for one in found] == [
        ("Post/7", "Post", "en-IE"),
        ("Post/8", "Post", "en-IE"),
    ]


def test_wordpress_answers_have_two_clocks_and_a_state() -> None:
    post = {
        "id": 7,
        "date": "2024-03-06T00:40:00",
        "date_gmt": "2024-03-05T23:40:00",
        "guid": {"rendered": "https://a.example/?p=7"},
        "link": "https://a.example/ferry/",
        "status": "publish",
        "type": "post",
        "title": {"rendered": "Ferry &#8217;s end"},
        "content": {"rendered": f"<p>{STORY}</p>", "protected": False},
        "excerpt": {"rendered": f"<p>{STORY[:30]} [&hellip;]</p>", "protected": False},
    }
    article = only_article(json.dumps([post]).encode())
    assert (article.id, article.title, article.text) == ("a.example/7", "Ferry ’s end", STORY)
    assert article.published == "2024-03-06T00:40:00+01:00"
    assert "private" in only_skip(json.dumps([post | {"status": "private"}]).encode()).reason
