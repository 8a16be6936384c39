import pytest

from corpus.dates import parse_day, parse_published


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2025-02-19", "2025-02-19"),
        (" 2025-02-19 ", "2025-02-19"),
        ("2025-02-19T08:30:00Z", "2025-02-19T08:30:00+00:00"),
        ("2025-02-19T08:30:00.123-05:00", "2025-02-19T08:30:00-05:00"),
        ("2025-02-19 08:30", "2025-02-19T08:30:00+00:00"),
        ("Wed, 19 Feb 2025 08:30:00 GMT", "2025-02-19T08:30:00+00:00"),
    ],
)
def test_dates_are_kept_as_iso(raw: str, expected: str) -> None:
    assert parse_published(raw) == expected


@pytest.mark.parametrize("raw", ["last Tuesday", "2025-13-40", "19/02/2025", "", "٢٠٢٥-٠٢-١٩"])
def test_other_texts_are_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month"):
        parse_published(raw)


def test_a_day_is_a_day() -> None:
    assert parse_day("2025-02-19").isoformat() == "2025-02-19"
    with pytest.raises(ValueError, match="not a day"):
        parse_day("2025-02-19T00:00:00")
