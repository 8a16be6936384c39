import json

import pytest

from corpus.sources import Policy, SkippedRecord
from corpus.sources.state import reason_unpublished
from tests.corpus.sources.reading import STORY, only_article, read_bytes

ITEM = {"id": "ferry", "title": "Ferry sinks", "text": STORY, "date": "2024-03-05"}


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "draft"},
        {"Status": "Auto-Draft"},
        {"wp_status": "private"},
        {"wp:status": "trash"},
        {"post_status": "pending"},
        {"status": "future"},
        {"pubStatus": "stat:withheld"},
        {"pubstatus": "canceled"},
        {"visibility": "private"},
        {"workflow_state": "in review"},
        {"published": False},
        {"published": "false"},
        {"is_published": "0"},
        {"draft": True},
        {"isDraft": "yes"},
        {"deleted": 1},
        {"robots": "noindex, follow"},
        {"robots": "none"},
        {"published": 0},
        {"robots": ["max-image-preview:large", "noindex"]},
        {"noindex": "true"},
        {"post_password": "secret"},
        {"post_type": "attachment"},
        {"type": "page"},
        {"content": {"rendered": "<p>It rained for days.</p>", "protected": True}},
    ],
)
def test_what_is_not_published_is_skipped_with_the_reason(facts: dict[str, object]) -> None:
    raw = json.dumps(ITEM | facts).encode()
    (skip,) = read_bytes(raw)
    assert isinstance(skip, SkippedRecord) and skip.kind == "unpublished"
    assert skip.reason.startswith(("not published", "not an article"))
    (found,) = read_bytes(raw, policy=Policy(include_unpublished=True))
    assert not isinstance(found, SkippedRecord) and found.article.title == "Ferry sinks"


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "publish"},
        {"status": "ok"},
        {"status": "archived"},
        {"pubstatus": "usable"},
        {"published": True},
        {"published": "2024-03-05"},
        {"draft": False, "private": "no"},
        {"visibility": "public"},
        {"robots": "index, follow, max-image-preview:none"},
        {"type": "article"},
        {"live": False},
        {"embargo": False},
        {"embargoed": None},
        {"embargo": "none"},
        {"embargo_until": "0000-00-00 00:00:00"},
        {"state": "CA"},
    ],
)
def test_what_is_published_stays(facts: dict[str, object]) -> None:
    assert reason_unpublished(facts) is None
    article = only_article(json.dumps(ITEM | facts).encode())
    assert article.published == "2024-03-05" and article.embargo is None


def test_an_embargo_is_kept_with_the_article() -> None:
    item = ITEM | {"embargoed_until": "2024-03-06 09:00 CET"}
    assert only_article(json.dumps(item).encode()).embargo == "2024-03-06T09:00:00+01:00"
    (found,) = read_bytes(json.dumps(item).encode(), policy=Policy(include_unpublished=True))
    assert not isinstance(found, SkippedRecord) and found.article.embargo is None


@pytest.mark.parametrize("embargo", [True, "yes", "until further notice"])
def test_an_embargo_without_an_end_does_not_end(embargo: object) -> None:
    (skip,) = read_bytes(json.dumps(ITEM | {"embargo": embargo}).encode())
    assert isinstance(skip, SkippedRecord) and "embargoed, without an end" in skip.reason


EMBARGO = "2024-03-06T09:00:00+01:00"
EMBARGOED = {
    "NewsML-G2": (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1"><itemMeta>'
        f'<itemClass qcode="ninat:text"/><embargoed>{EMBARGO}</embargoed></itemMeta><contentSet>'
        f"<inlineXML><p>{STORY}</p></inlineXML></contentSet></newsItem>"
    ),
    "NITF": (
        '<nitf><head><docdata management-status="embargoed"><date.release norm="'
        f'{EMBARGO}"/></docdata></head><body><body.content><p>{STORY}</p></body.content></body></nitf>'
    ),
    "ninjs": json.dumps({"uri": "urn:x:1", "body_text": STORY, "embargoed": EMBARGO}),
    "RSS": (
        '<rss xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><channel><item>'
        f"<description>{STORY}</description><prism:embargoDate>{EMBARGO}</prism:embargoDate>"
        "</item></channel></rss>"
    ),
    "HTML": (
        f'<html><head><meta name="embargo" content="{EMBARGO}"></head><body><article><h1>T</h1>'
        f"<p>{STORY}</p><p>{STORY} Again.</p></article></body></html>"
    ),
    "Markdown": f"---\ntitle: T\nembargo: {EMBARGO}\n---\n{STORY}\n",
}


@pytest.mark.parametrize("fmt", EMBARGOED)
def test_embargoes_are_read_in_each_format(fmt: str) -> None:
    assert only_article(EMBARGOED[fmt].encode()).embargo == EMBARGO


def test_a_newsml_embargo_without_a_date_does_not_end() -> None:
    raw = EMBARGOED["NewsML-G2"].replace(f"<embargoed>{EMBARGO}</embargoed>", "<embargoed/>")
    (skip,) = read_bytes(raw.encode())
    assert isinstance(skip, SkippedRecord) and "without an end" in skip.reason


def test_a_zero_that_could_be_a_date_is_no_switch() -> None:
    (found,) = read_bytes(json.dumps({"id": "x", "text": STORY, "published": 0}).encode())
    assert not isinstance(found, SkippedRecord) and found.article.published is None
