"""Compare ways of fusing and of weighing evidence: `python -m benchmarks.tuning --index DIR`.

Asks the `recent` questions of 2022 of an index of the news archive (`$DATELINE_DATA`) once, and
scores each setting on what was retrieved and read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import rich_click as click

from index.hit import Hit
from index.local import LocalArchive, LocalSnapshot
from index.query import Query
from index.retriever import RetrievalSettings
from service.answering.evidence import EvidenceSettings, weigh
from service.evaluation.metrics import contains_answer, exact_match, f1_score
from service.evaluation.questions import GoldQuestion
from service.reader.onnx_reader import load_reader
from service.reader.reader import Span
from training.quiz import news_quizzes

_DEPTHS = (1, 5, 10, 20)
_ONLY_WORDS = RetrievalSettings(dense_weight=0.0)
FUSIONS: Mapping[str, RetrievalSettings] = {
    "words": replace(_ONLY_WORDS, recency=0.0),
    "words + recency": _ONLY_WORDS,
    "vectors + recency": RetrievalSettings(dense_weight=1e6),
    "k = 10, dense weight 0.5": RetrievalSettings(rrf_k=10.0),
    "k = 60, dense weight 0.5": RetrievalSettings(),
    "k = 60, dense weight 1": RetrievalSettings(dense_weight=1.0),
}
WEIGHTS: Sequence[EvidenceSettings] = (
    EvidenceSettings(temperature=2.0),
    EvidenceSettings(temperature=3.0, containing=0.0),
    EvidenceSettings(temperature=3.0),
    EvidenceSettings(temperature=3.0, containing=1.0),
    EvidenceSettings(),
    EvidenceSettings(rank_decay=1.0),
    EvidenceSettings(temperature=6.0),
)


@dataclass(frozen=True, slots=True)
class _Read:
    gold: GoldQuestion
    hits: Sequence[Hit]
    spans: Sequence[Span]


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--threads", default=2, show_default=True)
def main(index_dir: Path, threads: int) -> None:
    """Print both tables."""
    golds = news_quizzes(2022)
    snapshot = LocalArchive(index_dir, threads).current()
    print(f"{len(golds)} questions, {snapshot.status.n_embedded} passages embedded")
    for name, settings in FUSIONS.items():
        snapshot.settings = settings
        print(f"{name:26}", *_recalls(golds, snapshot))
    snapshot.settings = RetrievalSettings()
    read = list(_read(golds, snapshot, threads))
    for weights in WEIGHTS:
        print(weights, *_scores(read, weights))


def _recalls(golds: Sequence[GoldQuestion], snapshot: LocalSnapshot) -> Iterator[str]:
    """Yield the share of questions whose first k passages hold a right answer, for each k."""
    found = []
    for gold in golds:
        query = Query(gold.question.text, as_of=gold.question.as_of)
        hits = snapshot.search(query, max(_DEPTHS))
        ranks = [hit.rank for hit in hits if contains_answer(hit.text, gold.answers)]
        found.append(ranks[0] if ranks else max(_DEPTHS))
    for depth in _DEPTHS:
        yield f"@{depth} {sum(rank < depth for rank in found) / len(found):.3f}"


def _read(golds: Sequence[GoldQuestion], snapshot: LocalSnapshot, threads: int) -> Iterator[_Read]:
    reader = load_reader(None, threads)
    for gold in golds:
        hits = snapshot.search(Query(gold.question.text, as_of=gold.question.as_of), 10)
        yield _Read(gold, hits, reader.read(gold.question.text, hits))


def _scores(read: Sequence[_Read], weights: EvidenceSettings) -> Iterator[str]:
    """Yield EM and F1 of the first answer, and the share with a right one among the first five."""
    answered = [(one.gold.answers, _texts(one, weights)) for one in read]
    measures: dict[str, Callable[[Sequence[str], Sequence[str]], float]] = {
        "EM": lambda texts, golds: exact_match(texts[0], golds),
        "F1": lambda texts, golds: f1_score(texts[0], golds),
        "first five": lambda texts, golds: max(exact_match(text, golds) for text in texts),
    }
    for name, measure in measures.items():
        total = sum(measure(texts, golds) for golds, texts in answered if texts)
        yield f"{name} {total / len(answered):.3f}"


def _texts(one: _Read, weights: EvidenceSettings) -> list[str]:
    best = [candidate.spans[0] for candidate in weigh(one.spans, one.hits, weights)[:5]]
    return [one.hits[span.hit].article.text[span.start : span.end] for span in best]


if __name__ == "__main__":
    main()
