"""Corrections that formats have fields for, and items that were withdrawn."""

import json

import pytest

from corpus.corrections.notice import Correction
from corpus.sources.corrections import stated_corrections
from corpus.sources.record import SkippedRecord
from tests.corpus.sources.reading import only_article, read_bytes

STORY = "The ferry Sula sank off Norhavn on Tuesday. Nine people died, the harbour master said."
NOTICE = "The toll was nine, not 11."
COMMENT = {"@type": "CorrectionComment", "text": NOTICE, "datePublished": "2024-03-06T09:00Z"}
LINKED = {
    "@type": "NewsArticle",
    "headline": "Ferry sinks",
    "datePublished": "2024-03-05",
    "articleBody": STORY,
    "correction": COMMENT,
}
STATED = {
    "JSON": json.dumps({"id": "1", "title": "T", "text": STORY, "correction": COMMENT}),
    "ninjs": json.dumps(
        {"uri": "urn:x:1", "body_text": STORY, "correction": [COMMENT], "ednote": "Take 2"}
    ),
    "JSON-LD": f'<html><head><script type="application/ld+json">{json.dumps(LINKED)}</script>'
    f"</head><body><article><h1>Ferry sinks</h1><p>{STORY}</p></article></body></html>",
}
NOTED = {
    "ninjs": json.dumps({"uri": "urn:x:1", "body_text": STORY, "ednote": f"Corrects: {NOTICE}"}),
    "NewsML-G2": '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1"><itemMeta>'
    '<itemClass qcode="ninat:text"/><signal qcode="sig:correction"/>'
    f"<edNote>Corrects: {NOTICE}</edNote></itemMeta><contentSet><inlineXML><html><body>"
    f"<p>{STORY}</p></body></html></inlineXML></contentSet></newsItem>",
    "NITF": f'<nitf><head><docdata><correction info="Corrects: {NOTICE}"/></docdata></head><body>'
    f"<body.content><p>{STORY}</p></body.content></body></nitf>",
}


@pytest.mark.parametrize("fmt", STATED)
def test_a_stated_correction_is_kept_with_its_day(fmt: str) -> None:
    article = only_article(STATED[fmt].encode())
    assert article.corrections == (Correction("correction", NOTICE, "2024-03-06"),)


@pytest.mark.parametrize("fmt", NOTED)
def test_notes_to_editors_that_speak_of_a_change_are_corrections(fmt: str) -> None:
    article = only_article(NOTED[fmt].encode())
    assert article.corrections == (Correction("correction", f"Corrects: {NOTICE}"),)


def test_what_stands_in_the_text_as_well_is_told_once() -> None:
    text = f"{STORY}\n\nCorrection: {NOTICE}"
    raw = json.dumps({"id": "1", "title": "T", "text": text, "correction": NOTICE})
    (found,) = only_article(raw.encode()).corrections
    assert found.is_in_text


@pytest.mark.parametrize(
    "value", [None, 3, [], {}, "", "https://example.org/corrections", [[[[1]]]]]
)
def test_what_says_nothing_is_no_correction(value: object) -> None:
    assert stated_corrections(value, None) == ()


def test_an_item_that_was_withdrawn_names_the_article_it_takes_back() -> None:
    raw = json.dumps({"uri": "urn:x:1", "pubstatus": "stat:canceled", "body_text": STORY})
    (skip,) = read_bytes(raw.encode())
    assert isinstance(skip, SkippedRecord) and skip.withdrawn == "urn:x:1"
    raw = json.dumps({"id": "urn:x:1", "status": "draft", "text": STORY})
    (skip,) = read_bytes(raw.encode())
    assert isinstance(skip, SkippedRecord) and skip.withdrawn is None
