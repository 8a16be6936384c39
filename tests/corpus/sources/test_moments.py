import pytest

from corpus.dates import parse_published
from corpus.sources.moments import as_iso


@pytest.mark.parametrize(
    ("raw", "published"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-03-05T08:30:00Z", "2024-03-05T08:30:00+00:00"),
        ("2024-03-05 08:30:00.123+02:00", "2024-03-05T08:30:00+02:00"),
        ("2024-03-05 08:30:00 UTC", "2024-03-05T08:30:00+00:00"),
        ("2024/3/5", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("20240305T000000", "2024-03-05"),
        ("20240305T083000Z", "2024-03-05T08:30:00+00:00"),
        ("Tue, 05 Mar 2024 08:30:00 GMT", "2024-03-05T08:30:00+00:00"),
        ("Tue, 5 Mar 2024 08:30:00 -0500", "2024-03-05T08:30:00-05:00"),
        ("Tue, 05 Mar 2024 08:30:00 EST", "2024-03-05T08:30:00-05:00"),
        ("Tuesday, March 5, 2024 5:30 PM EDT", "2024-03-05T17:30:00-04:00"),
        ("5th of March 2024", "2024-03-05"),
        ("Sept. 5, 2024", "2024-09-05"),
        (" 5-MAR-1987 15:01:01.79", "1987-03-05T15:01:01+00:00"),
        ("5-MAR-1987 605:12:19.12", "1987-03-05"),
        (1709627400, "2024-03-05T08:30:00+00:00"),
        ("1709627400000", "2024-03-05T08:30:00+00:00"),
        ("D:20240305083000+01'00'", "2024-03-05T08:30:00+01:00"),
        ("D:20240305", "2024-03-05"),
    ],
)
def test_dates_as_archives_write_them(raw: str | int, published: str) -> None:
    assert parse_published(as_iso(raw)) == published


@pytest.mark.parametrize(
    "raw",
    ["soon", "03/04/2024", "2024-13-05", "31 Feb 2024", "99999999999999999999", "", "５ Mar 2024"],
)
def test_what_is_no_date_is_left_to_be_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="date|day|month|range"):
        parse_published(as_iso(raw))
