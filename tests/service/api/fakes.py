"""An archive of three articles and an answerer that quotes them, both without models."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from corpus.article import Article, Passage
from corpus.corrections.notice import Correction
from corpus.errors import IndexStateError
from index.engines.archive import ArchiveStatus
from index.search.browsing import ArticlePage, ArticleRow, Browse, Catalog
from index.search.history import ArticleHistory
from index.search.hit import Hit
from index.search.query import Query
from service.answering.answer import Answer, AskResult, Citation, Question

FERRY = Article(
    "ferry",
    "Ferry sinks off Norhavn",
    "NORHAVN 🚢 — The ferry Sula sank on Tuesday. Nine people were rescued.\n\nIt was cold.",
    url="https://example.org/ferry",
    source="Harbour Post",
    authors=("Ada Lind",),
    published="2024-03-05",
    language="en",
)
EVIL = Article(
    "evil",
    "<script>document.title='owned'</script>",
    "Before. <img src=x onerror=\"document.title='owned'\"> & </mark> “after”.",
    url="javascript:document.title='owned'",
    source="<b>Outlet</b>",
)
NOTICE = Correction("correction", "Nine were rescued, not <b>eleven</b>.", "2024-03-08")
ARTICLES = {article.id: article for article in (FERRY, EVIL)}


def hit_of(article: Article, rank: int = 0) -> Hit:
    bounds = (0, len(article.text))
    passage = Passage(f"{article.id}-0", article.id, *bounds, (bounds,))
    return Hit(article, passage, rank, 1.0, 0.5, None)


def citation_of(article: Article, quote: str, answer: str) -> Citation:
    start = article.text.index(quote)
    answer_start = article.text.index(answer, start)
    return Citation(
        article.id,
        article.title,
        article.source,
        article.url,
        article.published,
        quote,
        start,
        start + len(quote),
        answer_start,
        answer_start + len(answer),
        version=article.version,
        corrections=article.corrections,
    )


class FakeSnapshot:
    """Holds `ARTICLES`; `newest_articles` come before them where questions are made.

    `histories` has what became of articles besides, by their ids.
    """

    histories: Mapping[str, ArticleHistory] = MappingProxyType({})
    newest_articles: Sequence[Article] = ()
    status = ArchiveStatus(
        snapshot=7,
        n_articles=2,
        n_passages=2,
        n_embedded=1,
        embedder="hash/16",
        sources=("Harbour Post",),
        first_day="2024-03-05",
        last_day="2024-03-05",
        published_at="2024-03-06T06:00:00+00:00",
    )

    def search(self, query: Query, k: int) -> list[Hit]:
        return [hit_of(article, rank) for rank, article in enumerate(ARTICLES.values())][:k]

    def n_passages_with(self, text: str) -> int:
        return 1

    def spelt_like(self, word: str) -> str | None:
        return None

    def article(self, article_id: str) -> Article | None:
        return ARTICLES.get(article_id)

    def history(self, article_id: str) -> ArticleHistory:
        return self.histories.get(article_id, ArticleHistory())

    def newest(self, n: int) -> list[Article]:
        return [*self.newest_articles, *ARTICLES.values()][:n]

    def browse(self, browse: Browse) -> ArticlePage:
        words = browse.text.casefold()
        found = {
            key: article
            for key, article in enumerate(ARTICLES.values())
            if words in f"{article.title} {article.text}".casefold()
        }
        rows = [ArticleRow.of(key, article) for key, article in found.items()]
        return Catalog(rows).page(browse, None).page(found)


class FakeArchive:
    """Has nothing to serve while it is `broken`; `trouble` is what ails a newer snapshot."""

    broken = False
    trouble: str | None = None

    def current(self) -> FakeSnapshot:
        if self.broken:
            raise IndexStateError("nothing is published: run `dateline build` first.")
        snapshot = FakeSnapshot()
        snapshot.status = replace(snapshot.status, trouble=self.trouble)
        return snapshot


class FakeAnswerer:
    """Answers "Nine" from the ferry; "evil" quotes markup, "nothing" is refused.

    `fails` is raised after the passages were told. While `gate` is closed, questions wait; those
    that were broken off meanwhile are in `stopped`.
    """

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.stopped: list[Exception] = []
        self.fails: Exception | None = None
        self.likely = True
        self.gate = threading.Event()
        self.gate.set()

    def ask(
        self,
        question: Question,
        on_hits: Callable[[Sequence[Hit]], None] | None = None,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> AskResult:
        self.asked.append(question)
        hits = (hit_of(EVIL if "evil" in question.text else FERRY),)
        if on_hits:
            on_hits(hits)
        self._wait(raise_if_cancelled)
        if self.fails:
            raise self.fails
        answers = () if "nothing" in question.text else _answers(question.text, self.likely)
        return AskResult(
            question.text,
            question.text,
            answers[0] if answers else None,
            answers[1:],
            hits,
            7,
            None if answers else "The archive does not say.",
            {"search": 1.5},
        )

    def _wait(self, raise_if_cancelled: Callable[[], None] | None) -> None:
        """Wait for the gate in batches, as a reader reads."""
        end = time.monotonic() + 30
        while not self.gate.wait(0.005) and time.monotonic() < end:
            try:
                if raise_if_cancelled:
                    raise_if_cancelled()
            except Exception as error:
                self.stopped.append(error)
                raise


class CorrectedAnswerer(FakeAnswerer):
    """Answers from articles that were corrected with `NOTICE`."""

    def ask(
        self,
        question: Question,
        on_hits: Callable[[Sequence[Hit]], None] | None = None,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> AskResult:
        result = super().ask(question, on_hits, raise_if_cancelled)
        if result.answer is None:
            return result
        cited = (replace(one, corrections=(NOTICE,)) for one in result.answer.citations)
        return replace(result, answer=replace(result.answer, citations=tuple(cited)))


def _answers(text: str, likely: bool) -> tuple[Answer, ...]:
    if "evil" in text:
        quote = EVIL.text
        answer = quote[8:53]
        return (Answer(answer, 0.5, 1, (citation_of(EVIL, quote, answer),)),)
    rescued = citation_of(FERRY, "Nine people were rescued.", "Nine")
    sank = citation_of(FERRY, FERRY.text.split("\n")[0], "Sula")
    return (Answer("Nine", 0.91, 1, (rescued,), likely=likely), Answer("Sula", 0.2, 1, (sank,)))
