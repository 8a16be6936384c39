import pytest

from corpus.sources.dates.moments import read_moment
from corpus.sources.policy import Policy


@pytest.mark.parametrize(
    ("raw", "published"),
    [
        ("2024-03-05", "2024-03-05"),
        ("2024-03-05T08:30:00Z", "2024-03-05T08:30:00+00:00"),
        ("2024-03-05 08:30:00.123+02:00", "2024-03-05T08:30:00+02:00"),
        ("2024-03-05T08:30:00.000+0000", "2024-03-05T08:30:00+00:00"),
        ("2024-03-05 08:30:00 UTC", "2024-03-05T08:30:00+00:00"),
        ("2024-03-05T14:30Z[UTC]", "2024-03-05T14:30:00+00:00"),
        ("2024-03-05 24:00:00", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("20240305T000000", "2024-03-05"),
        ("20240305T083000Z", "2024-03-05T08:30:00+00:00"),
        ("Tue, 05 Mar 2024 08:30:00 GMT", "2024-03-05T08:30:00+00:00"),
        ("Tue, 5 Mar 2024 08:30:00 -0500", "2024-03-05T08:30:00-05:00"),
        ("Tue, 05 Mar 2024 08:30:00 EST", "2024-03-05T08:30:00-05:00"),
        ("Tue, 05 Mar 24 08:30:00 GMT", "2024-03-05T08:30:00+00:00"),
        ("Tue Mar 05 08:30:00 +0100 2024", "2024-03-05T08:30:00+01:00"),
        ("Fri, 01 Mar 2024 10:00:00 +0100 (CET)", "2024-03-01T10:00:00+01:00"),
        ("Tuesday, March 5, 2024 5:30 PM EDT", "2024-03-05T17:30:00-04:00"),
        ("Updated: March 5 2024 at 9:15 a.m. ET", "2024-03-05T09:15:00-05:00"),
        ("9:15 a.m. PT March 5, 2024", "2024-03-05T09:15:00-08:00"),
        ("5th of March 2024", "2024-03-05"),
        ("Sept. 5, 2024", "2024-09-05"),
        (" 5-MAR-1987 15:01:01.79", "1987-03-05T15:01:01+00:00"),
        ("5-MAR-1987 605:12:19.12", "1987-03-05"),
        (1709627400, "2024-03-05T08:30:00+00:00"),
        ("1709627400000", "2024-03-05T08:30:00+00:00"),
        (1709627400000000, "2024-03-05T08:30:00+00:00"),
        ("D:20240305083000+01'00'", "2024-03-05T08:30:00+01:00"),
        ("D:20240305", "2024-03-05"),
    ],
)
def test_dates_as_archives_write_them(raw: str | int, published: str) -> None:
    assert read_moment(raw).iso == published


@pytest.mark.parametrize(
    ("raw", "published"),
    [
        ("Dienstag, 5. März 2024", "2024-03-05"),
        ("5. Maerz 2024, 9.15 Uhr", "2024-03-05T09:15:00+00:00"),
        ("Veröffentlicht am 24. Dezember 2023 um 18:00 Uhr", "2023-12-24T18:00:00+00:00"),
        ("5 mars 2024", "2024-03-05"),
        ("Publié le 1er août 2024 à 9h15", "2024-08-01T09:15:00+00:00"),
        ("jeudi 29 février 2024", "2024-02-29"),
        ("5 de marzo de 2024", "2024-03-05"),
        ("martes, 5 de marzo de 2024, 09:15", "2024-03-05T09:15:00+00:00"),
        ("5 marzo 2024", "2024-03-05"),
        ("5 de maio de 2024", "2024-05-05"),
        ("5 марта 2024", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("2024년 3월 5일", "2024-03-05"),
    ],
)
def test_months_in_the_languages_of_news(raw: str, published: str) -> None:
    assert read_moment(raw).iso == published


@pytest.mark.parametrize(
    ("raw", "published"),
    [
        ("25.12.2023", "2023-12-25"),
        ("12/25/2023", "2023-12-25"),
        ("12-25-2023 08:30", "2023-12-25T08:30:00+00:00"),
        ("05.05.2024", "2024-05-05"),
        ("2024-03", "2024-03"),
        ("März 2024", "2024-03"),
        ("03/2024", "2024-03"),
        ("2024", "2024"),
        (2024, "2024"),
    ],
)
def test_what_can_mean_one_thing_only_is_read(raw: str | int, published: str) -> None:
    assert read_moment(raw).iso == published


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("soon", "not a date"),
        ("last Tuesday", "not a date"),
        ("March 5 and 6, 2024", "not a date"),
        ("03/04/2024", "--dates dmy"),
        ("05.03.2024", "--dates dmy"),
        ("05/03/24", "two digits"),
        ("2024-13-05", "no such day"),
        ("31 Feb 2024", "no such day"),
        ("99999999999999999999", "not a date"),
        ("0000-00-00 00:00:00", "unknown date"),
        ("n/a", "unknown date"),
        ("Unknown", "unknown date"),
        (0, "unknown date"),
        ("Wed, 30 Nov -0001 00:00:00 +0000", "unknown date"),
        ("0001-01-01T00:00:00Z", "no news is of that year"),
        ("9999-12-31", "no news is of that year"),
        ("1970-01-01T00:00:00Z", "begin to count"),
        ("1969-12-31T19:00:00-05:00", "begin to count"),
        ("1900-01-01", "begin to count"),
        (True, "not a date"),
    ],
)
def test_what_cannot_be_read_says_why(raw: object, why: str) -> None:
    moment = read_moment(raw)
    assert moment.iso is None and why in str(moment.why)


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("AEST", "+10:00"), ("CET", "+01:00"), ("CEST", "+02:00"), ("BST", "+01:00"),
        ("IST", "+05:30"), ("JST", "+09:00"), ("Japan Standard Time", "+09:00"),
        ("Eastern Daylight Time", "-04:00"), ("PT", "-08:00"), ("UTC+5:30", "+05:30"),
        ("GMT-3", "-03:00"), ("Europe/Berlin", "+01:00"), ("(MEZ)", "+01:00"), ("NPT", "+05:45"),
    ],
)  # fmt: skip
def test_zones_of_the_worlds_news(zone: str, offset: str) -> None:
    assert read_moment(f"2024-03-05 08:30 {zone}").iso == f"2024-03-05T08:30:00{offset}"


def test_of_an_unknown_zone_the_day_is_taken_and_told() -> None:
    moment = read_moment("2024-03-05 08:30 QQST")
    assert moment.iso == "2024-03-05" and "'qqst' is not known" in str(moment.why)


def test_a_known_order_is_used() -> None:
    assert read_moment("03/04/2024", Policy(dates="dmy")).iso == "2024-04-03"
    assert read_moment("03/04/2024", Policy(dates="mdy")).iso == "2024-03-04"
    assert read_moment("03.04.98", Policy(dates="dmy")).iso == "1998-04-03"
    # What contradicts it can mean one thing only all the same.
    assert read_moment("25/12/2023", Policy(dates="mdy")).iso == "2023-12-25"


def test_times_are_put_into_the_outlets_zone() -> None:
    sydney = Policy(zone="Australia/Sydney")
    assert read_moment("2024-03-05T23:30:00Z", sydney).iso == "2024-03-06T10:30:00+11:00"
    assert read_moment("2024-03-05 23:30", sydney).iso == "2024-03-05T23:30:00+11:00"
    assert read_moment("2024-03-05T23:30:00-05:00", sydney).iso == "2024-03-05T23:30:00-05:00"
    assert read_moment("2024-03-05", sydney).iso == "2024-03-05"
