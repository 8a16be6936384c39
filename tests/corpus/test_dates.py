from datetime import UTC, date, datetime

import pytest

from corpus.article import Article
from corpus.dates import last_day, parse_day


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024-03-05T23:30:00-05:00", date(2024, 3, 5)),
        ("2024-02", date(2024, 2, 29)),
        ("2023", date(2023, 12, 31)),
    ],
)
def test_by_when_an_article_was_published(published: str, day: date) -> None:
    assert last_day(published) == day
    article = Article("a", "T", "It rained.", published=published)
    assert article.known_by == day
    # A month is too little to say which day "Tuesday" was.
    assert article.day == (day if len(published) >= 10 else None)


def test_an_embargo_ends_by_the_clock_and_by_the_day_asked_from() -> None:
    article = Article("a", "T", "It rained.", embargo="2024-03-05T09:00:00+01:00")
    assert article.is_embargoed(datetime(2024, 3, 5, 7, 59, tzinfo=UTC))
    later = datetime(2024, 3, 5, 8, 0, tzinfo=UTC)
    assert not article.is_embargoed(later)
    assert article.is_embargoed(later, date(2024, 3, 4))
    assert not article.is_embargoed(later, date(2024, 3, 5))


def test_a_day_is_a_day() -> None:
    assert parse_day("2025-02-19").isoformat() == "2025-02-19"
    with pytest.raises(ValueError, match="not a day"):
        parse_day("2025-02-19T00:00:00")
