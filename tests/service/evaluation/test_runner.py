from dataclasses import replace
from typing import Any

import pytest

from corpus.errors import IndexStateError
from service.answering.answer import Answer
from service.evaluation.questions import GoldQuestion
from service.evaluation.row import Row
from service.evaluation.runner import evaluate
from tests.service.answering.fakes import FakeArchive
from tests.service.evaluation.fakes import HIT, START, FakeAnswerer, answer, archive, gold


def run(found: Answer | None, question: GoldQuestion) -> Row:
    answerer = FakeAnswerer({question.question.text: found})
    return evaluate([question], answerer, archive()).rows[0]


def test_a_right_answer() -> None:
    row = run(answer(), gold("How many?", "nine", "9"))
    assert (row.em, row.f1, row.answered, row.answer, row.confidence) == (1, 1, True, "Nine", 0.8)
    assert row.recall_rank == 0 and row.gold_in_quote and row.hit_at_5
    assert row.citation and row.citation["permalink"].startswith("/articles/one?q=11-54&v=")
    assert (row.n_citations, row.n_valid_citations) == (1, 1)


def test_a_wrong_answer_whose_quote_holds_the_right_one() -> None:
    row = run(answer(), gold("When?", "Tuesday"))
    assert (row.em, row.f1, row.gold_in_quote) == (0, 0, True)


def test_a_refusal_is_right_when_there_is_no_answer_and_wrong_when_there_is() -> None:
    assert run(None, gold("How many?")).em == 1.0
    wrong = run(None, gold("How many?", "nine"))
    assert (wrong.em, wrong.answered, wrong.best, wrong.confidence) == (0.0, False, "Nine", 0.1)
    assert wrong.hit_at_5 and wrong.citation is None and not wrong.gold_in_quote
    # Normalised it is as empty as a refusal is.
    assert run(None, gold("Which letter?", "A")).em == 0.0


def test_an_answer_where_there_is_none_is_wrong() -> None:
    row = run(answer(), gold("How many?"))
    assert (row.em, row.f1, row.recall_rank) == (0.0, 0.0, None)


LENGTH = len(HIT.article.text)
TAIL = HIT.article.text[START:]


@pytest.mark.parametrize(
    "change",
    [
        {"quote_start": START + 1},
        {"quote": "Ten people were rescued."},
        {"article_id": "gone"},
        {"answer_start": 0},
        {"answer_start": START + 1},
        {"answer_end": START},
        {"quote_end": LENGTH + 1},
        {"quote_start": START - LENGTH},
    ],
)
def test_a_citation_that_is_not_true_to_the_article_is_not_valid(change: dict[str, Any]) -> None:
    true = answer().citations[0]
    assert true.quote == TAIL
    wrong = replace(answer(), citations=(replace(true, **change),))
    row = run(wrong, gold("How many?", "nine"))
    assert (row.n_citations, row.n_valid_citations) == (1, 0)


def test_every_citation_is_checked_and_later_ones_may_word_it_otherwise() -> None:
    first = answer().citations[0]
    otherwise = replace(first, answer_end=first.answer_end + 1)
    shifted = replace(first, quote_start=0)
    row = run(replace(answer(), citations=(first, otherwise, shifted)), gold("How many?", "nine"))
    assert (row.n_citations, row.n_valid_citations) == (3, 2)


def test_citations_of_what_was_not_trusted_are_checked_too() -> None:
    assert run(None, gold("How many?")).n_valid_citations == 1


def test_an_answer_without_a_citation_has_no_valid_proof() -> None:
    row = run(replace(answer(), citations=()), gold("How many?", "nine"))
    assert (row.citation, row.n_citations, row.n_valid_citations) == (None, 1, 0)


def test_a_gold_is_looked_for_in_k_passages_only() -> None:
    question = gold("How many?", "nine")
    answerer = FakeAnswerer({"How many?": answer()})
    report = evaluate([question], answerer, archive(), k=0)
    assert report.rows[0].recall_rank is None and report.figures()["recall@1"] == 0.0


def test_an_error_is_a_row_that_scores_nothing_and_the_rest_is_asked() -> None:
    report = evaluate(
        [gold("gone"), gold("How many?", "nine")],
        FakeAnswerer({"How many?": answer()}),
        archive(),
    )
    assert [row.em for row in report.rows] == [0.0, 1.0]
    assert report.rows[0].error == "the archive is gone"
    assert report.figures()["n_errors"] == 1


def test_an_error_is_no_refusal() -> None:
    figures = evaluate([gold("gone")], FakeAnswerer({}), archive()).figures()
    assert (figures["em"], figures["refused_unanswerable"]) == (0.0, 0.0)


def test_citations_that_cannot_be_checked_are_an_error_of_their_question() -> None:
    class Damaged(FakeArchive):
        def current(self) -> FakeArchive:
            raise IndexStateError("the newest snapshot is damaged")

    answerer = FakeAnswerer({"How many?": answer()})
    calls: list[int] = []
    report = evaluate(
        [gold("How many?", "nine")], answerer, Damaged([HIT]), on_progress=lambda: calls.append(1)
    )
    assert report.rows[0].error == "the newest snapshot is damaged"
    assert report.rows[0].em == 0.0 and calls == [1]


def test_a_headline_is_a_citation_too() -> None:
    title = HIT.article.title
    cited = replace(
        answer().citations[0],
        quote=title,
        quote_start=0,
        quote_end=len(title),
        answer_start=0,
        answer_end=5,
        field="title",
    )
    row = run(Answer(title[:5], 0.8, 1, (cited,)), gold(title[:5]))
    assert (row.n_citations, row.n_valid_citations) == (1, 1)
    # The same bounds are of other words in the text.
    elsewhere = replace(cited, field="text")
    assert run(Answer(title[:5], 0.8, 1, (elsewhere,)), gold("x")).n_valid_citations == 0
