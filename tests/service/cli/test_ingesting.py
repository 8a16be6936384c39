import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from corpus.article import Article
from corpus.cleaning import RULES
from corpus.errors import SourceError
from corpus.sources import Naming, Reading, Record, Selection, SkippedRecord
from index.building.builder import Builder
from service.cli.console import print_facts, print_report
from service.cli.ingesting import Ingest, ingest_options
from service.cli.main import main

LINES: list[dict[str, Any]] = [
    {"id": "old", "text": "It rained.", "published": "2023-12-31", "language": "en"},
    {"id": "new", "text": "It stopped.", "published": "2024-03-05", "language": "en-GB"},
    {"id": "undated", "text": "It rains.", "language": "en"},
    {"id": "dutch", "text": "Het regent.", "published": "2024-03-05", "language": "nl"},
    {"id": "unstated", "text": "It snowed.", "published": "2024-03-06"},
    {"id": "broken"},
    {"id": "new", "text": "It stopped again.", "published": "2024-03-07", "language": "en"},
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES), encoding="utf-8")
    return path


def ids(records: list[Record]) -> list[str]:
    return [record.id for record in records if isinstance(record, Article)]


def ingest(source: Path, **wanted: Any) -> list[Record]:  # noqa: ANN401 - any field of Ingest
    selection = Selection(wanted.pop("since", None), wanted.pop("language", None))
    with Ingest([source], Reading(), selection, **wanted).records() as records:
        return list(records)


def test_since_leaves_out_what_is_older_or_undated(source: Path) -> None:
    assert ids(ingest(source, since=date(2024, 1, 1))) == ["new", "dutch", "unstated", "new"]


def test_a_month_counts_by_its_last_day(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "x", "text": "It rained.", "date": "2024-03"}), "utf-8")
    assert ids(ingest(path, since=date(2024, 3, 31))) == ["x"]
    assert ids(ingest(path, since=date(2024, 4, 1))) == []


def test_a_language_is_that_which_is_stated(source: Path) -> None:
    assert ids(ingest(source, language="en")) == ["old", "new", "undated", "new"]
    assert ids(ingest(source, language="EN_gb")) == ["new"]


def test_no_more_is_read_than_the_limit(source: Path) -> None:
    assert ids(ingest(source, limit=2)) == ["old", "new"]
    assert not [record for record in ingest(source, limit=5) if isinstance(record, SkippedRecord)]


def test_the_report_has_a_line_for_each_record(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.jsonl"
    records = ingest(source, language="en", report=path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["record"] for line in lines] == list(range(1, len(LINES) + 1))
    assert {line["file"] for line in lines} == {"news.jsonl"}
    assert [line["id"] for line in lines if line["status"] == "indexed"] == ids(records)
    reasons = [line["reason"] for line in lines if line["status"] == "skipped"]
    assert reasons[0] == "its language is 'nl', not 'en'"
    assert reasons[1].startswith("its language is not known") and "'text'" in reasons[2]
    assert "in place of" in lines[-1]["note"]


def test_a_report_is_never_written_over_a_source(source: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a source"):
        ingest(source, report=source)
    with pytest.raises(SourceError, match="cannot be written"):
        ingest(source, report=tmp_path / "none" / "report.jsonl")


def test_names_of_fields_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("kop,tekst\nRegen,Het regent.\n", encoding="utf-8")
    reading = Reading(naming=Naming({"title": "kop", "text": "tekst"}))
    with Ingest([path], reading, Selection()).records() as records:
        (article,) = records
    assert isinstance(article, Article) and article.title == "Regen"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--map", "kop"), "is not FIELD=NAME"),
        (("--map", "colour=kop"), "FIELD one of id, title, text"),
        (("--since", "soon"), "not a day"),
        (("--limit", "0"), "must be a number of 1 or more"),
    ],
)
def test_mistakes_are_told(source: Path, args: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(main, ["build", str(source), *args])
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())


def test_the_sample_archive_is_a_source_like_others(source: Path) -> None:
    read: list[int] = []

    @click.command()
    @ingest_options
    def command(ingest: Ingest) -> None:
        with ingest.records() as records:
            read.append(len(ids(list(records))))

    assert CliRunner().invoke(command, ["--samples"]).exit_code == 0
    assert CliRunner().invoke(command, ["--samples", str(source)]).exit_code == 0
    assert read == [46, 46 + 6]
    missing = CliRunner().invoke(main, ["build"])
    assert missing.exit_code == 2 and "Missing argument" in missing.output


def test_the_end_of_a_run_tells_what_was_dropped_and_what_has_no_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [
        "It rained.\n\nRead more: Ferry fares rise\n\nGetty Images",
        "NORHAVN, March 5, 2024 - Rain.",
    ]
    source, report = tmp_path / "a.jsonl", tmp_path / "report.jsonl"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    ingest(source, report=report)
    said = capsys.readouterr().err
    assert "read-more 1" in said and "photo-credits 1" in said and "without a date: 1." in said
    assert "Read 2 records in" in said and "records/s" in said
    one, other = map(json.loads, report.read_text("utf-8").splitlines())
    assert one["dropped"] == {"photo-credits": 1, "read-more": 1}
    assert one["published"] is None and one["date_from"] is None
    assert (other["published"], other["date_from"]) == ("2024-03-05", "dateline")


def test_the_rules_of_cleaning_are_told_without_an_index() -> None:
    told = CliRunner().invoke(main, ["info", "--cleaning"]).output
    assert all(rule.name in told for rule in RULES)
    rows = json.loads(CliRunner().invoke(main, ["info", "--cleaning", "--json"]).output)["cleaning"]
    assert [row["name"] for row in rows] == [rule.name for rule in RULES]


@pytest.fixture
def unsure(tmp_path: Path) -> Path:
    path = tmp_path / "unsure.jsonl"
    items = [
        {"id": 1, "source": "Post", "text": "It rained.", "date": "03/04/2024"},
        {"id": 2, "source": "Post", "text": "It blew.", "date": "2024-03-05T23:30:00Z"},
        {"id": 3, "source": "Post", "text": "It froze.", "status": "draft"},
        {"id": 4, "source": "Post", "text": "It thawed.", "embargo": "2199-01-01"},
    ]
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path


def options(*args: str) -> Ingest:
    """Return what a command line makes of its options."""
    got: list[Ingest] = []

    @click.command()
    @ingest_options
    def command(ingest: Ingest) -> None:
        got.append(ingest)

    result = CliRunner().invoke(command, args)
    assert result.exit_code == 0, result.output
    return got[0]


def test_what_is_left_out_or_unread_is_told(
    unsure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.jsonl"
    with options(str(unsure), "--report", str(report)).records() as records:
        assert ids(list(records)) == ["Post/1", "Post/2", "Post/4"]
    said = " ".join(capsys.readouterr().err.split())
    assert "not published: it is a draft (1); --include-unpublished" in said
    assert "Field published left out of 1 article, first in unsure.jsonl:1: published" in said
    lines = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert [line.get("id") for line in lines] == ["Post/1", "Post/2", None, "Post/4"]
    (unread,) = lines[0]["unread"]
    assert (unread["field"], unread["value"]) == ("published", "03/04/2024")
    assert "--dates dmy" in unread["why"] and lines[3]["embargo"] == "2199-01-01"


def test_a_person_says_what_an_archive_leaves_open(unsure: Path) -> None:
    args = ("--dates", "dmy", "--zone", "Australia/Sydney", "--include-unpublished")
    with options(str(unsure), *args).records() as records:
        found = [one for one in records if isinstance(one, Article)]
    assert [one.id for one in found] == ["Post/1", "Post/2", "Post/3", "Post/4"]
    assert [one.published for one in found[:2]] == ["2024-04-03", "2024-03-06T10:30:00+11:00"]
    assert found[3].embargo is None


def test_how_a_table_is_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=^\ntitle^text\nFerry^It sank.\n", encoding="utf-8")
    with options(str(path)).records() as records:
        (article,) = records
    assert isinstance(article, Article) and article.text == "It sank."
    assert "a.csv was read as a table: cells parted by '^'" in capsys.readouterr().err


def test_two_articles_of_one_id_are_told_or_refused(
    tmp_path: Path, make_builder: Callable[[], Builder], capsys: pytest.CaptureFixture[str]
) -> None:
    one = Article("x", "Tram", "Tram line 4 opened on Monday.", None, "Post", (), "2024-05-06")
    other = Article("x", "Lake", "The lake froze over.", None, "Gazette", (), "2024-01-07")
    print_report(make_builder().build([one, other]))
    said = capsys.readouterr()
    assert "'x': 'Tram' (Post, 2024-05-06) is replaced by 'Lake' (Gazette, 2024-01-07)" in said.err
    keeping = options(str(tmp_path), "--on-conflict", "keep").wants(make_builder())
    print_report(keeping.add([one]))
    assert "0 added, 0 replaced, 1 kept" in capsys.readouterr().out


def test_a_zone_that_is_none_is_refused(unsure: Path) -> None:
    result = CliRunner().invoke(main, ["build", str(unsure), "--zone", "Mars/Olympus"])
    assert result.exit_code == 2 and "not a time zone" in result.output


def test_languages_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    print_facts({"n_articles": 3, "languages": {"de": 2, "": 1}, "sources": ("A", "B")}, False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split(maxsplit=1) == ["languages", "de 2, unknown 1"]
    assert lines[2].split(maxsplit=1) == ["sources", "A, B"]
