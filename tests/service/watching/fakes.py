"""An archive of numbered snapshots, and answers that change with them as a test says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from corpus.article import Article
from index.engines.archive import ArchiveSnapshot, ArchiveStatus
from index.search.browsing import ArticlePage, Browse
from index.search.history import ArticleHistory, Hold
from index.search.hit import Hit
from index.search.query import Query
from service.answering.answer import Answer, AskResult, Citation
from service.answering.values.reading import value_of
from service.watching.asking import Look
from service.watching.watch import Watch

__all__ = ["FakeArchive", "FakeAsker", "FakeClock", "answer", "told"]

ARTICLE = Article("ferry", "Ferry", "The captain is Marta Holt.", source="Harbour Post")


@dataclass
class FakeClock:
    """Stands still until it is moved."""

    now: datetime = datetime(2026, 11, 27, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class FakeSnapshot:
    status: ArchiveStatus
    articles: Mapping[str, Article]
    held: Mapping[str, str]

    def search(self, query: Query, k: int) -> list[Hit]:
        raise NotImplementedError

    def n_passages_with(self, text: str) -> int:
        return 1

    def spelt_like(self, word: str) -> str | None:
        return None

    def article(self, article_id: str) -> Article | None:
        return self.articles.get(article_id)

    def newest(self, n: int) -> list[Article]:
        raise NotImplementedError

    def history(self, article_id: str) -> ArticleHistory:
        why = self.held.get(article_id)
        return ArticleHistory(hold=Hold(article_id, why, "Ada", "2026-11-27") if why else None)

    def browse(self, browse: Browse) -> ArticlePage:
        raise NotImplementedError


@dataclass
class FakeArchive:
    """Is at snapshot `number`, of which all but `n_missing` passages have vectors."""

    number: int = 1
    n_missing: int = 0
    articles: dict[str, Article] = field(default_factory=lambda: {ARTICLE.id: ARTICLE})
    held: dict[str, str] = field(default_factory=dict)

    def current(self) -> FakeSnapshot:
        n_embedded = 10 - self.n_missing
        status = ArchiveStatus(self.number, 5, 10, n_embedded, "hash/16", (), None, None)
        return FakeSnapshot(status, dict(self.articles), dict(self.held))


def answer(text: str, article: Article = ARTICLE, *, conflict: bool = False) -> Answer:
    """Return an answer that quotes all of an article."""
    quote = article.text
    citation = Citation(
        article.id, article.title, article.source, None, "2024-03-05", quote, 0, len(quote), 0, 1
    )
    value = value_of(text, 0, len(text), None)
    return Answer(text, 0.9, 1, (citation,), value, conflict=conflict)


def told(question: str, found: Answer | None, snapshot: int = 1) -> AskResult:
    return AskResult(
        question, question, found, (), (), snapshot, reason=None if found else "Nobody says."
    )


@dataclass
class FakeAsker:
    """Answers each question as `answers` has it; looks tell nothing unless `facts` do.

    `on_ask` is called before each answer.
    """

    answers: dict[str, Answer | None | Exception] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    on_ask: Callable[[], None] = lambda: None
    asked: list[str] = field(default_factory=list)

    def look(self, watch: Watch, snapshot: object) -> Look | None:
        facts = self.facts.get(watch.question)
        return Look(facts, None, None) if facts else None

    def ask(
        self, watch: Watch, snapshot: ArchiveSnapshot, raise_if_cancelled: Callable[[], None]
    ) -> AskResult:
        self.on_ask()
        raise_if_cancelled()
        self.asked.append(watch.question)
        found = self.answers.get(watch.question)
        if isinstance(found, Exception):
            raise found
        return told(watch.question, found, snapshot.status.snapshot)

    def asked_since(self, n: int) -> Sequence[str]:
        return self.asked[n:]
