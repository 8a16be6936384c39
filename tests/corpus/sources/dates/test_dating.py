import json

import pytest

from corpus.sources import ReadArticle
from corpus.sources.dates.dating import Stated, day_in_dateline, day_in_url, first_date
from tests.corpus.sources.formats.test_html import STORY, page
from tests.corpus.sources.reading import read_bytes


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2024/03/05/ferry", "2024-03-05"),
        ("/sea/2024/3/5", "2024-03-05"),
        ("/2024/mar/05/ferry", "2024-03-05"),
        ("/story/2024-03-05/ferry", "2024-03-05"),
        ("/20240305/ferry.html", "2024-03-05"),
        ("/2024/03/ferry", None),
        ("/2024/13/05/ferry", None),
        ("/2024/02/30/ferry", None),
        ("/articles/120240305", None),
        ("/?on=2024-03-05", None),
        ("", None),
    ],
)
def test_days_in_addresses(path: str, day: str | None) -> None:
    assert day_in_url(f"https://post.example{path}") == day


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("NORHAVN, March 5, 2024 - The ferry sank.", "2024-03-05"),
        ("NEW YORK, Mar. 5, 2024 /Wire/ -- The ferry sank.", "2024-03-05"),
        ("LA PAZ (5 March 2024) — The ferry sank.", "2024-03-05"),
        ("Published March 5, 2024 5:30 PM EDT", "2024-03-05T17:30:00-04:00"),
        ("First published on Tuesday, 5 March 2024", "2024-03-05"),
        ("QUITO, Feb 19 - The ferry sank.", None),
        ("On March 5, 2024 - a Tuesday - the ferry sank.", None),
        ("BREAKING NEWS: the law of March 5, 2024 was repealed.", None),
    ],
)
def test_dates_in_datelines(line: str, date: str | None) -> None:
    assert day_in_dateline(f"{line}\nIt rained.") == date


def test_an_instant_is_taken_for_its_day() -> None:
    day, instant = Stated("metadata", "2024-03-05"), Stated("JSON-LD", "2024-03-05T08:30:00+01:00")
    assert first_date([day, instant]) == instant
    assert first_date([day, Stated("JSON-LD", "2024-03-06T08:30:00Z")]) == day
    assert (
        first_date([Stated("metadata", "soon"), Stated("JSON-LD", "0001-01-01T00:00:00Z")]) is None
    )


META = '<meta property="article:published_time" content="{}">'
LINKED = '<script type="application/ld+json">{}</script>'
ADDRESS = '<link rel="canonical" href="https://harbourpost.example/2024/03/07/ferry">'
DATELINE = "<p>NORHAVN, March 8, 2024 - The ferry Sula sank on Tuesday, the port office said.</p>"


def test_the_order_is_metadata_json_ld_url_dateline() -> None:
    linked = {"@type": "NewsArticle", "headline": "T", "datePublished": "2024-03-06T08:30:00+01:00"}
    heads = [META.format("2024-03-05T08:30:00Z"), LINKED.format(json.dumps(linked)), ADDRESS]
    found = []
    for n_gone in range(4):
        (record,) = read_bytes(page("".join(heads[n_gone:]), DATELINE + STORY))
        assert isinstance(record, ReadArticle)
        found.append((record.date_from, record.article.published))
    assert found == [
        ("metadata", "2024-03-05T08:30:00+00:00"),
        ("JSON-LD", "2024-03-06T08:30:00+01:00"),
        ("URL", "2024-03-07"),
        ("dateline", "2024-03-08"),
    ]
    (record,) = read_bytes(page("", STORY))
    assert isinstance(record, ReadArticle) and record.date_from is record.article.published is None
