import json
from typing import Any

import pytest

from tests.corpus.sources.reading import STORY, articles_in, only_article, only_skip, read_bytes

V1 = {
    "uri": "https://wire.example/items/1",
    "type": "text",
    "versioncreated": "2024-03-05T08:30:00Z",
    "pubstatus": "usable",
    "language": "en",
    "headline": "Ferry sinks",
    "byline": "By Ana Ruiz and Dov Pruett",
    "body_text": STORY,
    "body_xhtml": f"<div><p>{STORY}</p></div>",
    "copyrightholder": "Meridian Wire",
}
V2 = {
    "uri": "tag:wire.example,2024:1",
    "standard": {"name": "ninjs", "version": "2.0"},
    "firstcreated": "2024-03-05T08:30:00Z",
    "versioncreated": "2024-03-06T08:30:00Z",
    "language": "en",
    "headlines": [{"role": "short", "value": "Sinks"}, {"role": "main", "value": "Ferry sinks"}],
    "bylines": [{"byline": "Ana Ruiz and Dov Pruett", "role": "main"}],
    "bodies": [
        {"role": "caption", "value": "A ferry."},
        {"role": "main", "contenttype": "text/html", "value": f"<p>{STORY}</p>"},
    ],
    "infosources": [{"name": "Meridian Wire"}],
}
V3 = {
    "uri": "tag:wire.example,2024:1",
    "standard": {"name": "ninjs", "version": "3.0"},
    "firstCreated": "2024-03-05T08:30:00Z",
    "versionCreated": "2024-03-06T08:30:00Z",
    "representationType": "complete",
    "language": "en",
    "headlines": [{"value": "Ferry sinks"}],
    "by": "Ana Ruiz and Dov Pruett",
    "bodies": [{"contentType": "text/plain", "value": STORY}],
    "infoSources": [{"name": "Meridian Wire"}],
}


@pytest.mark.parametrize("item", [V1, V2, V3])
def test_each_version_gives_the_same_article(item: dict[str, Any]) -> None:
    article = only_article(json.dumps(item, indent=1).encode())
    assert (article.title, article.text) == ("Ferry sinks", STORY)
    assert article.published == "2024-03-05T08:30:00+00:00"
    assert article.authors == ("Ana Ruiz", "Dov Pruett")
    assert article.source == "Meridian Wire" and article.language == "en"


def test_items_come_as_lines_and_as_arrays() -> None:
    lines = b"\n".join(json.dumps(item).encode() for item in (V1, V3))
    assert len(articles_in(read_bytes(lines))) == 2
    assert len(articles_in(read_bytes(json.dumps([V1, V2]).encode()))) == 2


def test_the_link_is_kept_where_the_uri_is_one() -> None:
    assert only_article(json.dumps(V1).encode()).url == "https://wire.example/items/1"
    assert only_article(json.dumps(V3).encode()).url is None


def test_withdrawn_items_and_pictures_are_skipped() -> None:
    assert "withdrawn" in only_skip(json.dumps(V1 | {"pubstatus": "canceled"}).encode()).reason
    picture = {"uri": "u", "type": "picture", "versioncreated": "2024-03-05", "headline": "Sea"}
    assert "this picture has no body" in only_skip(json.dumps(picture).encode()).reason
