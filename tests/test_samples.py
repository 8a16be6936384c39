"""The sample archive is what it says, and Dateline answers questions about it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.sources import read_sources
from service.evaluation.questions import read_questions
from service.evaluation.runner import evaluate
from service.evaluation.summary import Report
from service.settings import Settings
from service.wiring import open_answerer

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
ARTICLES, QUESTIONS = SAMPLES / "articles.jsonl", SAMPLES / "questions.jsonl"


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    records = list(read_sources([ARTICLES]))
    assert all(isinstance(record, Article) for record in records)
    return [record for record in records if isinstance(record, Article)]


def test_there_are_enough_articles_of_five_outlets_over_two_years(
    articles: list[Article],
) -> None:
    assert len(articles) >= 40
    assert len({article.source for article in articles}) == 5
    days = sorted(article.day for article in articles if article.day)
    assert len(days) == len(articles)
    assert (days[-1] - days[0]).days > 600


def test_raw_articles_have_the_length_of_news() -> None:
    for line in ARTICLES.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        assert 200 <= len(record["text"].split()) <= 600, record["id"]


def test_cleaning_leaves_the_story_alone(articles: list[Article]) -> None:
    for article in articles:
        assert "Related Posts" not in article.text
        assert not any(line.startswith("Read more:") for line in article.text.split("\n"))
        assert len(article.text.split()) > 180, article.id


def test_questions_are_of_every_kind_and_their_answers_stand_in_the_archive(
    articles: list[Article],
) -> None:
    questions = read_questions(QUESTIONS)
    assert len(questions) >= 80
    assert sum(not gold.answers for gold in questions) >= 20
    assert sum(bool(gold.question.history) for gold in questions) >= 15
    texts = "\n".join(article.text for article in articles)
    for gold in questions:
        assert all(answer in texts for answer in gold.answers), gold.id
    kinds = Counter(gold.question.text.split()[0].lower() for gold in questions)
    assert {"who", "when", "where", "how", "why", "what", "which"} <= kinds.keys()


@pytest.fixture(scope="module")
def report(sample_index: Path) -> Report:
    answerer, archive = open_answerer(Settings(index_dir=sample_index))
    return evaluate(read_questions(QUESTIONS), answerer, archive)


@pytest.mark.e2e
def test_every_citation_holds(report: Report) -> None:
    figures = report.figures()
    assert figures["n_errors"] == 0
    assert figures["n_citations"] and figures["valid_citations"] == 1.0


@pytest.mark.e2e
def test_the_passages_that_answer_are_found(report: Report) -> None:
    recall = report.figures()["recall@10"]
    assert recall is not None and recall >= 0.9


@pytest.mark.e2e
def test_answers_are_not_worse_than_they_were(report: Report) -> None:
    # A guard against breakage, below what is measured; the figures are in benchmarks/README.md.
    right = report.figures()["right_or_gold_in_quote"]
    assert right is not None and right >= 0.5
