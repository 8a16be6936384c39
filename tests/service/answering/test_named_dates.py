"""Expressions of time, as `dateparser` read them where it read them at all."""

from datetime import date

import pytest

from service.answering.values.named_dates import named_date

DAY = date(2024, 5, 31)


@pytest.mark.parametrize(
    ("words", "latest", "following"),
    [
        ("february 29", "2024-02-29", "2028-02-29"),
        ("Sept. 5", "2023-09-05", "2024-09-05"),
        ("may 31", "2024-05-31", "2025-05-31"),
        ("5th  march", "2024-03-05", "2025-03-05"),
        ("march 5, 2024", "2024-03-05", "2024-03-05"),
        ("22nd  May 2020", "2020-05-22", "2020-05-22"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("3 days ago", "2024-05-28", "2024-05-28"),
        ("a week ago", "2024-05-24", "2024-05-24"),
        ("in two weeks' time", "2024-06-14", "2024-06-14"),
        ("three days from now", "2024-06-03", "2024-06-03"),
    ],
)
def test_days(words: str, latest: str, following: str) -> None:
    for ahead, expected in ((False, latest), (True, following)):
        named = named_date(words, DAY, ahead=ahead)
        assert named and (named.day.isoformat(), named.precision) == (expected, "day")


@pytest.mark.parametrize(
    ("words", "expected", "precision"),
    [
        ("may, 2024", "2024-05", "month"),
        ("dec. 1999", "1999-12", "month"),
        ("2 months ago", "2024-03", "month"),
        ("in 9 months", "2025-02-28", "month"),
        ("1999", "1999", "year"),
        ("fifty years ago", "1974", "year"),
        ("two decades ago", "2004", "year"),
    ],
)
def test_months_and_years(words: str, expected: str, precision: str) -> None:
    named = named_date(words, DAY, ahead=False)
    assert named and named.precision == precision
    assert named.day.isoformat().startswith(expected)


@pytest.mark.parametrize(
    "words",
    [
        "feb 30",
        "31 february",
        "2024-02-30",
        "march 0 2020",
        "99999 years ago",
        f"in {'9' * 5000} days",
    ],
)
def test_there_is_no_such_day(words: str) -> None:
    assert named_date(words, DAY, ahead=False) is None
