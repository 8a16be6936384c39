from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest

from corpus.article import Article
from corpus.errors import RequestError
from index.archive import ArchiveStatus
from index.hit import Hit
from index.query import Filters, Query
from service.answering.answer import Question, Turn
from service.answering.extractive import ExtractiveAnswerer
from service.reader.calibration import Calibration
from service.reader.reader import Span

CALIBRATION = Calibration(
    bias=0.0, log_share_weight=1.0, margin_weight=0.5, coverage_weight=0.0, abstain_below=0.5
)


@dataclass
class FakeArchive:
    hits: Sequence[Hit]
    queries: list[tuple[Query, int]] = field(default_factory=list)
    status = ArchiveStatus(7, 3, 3, 3, "hash/16", ("Harbour Post",), None, None)

    def current(self) -> "FakeArchive":
        return self

    def search(self, query: Query, k: int) -> list[Hit]:
        self.queries.append((query, k))
        return list(self.hits)

    def newest(self, n: int) -> list[Article]:
        raise NotImplementedError

    def article(self, article_id: str) -> Article | None:
        return next((hit.article for hit in self.hits if hit.article.id == article_id), None)


@dataclass
class FakeReader:
    """Finds the given words wherever they stand."""

    finds: dict[str, float]
    asked: list[str] = field(default_factory=list)

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        max_spans: int = 5,
        check: Callable[[], None] | None = None,
    ) -> list[Span]:
        self.asked.append(question)
        return [
            Span(number, start, start + len(word), score, 0.0)
            for number, hit in enumerate(hits)
            for word, score in self.finds.items()
            if (start := hit.article.text.lower().find(word)) >= 0
        ]


def answerer(hits: Sequence[Hit], **finds: float) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(FakeArchive(hits), FakeReader(finds), CALIBRATION)


def test_an_answer_is_cited_once_per_article_and_every_citation_proves_it(
    hits: Sequence[Hit],
) -> None:
    result = answerer(hits, nine=6.0, twelve=2.0).ask(Question("How many were rescued?"))
    assert result.answer and result.reason is None
    assert result.answer.text == "Nine"
    assert result.answer.support == 1  # all of one outlet
    assert [c.article_id for c in result.answer.citations] == ["one", "two", "three"]
    assert result.answer.citations[0].quote == "Nine people were rescued on Tuesday."
    assert [other.text for other in result.alternatives] == ["twelve"]
    assert result.snapshot == 7
    by_id = {hit.article.id: hit.article for hit in hits}
    for citation in result.answer.citations:
        text = by_id[citation.article_id].text
        assert text[citation.quote_start : citation.quote_end] == citation.quote
        assert citation.quote_start <= citation.answer_start < citation.answer_end
        assert citation.answer_end <= citation.quote_end


def test_an_uncertain_answer_is_refused_but_shown_as_such(hits: Sequence[Hit]) -> None:
    result = answerer(hits, nine=-3.0).ask(Question("How many were rescued?"))
    assert result.answer is None
    assert result.reason and "uncertain" in result.reason
    assert [other.text for other in result.alternatives] == ["Nine"]
    assert result.nearest == tuple(hits)


def test_the_threshold_can_be_set(hits: Sequence[Hit]) -> None:
    low = ExtractiveAnswerer(
        FakeArchive(hits), FakeReader({"nine": -3.0}), CALIBRATION, abstain_below=0.0
    )
    assert low.ask(Question("How many were rescued?")).answer


def test_nothing_found_or_read_is_refused_with_a_reason(hits: Sequence[Hit]) -> None:
    assert "No article" in (answerer([]).ask(Question("Who?")).reason or "")
    assert "hold no answer" in (answerer(hits).ask(Question("Who?")).reason or "")


def test_the_search_gets_filters_day_and_standalone_question(hits: Sequence[Hit]) -> None:
    desk = answerer(hits, nine=6.0)
    filters = Filters(sources=("Harbour Post",))
    desk.ask(
        Question(
            "How old is she?",
            history=(Turn("Who was the captain?", "Marta Ølsen"),),
            filters=filters,
            as_of=date(2024, 3, 5),
        )
    )
    assert isinstance(desk.archive, FakeArchive) and isinstance(desk.reader, FakeReader)
    standalone = "How old is Marta Ølsen?"
    assert desk.archive.queries == [(Query(standalone, filters, date(2024, 3, 5)), 10)]
    assert desk.reader.asked == [standalone]


def test_hits_are_told_before_they_are_read(hits: Sequence[Hit]) -> None:
    told: list[Sequence[Hit]] = []
    answerer(hits, nine=6.0).ask(Question("How many?"), told.append)
    assert told == [list(hits)]


def test_an_empty_question_is_an_error(hits: Sequence[Hit]) -> None:
    with pytest.raises(RequestError, match="empty"):
        answerer(hits).ask(Question("  "))


def test_at_most_max_answers_are_given(hits: Sequence[Hit]) -> None:
    result = answerer(hits, nine=6.0, twelve=5.0, tuesday=4.0).ask(
        Question("How many?", max_answers=2)
    )
    assert result.answer and len(result.alternatives) == 1
