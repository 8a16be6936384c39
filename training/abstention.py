"""News questions asked twice: as they are, and with everything hidden that could answer them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.archive import ArchiveSnapshot
from index.hit import Hit
from index.query import Query
from service.answering.evidence import Candidate, EvidenceSettings, weigh
from service.evaluation.metrics import exact_match, f1_score
from service.evaluation.questions import GoldQuestion
from service.reader.reader import Reader, Span
from training.quiz import hidden_hits

__all__ = ["Asked", "Judged", "ask_twice", "judge"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the passages it was asked of, and the spans read in them.

    `is_answerable` is false when what could answer it was hidden.
    """

    gold: GoldQuestion
    hits: Sequence[Hit]
    spans: Sequence[Span]
    is_answerable: bool

    def candidates(self, settings: EvidenceSettings) -> list[Candidate]:
        """Return the different answers, the best supported first."""
        question = self.gold.question
        return weigh(question.text, question.as_of, self.spans, self.hits, settings)

    def text(self, candidate: Candidate) -> str:
        """Return an answer's words."""
        return candidate.spans[0].text(self.hits)


@dataclass(frozen=True, slots=True)
class Judged:
    """The best answer to a question: its evidence, and how right it is (0 when all was hidden)."""

    share: float
    margin: float
    coverage: float
    em: float
    f1: float
    is_answerable: bool


def ask_twice(
    golds: Sequence[GoldQuestion], snapshot: ArchiveSnapshot, reader: Reader, n_read: int
) -> Iterator[Asked]:
    """Yield each question as it is, and again where a past without its answer can be asked."""
    for gold in golds:
        text = gold.question.text
        hits = snapshot.search(Query(text, as_of=gold.question.as_of), n_read)
        yield Asked(gold, hits, reader.read(text, hits), is_answerable=True)
        if hidden := hidden_hits(gold, snapshot, n_read):
            yield Asked(gold, hidden, reader.read(text, hidden), is_answerable=False)


def judge(asked: Asked, settings: EvidenceSettings) -> Judged | None:
    """Return the best answer with its scores, None when there is none."""
    candidates = asked.candidates(settings)
    if not candidates:
        return None
    best, golds = candidates[0], asked.gold.answers
    text = asked.text(best)
    return Judged(
        best.share,
        best.margin,
        best.coverage,
        exact_match(text, golds) if asked.is_answerable else 0.0,
        f1_score(text, golds) if asked.is_answerable else 0.0,
        asked.is_answerable,
    )
