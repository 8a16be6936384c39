import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.errors import RequestError
from service.answering.answer import Question
from service.evaluation.report import render_report, write_report
from service.evaluation.runner import evaluate
from service.evaluation.summary import Report, group_by
from tests.service.evaluation.fakes import FakeAnswerer, answer, archive, gold


def test_groups_are_years_facts_and_both() -> None:
    when = date(2022, 6, 3)
    questions = [
        gold("How many?", "nine", recent=True, urls=["u"]),
        replace(gold("Who?"), question=Question("Who?", as_of=when), extra={"recent": True}),
    ]
    answerer = FakeAnswerer({"How many?": answer(), "Who?": answer()})
    report = evaluate(questions, answerer, archive())
    assert {name: found["em"] for name, found in report.groups().items()} == {
        "2022": 0.0,
        "recent=true": 0.5,
        "recent=true 2022": 0.0,
    }
    assert list(group_by(report, "as_of")) == ["2022"]
    assert group_by(report, "recent")["recent=true"]["n"] == 2
    assert group_by(report, "urls") == {}


def test_the_summary_is_aligned() -> None:
    answerer = FakeAnswerer({"How many?": answer()})
    report = evaluate([gold("How many?", "nine", recent=True)], answerer, archive())
    lines = report.summary().splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[0].split() == ["all", "recent=true"]
    assert ["em", "1.000", "1.000"] in [line.split() for line in lines]
    assert "n_answerable" in Report([]).summary()


def test_the_json_has_the_keys_of_the_contract() -> None:
    found = evaluate(
        [gold("How many?", "nine", recent=True), gold("Who?")],
        FakeAnswerer({"How many?": answer(), "Who?": None}),
        archive(),
    ).as_dict()
    json.dumps(found)
    assert (found["n"], found["em"], found["f1"], found["valid_citations"]) == (2, 1.0, 1.0, 1.0)
    assert found["abstention_auroc"] == 1.0
    assert found["groups"]["recent=true"]["n"] == 1
    assert " ".join(found) == (
        "n n_answerable n_unanswerable n_errors em f1 em_answerable f1_answerable "
        "right_or_gold_in_quote best_em best_right hit_at_5 recall@1 recall@5 recall@10 "
        "refused_answerable refused_unanswerable abstention_auroc coverage_at_90_precision "
        "precision_at_50_coverage calibration_error n_citations valid_citations p50_ms p95_ms "
        "groups rows"
    )
    assert " ".join(found["rows"][0]) == (
        "id question golds em f1 answered answer best best_em best_right confidence citation "
        "latency_ms recall_rank gold_in_quote hit_at_5 n_citations n_valid_citations as_of groups "
        "error"
    )
    assert " ".join(found["rows"][0]["citation"]) == (
        "article_id title source url published quote quote_start quote_end answer_start "
        "answer_end field version corrections permalink"
    )


def test_the_report_escapes_what_articles_and_questions_say() -> None:
    report = evaluate(
        [gold("<script>alert(1)</script>", "nine")],
        FakeAnswerer({"<script>alert(1)</script>": answer()}),
        archive(),
    )
    page = render_report(report)
    assert "<script" not in page and "<b>" not in page
    assert "&lt;b&gt;people&lt;/b&gt;" in page


def test_the_report_tells_verdicts_and_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    questions = [gold("How many?", "nine"), gold("When?", "Tuesday"), gold("Who?", "A"), gold("no")]
    answers = {"How many?": answer(), "When?": answer(), "Who?": None}
    report = evaluate(questions, FakeAnswerer(answers), archive())
    write_report(report, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for verdict in ("right", "in the quote", "wrong", "error"):
        assert f">{verdict}<td>" in page
    assert "refused; best was Nine" in page and "the archive is gone" in page
    assert page.count("<svg") == 2 and "http" not in page and "src=" not in page
    assert "<svg" in render_report(Report([]))


def test_a_report_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be written"):
        write_report(Report([]), tmp_path)
