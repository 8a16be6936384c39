import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus.article import Article
from corpus.cleaning import RULES
from corpus.errors import SourceError
from corpus.sources import Naming, Reading, Record, Selection, Skip
from service.cli import main
from service.ingesting import Ingest

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


def test_a_language_is_that_which_is_stated(source: Path) -> None:
    assert ids(ingest(source, language="en")) == ["old", "new", "undated", "new"]
    assert ids(ingest(source, language="EN_gb")) == ["new"]


def test_no_more_is_read_than_the_limit(source: Path) -> None:
    assert ids(ingest(source, limit=2)) == ["old", "new"]
    assert not [record for record in ingest(source, limit=5) if isinstance(record, Skip)]


def test_the_report_has_a_line_for_each_record(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.jsonl"
    records = ingest(source, language="en", report=path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["record"] for line in lines] == list(range(1, len(LINES) + 1))
    assert {line["file"] for line in lines} == {"news.jsonl"}
    assert [line["id"] for line in lines if line["status"] == "indexed"] == ids(records)
    reasons = [line["reason"] for line in lines if line["status"] == "skipped"]
    assert reasons[0] == "its language is 'nl', not 'en'"
    assert reasons[1].startswith("it states no language") and "'text'" in reasons[2]
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
        (("--limit", "0"), "x>=1"),
    ],
)
def test_mistakes_are_told(source: Path, args: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(main, ["build", str(source), *args])
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", " ").split())


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
