import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.errors import IndexStateError, RequestError
from index.archive import ArchiveStatus
from index.hit import Hit
from index.query import Query
from service.answering.answer import Answer, AskResult, Question
from service.answering.citing import cite
from service.evaluation.questions import GoldQuestion, read_questions
from service.evaluation.report import render_report
from service.evaluation.runner import evaluate
from service.evaluation.summary import Row
from service.reader.reader import Span
from tests.service.answering.conftest import hit_for

HIT = hit_for("one", "It rained. Nine <b>people</b> were rescued on Tuesday.", 0)
START = HIT.article.text.index("Nine")


def answer(confidence: float = 0.8, offset: int = 0) -> Answer:
    citation = cite(Span(0, START, START + 4, 1.0, 0.0), HIT)
    citation = replace(citation, quote_start=citation.quote_start + offset)
    return Answer("Nine", confidence, 1, (citation,))


@dataclass
class FakeAnswerer:
    answers: dict[str, Answer | None]

    def ask(
        self, question: Question, on_hits: Callable[[Sequence[Hit]], None] | None = None
    ) -> AskResult:
        if question.text not in self.answers:
            raise IndexStateError("the archive is gone")
        found = self.answers[question.text]
        reason = None if found else "It does not say."
        others = () if found else (answer(0.1),)
        return AskResult(question.text, question.text, found, others, (HIT,), 1, reason)


class FakeArchive:
    status = ArchiveStatus(1, 1, 1, 1, "hash/16", (), None, None)

    def current(self) -> "FakeArchive":
        return self

    def search(self, query: Query, k: int) -> list[Hit]:
        return [HIT]

    def article(self, article_id: str) -> Article | None:
        return HIT.article if article_id == "one" else None


def gold(text: str, *answers: str, **extra: object) -> GoldQuestion:
    return GoldQuestion(text, Question(text), answers, extra)


def run(found: Answer | None, question: GoldQuestion) -> Row:
    answerer = FakeAnswerer({question.question.text: found})
    return evaluate([question], answerer, FakeArchive()).rows[0]


def test_a_right_answer() -> None:
    row = run(answer(), gold("How many?", "nine", "9"))
    assert (row.em, row.f1, row.answered, row.answer, row.confidence) == (1, 1, True, "Nine", 0.8)
    assert row.recall_rank == 0 and row.gold_in_quote and row.gold_shown
    assert row.citation and row.citation["permalink"] == "/articles/one?q=11-54"
    assert (row.n_citations, row.n_valid_citations) == (1, 1)


def test_a_wrong_answer_whose_quote_holds_the_right_one() -> None:
    row = run(answer(), gold("When?", "Tuesday"))
    assert (row.em, row.f1, row.gold_in_quote) == (0, 0, True)


def test_a_refusal_is_right_when_there_is_no_answer_and_wrong_when_there_is() -> None:
    assert run(None, gold("How many?")).em == 1.0
    wrong = run(None, gold("How many?", "nine"))
    assert (wrong.em, wrong.answered, wrong.best, wrong.confidence) == (0.0, False, "Nine", 0.1)


def test_an_answer_where_there_is_none_is_wrong() -> None:
    row = run(answer(), gold("How many?"))
    assert (row.em, row.f1, row.recall_rank) == (0.0, 0.0, None)


def test_a_citation_that_is_off_by_one_is_not_valid() -> None:
    row = run(answer(offset=1), gold("How many?", "nine"))
    assert (row.n_citations, row.n_valid_citations) == (1, 0)


def test_an_error_is_a_row_that_scores_nothing_and_the_rest_is_asked() -> None:
    report = evaluate(
        [gold("gone"), gold("How many?", "nine")],
        FakeAnswerer({"How many?": answer()}),
        FakeArchive(),
    )
    assert [row.em for row in report.rows] == [0.0, 1.0]
    assert report.rows[0].error == "the archive is gone"
    assert report.figures()["n_errors"] == 1


def test_the_json_has_the_keys_of_the_contract() -> None:
    found = evaluate(
        [gold("How many?", "nine", recent=True), gold("Who?")],
        FakeAnswerer({"How many?": answer(), "Who?": None}),
        FakeArchive(),
    ).as_dict()
    json.dumps(found)
    assert (found["n"], found["em"], found["f1"], found["valid_citations"]) == (2, 1.0, 1.0, 1.0)
    assert found["abstention_auroc"] == 1.0
    assert found["groups"]["recent=true"]["n"] == 1
    keys = {"id", "em", "f1", "answered", "answer", "confidence", "citation", "latency_ms"}
    assert keys | {"recall_rank"} <= found["rows"][0].keys()


def test_the_report_escapes_what_articles_and_questions_say() -> None:
    report = evaluate(
        [gold("<script>alert(1)</script>", "nine")],
        FakeAnswerer({"<script>alert(1)</script>": answer()}),
        FakeArchive(),
    )
    page = render_report(report)
    assert "<script" not in page and "<b>" not in page
    assert "&lt;b&gt;people&lt;/b&gt;" in page


def test_questions_are_read_with_all_they_bring(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"id": "1", "question": "Who?", "answers": ["A"], "as_of": "2024-03-05", "recent": true,'
        ' "filters": {"sources": ["X"], "published_to": "2024-03-04"},'
        ' "history": [{"question": "Where?", "answer": null}]}\n\n'
    )
    (read,) = read_questions(path)
    assert read.question.as_of and read.question.as_of.isoformat() == "2024-03-05"
    assert read.question.filters.sources == ("X",)
    assert read.question.history[0].answer is None
    assert read.extra == {"recent": True}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"q\.jsonl:2: not a line of JSON"),
        ('{"id": "1", "question": "Who?"}', r"q\.jsonl:2: field 'answers'"),
        ('{"id": "1", "question": "Who?", "answers": [], "as_of": "soon"}', "field 'as_of'"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": "1", "question": "Who?", "answers": []}\n' + line)
    with pytest.raises(RequestError, match=message):
        read_questions(path)


def test_a_file_without_questions_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("\n")
    with pytest.raises(RequestError, match="holds no question"):
        read_questions(path)
