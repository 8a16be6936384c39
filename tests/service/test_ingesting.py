import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus.article import Article
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
