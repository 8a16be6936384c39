import pytest

from corpus.article import Article
from tests.corpus.sources.reading import (
    STORY,
    articles_in,
    only_article,
    only_skip,
    read_bytes,
    skips_in,
)

NITF = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/nitf-3-4.dtd">
<nitf xml:lang="en"><head><title>Old title</title>
<docdata><doc-id id-string="post-1"/><date.issue norm="20240305T083000Z"/></docdata>
<pubdata name="Harbour Post" date.publication="20240305T000000" position.section="Region"
         ex-ref="https://harbourpost.example/ferry"/></head>
<body><body.head><hedline><hl1>Ferry&nbsp;sinks</hl1><hl2>Nine saved</hl2></hedline>
<byline>By <person>Ana Ruiz</person> and <person>Dov Pruett</person></byline>
<dateline>NORHAVN, March 5</dateline></body.head>
<body.content><block><p>{STORY}</p><media><media-caption>A ferry.</media-caption></media>
<p>The <em>captain</em>
 said so.</p></block></body.content></body></nitf>"""
ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"
 guid="urn:newsml:wire.example:{number}" version="2" standard="NewsML-G2"
 standardversion="2.33" xml:lang="en-GB">
<itemMeta><itemClass qcode="ninat:text"/><provider literal="Meridian Wire"/>
<versionCreated>2024-03-06T10:00:00Z</versionCreated>
<firstCreated>2024-03-05T08:30:00+01:00</firstCreated>
<pubStatus qcode="stat:{status}"/><link rel="irel:seeAlso" href="https://wire.example/1"/></itemMeta>
<contentMeta><headline>Ferry sinks</headline><by>By Ana Ruiz and Dov Pruett</by>
<language tag="en"/></contentMeta><contentSet>{content}</contentSet></newsItem>"""
XHTML = (
    '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">'
    f"<head><title>no</title></head><body><p>{STORY}</p></body></html></inlineXML>"
)
PLAIN = f'<inlineData contenttype="text/plain">{STORY}</inlineData>'
IN_NITF = f"<inlineXML>{NITF[NITF.index('<nitf') :].replace('&nbsp;', ' ')}</inlineXML>"


def item(content: str = XHTML, status: str = "usable", number: int = 1) -> str:
    return ITEM.format(content=content, status=status, number=number)


def message(*items: str) -> str:
    return (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet>'
        f"{''.join(items)}</itemSet></newsMessage>"
    )


def test_nitf_says_everything() -> None:
    article = only_article(NITF.encode())
    text = f"NORHAVN, March 5 — {STORY}\n\nThe captain said so."
    assert article == Article(
        "post-1",
        "Ferry sinks",
        text,
        "https://harbourpost.example/ferry",
        "Harbour Post",
        ("Ana Ruiz", "Dov Pruett"),
        "2024-03-05T08:30:00+00:00",
        "en",
        "Region",
    )


@pytest.mark.parametrize("content", [XHTML, PLAIN, IN_NITF])
def test_a_news_item_in_each_kind_of_content(content: str) -> None:
    article = only_article(item(content).encode())
    assert article.id == "urn:newsml:wire.example:1" and article.title == "Ferry sinks"
    assert STORY in article.text and "A ferry." not in article.text
    assert article.published == "2024-03-05T08:30:00+01:00"
    assert article.authors == ("Ana Ruiz", "Dov Pruett") and article.source == "Meridian Wire"
    assert article.language == "en"


def test_a_message_holds_many_items() -> None:
    records = read_bytes(message(*(item(number=i) for i in range(5))).encode())
    assert [a.id[-1] for a in articles_in(records)] == ["0", "1", "2", "3", "4"]


def test_withdrawn_items_pictures_and_packages_are_skipped() -> None:
    assert "withdrawn" in only_skip(item(status="canceled").encode()).reason
    picture = item('<remoteContent href="https://wire.example/1.jpg"/>')
    assert "ninat:text has no text" in only_skip(picture.encode()).reason
    assert "no newsItem" in only_skip(b"<packageItem xmlns='x'/>").reason


def test_a_message_that_breaks_off_yields_what_came_before() -> None:
    raw = message(*(item(number=i) for i in range(5)))
    records = read_bytes(raw[: raw.rindex("</body>")].encode())
    assert len(articles_in(records)) == 4
    assert "not well-formed" in skips_in(records)[-1].reason


def test_nitf_without_text_is_skipped() -> None:
    assert "no body.content" in only_skip(b"<nitf><body/></nitf>").reason
    assert "not well-formed" in only_skip(b"<nitf><body>").reason


def test_the_declared_encoding_is_trusted() -> None:
    raw = NITF.replace("UTF-8", "iso-8859-1").replace("captain", "capitán")
    assert "The capitán" in only_article(raw.encode("latin-1")).text
    assert "The capitán" in only_article(raw.replace("iso-8859-1", "utf-8").encode("utf-8")).text
