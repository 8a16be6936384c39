import pytest

from tests.corpus.sources.reading import STORY, articles_in, only_article, read_bytes, skips_in

RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour Post</title><language>en-gb</language><link>https://a.example/</link>
<item><title>Ferry &amp; crew sink</title><link>https://a.example/1</link>
<dc:creator>Ana Ruiz</dc:creator><category>Sea</category>
<pubDate>Tue, 05 Mar 2024 08:30:00 -0500</pubDate>
<description>A summary.</description>
<content:encoded><![CDATA[<p>{STORY}</p><script>track()</script>]]></content:encoded></item>
<item><title>Rain</title><link>https://a.example/2</link>
<description>&lt;p&gt;It rained&amp;nbsp;caf\u00e9.&lt;/p&gt;</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb"><title>Harbour Post</title>
<entry><title>Ferry &amp; crew sink</title><link href="https://a.example/1"/>
<id>tag:a.example,2024:1</id><published>2024-03-05T08:30:00-05:00</published>
<updated>2024-03-06T08:30:00Z</updated><author><name>Ana Ruiz</name></author>
<category term="Sea"/><summary>A summary.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{STORY}</p></div></content>
</entry></feed>"""


@pytest.mark.parametrize("raw", [RSS, ATOM])
def test_an_item_is_an_article(raw: str) -> None:
    article = articles_in(read_bytes(raw.encode()))[0]
    assert (article.title, article.text) == ("Ferry & crew sink", STORY)
    assert article.published == "2024-03-05T08:30:00-05:00"
    assert article.authors == ("Ana Ruiz",) and article.source == "Harbour Post"
    assert article.url == "https://a.example/1" and article.section == "Sea"
    assert article.language is not None and article.language.lower() == "en-gb"


def test_a_summary_is_the_text_where_there_is_no_other() -> None:
    second = articles_in(read_bytes(RSS.encode()))[1]
    assert (second.title, second.text, second.published) == ("Rain", "It rained café.", None)


def test_the_declared_encoding_is_trusted() -> None:
    raw = RSS.replace('encoding="utf-8"', 'encoding="windows-1251"').replace("Rain", "Дождь")
    assert articles_in(read_bytes(raw.replace("é", "").encode("cp1251")))[1].title == "Дождь"


def test_a_feed_that_breaks_off_yields_what_came_before() -> None:
    records = read_bytes(RSS[: RSS.index("<item><title>Rain") + 30].encode())
    assert articles_in(records)[0].text == STORY
    assert "not well-formed" in skips_in(records)[-1].reason


def test_one_bad_item_is_skipped() -> None:
    bad = "<item><title>Nothing</title></item></channel>"
    records = read_bytes(RSS.replace("</channel>", bad).encode())
    assert len(articles_in(records)) == 2
    assert skips_in(records)[0].line == 3 and "'text'" in skips_in(records)[0].reason


def test_what_is_often_wrong_in_feeds_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = RSS.replace("A summary.", "Rain &nosuch; & snow&nbsp;fell\x0b.").replace("A&", "A &")
    found = articles_in(read_bytes(raw.encode()))
    assert len(found) == 2 and not skips_in(read_bytes(raw.encode()))
    monkeypatch.setattr("corpus.sources.formats.feed._MAX_LOOSE_CHARS", 1000)
    long = RSS.replace(
        "</channel>", "<b>open" + "<item><title>x</title></item>" * 90 + "</channel>"
    )
    records = read_bytes(long.encode())
    assert [article.title for article in articles_in(records)] == ["Ferry & crew sink", "Rain"]
    assert articles_in(records)[0].text == STORY and len(skips_in(records)) == 90


def test_old_rss_is_read() -> None:
    raw = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><channel><title>Post</title></channel>'
        f"<item><title>T</title><description>{STORY}</description></item></rdf:RDF>"
    )
    assert only_article(raw.encode()).source == "Post"


BULLETINS = ["The water main burst.", "Schools are shut.", "The airport reopened."]


@pytest.mark.parametrize("named", ["<guid>{n}</guid>", "", "<guid>https://a.example/</guid>"])
def test_items_that_share_a_link_stay_apart(named: str) -> None:
    items = "".join(
        f"<item><title>Item {n}</title><link>https://a.example/bulletins</link>"
        f"{named.format(n=n)}<description>{text}</description></item>"
        for n, text in enumerate(BULLETINS)
    )
    raw = f"<rss><channel><title>Post</title>{items}</channel></rss>".encode()
    found = articles_in(read_bytes(raw))
    assert [article.text for article in found] == BULLETINS
    ids = [article.id for article in found]
    assert len(set(ids)) == 3 and ids == [one.id for one in articles_in(read_bytes(raw))]


def test_an_item_is_called_by_its_guid_then_its_link() -> None:
    raw = RSS.replace(
        "<link>https://a.example/1</link>", "<link>https://a.example/1?utm_id=7</link>"
    )
    assert articles_in(read_bytes(raw.encode()))[0].id == "https://a.example/1"
    guid = RSS.replace("<title>Rain</title>", "<title>Rain</title><guid>b-2</guid>")
    assert articles_in(read_bytes(guid.encode()))[1].id == "Harbour Post/b-2"


def test_a_blogger_export_holds_more_than_posts() -> None:
    kind = '<category scheme="http://schemas.google.com/g/2005#kind" term="{}"/>'
    entries = "".join(
        f"<entry><id>tag:blogger.com,1999:{n}</id><title>T{n}</title><content>{STORY}</content>"
        + kind.format(f"http://schemas.google.com/blogger/2008/kind#{name}")
        + ("<app:control><app:draft>yes</app:draft></app:control>" if n == 4 else "")
        + "</entry>"
        for n, name in enumerate(["post", "comment", "template", "page", "post"])
    )
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://purl.org/atom/app#">'
    records = read_bytes(f"{head}<title>Post</title>{entries}</feed>".encode())
    assert [article.title for article in articles_in(records)] == ["T0"]
    assert {skip.kind for skip in skips_in(records)} == {"unpublished"}
