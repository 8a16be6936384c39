"""Does the right passage come up? `python -m benchmarks.retrieval --index DIR --year 2023`.

For the news quizzes of a year (`$DATELINE_DATA`): the share whose first k passages hold a right
answer as whole words, for ways of ranking. Settings are chosen on 2022.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import rich_click as click

from corpus.errors import DatelineError
from index.engines.local.archive import LocalArchive
from index.engines.local.snapshot import LocalSnapshot
from index.search.query import Query
from index.search.retriever import RetrievalSettings
from service.evaluation.metrics import contains_answer
from service.evaluation.questions import GoldQuestion
from training.quiz import news_quizzes

_DEPTHS = (1, 5, 10, 20, 100)
_DEFAULT = RetrievalSettings()
_WORDS = replace(_DEFAULT, dense_weight=0.0)
_MEANING = replace(_DEFAULT, dense_weight=1e6)
RANKINGS: Mapping[str, RetrievalSettings] = {
    "BM25": replace(_WORDS, recency=0.0),
    "vectors": replace(_MEANING, recency=0.0),
    "fused": replace(_DEFAULT, recency=0.0),
    "BM25 + recency": _WORDS,
    "vectors + recency": _MEANING,
    "fused + recency (default)": _DEFAULT,
    "rrf_k 60": replace(_DEFAULT, rrf_k=60.0),
    "dense weight 1": replace(_DEFAULT, dense_weight=1.0),
    "recency 0.3": replace(_DEFAULT, recency=0.3),
    "recency 1.2": replace(_DEFAULT, recency=1.2),
    "recency of 10 days": replace(_DEFAULT, recency_days=10.0),
    "recency of 40 days": replace(_DEFAULT, recency_days=40.0),
    "2 per story": replace(_DEFAULT, max_per_story=2),
    "any number per story": replace(_DEFAULT, max_per_story=1000),
}


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--year", default=2022, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(index_dir: Path, year: int, threads: int) -> None:
    """Print one line for each way of ranking."""
    try:
        golds = news_quizzes(year)
        snapshot = LocalArchive(index_dir, threads).current()
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    status = snapshot.status
    print(f"{len(golds)} questions of {year}, {status.n_embedded} of {status.n_passages} embedded")
    for name, settings in RANKINGS.items():
        snapshot.settings = settings
        print(f"{name:26}", *recalls(golds, snapshot), flush=True)


def recalls(golds: Sequence[GoldQuestion], snapshot: LocalSnapshot) -> Iterator[str]:
    """Yield the share of questions with a right answer in the first passages, for each depth."""
    found = []
    for gold in golds:
        query = Query(gold.question.text, as_of=gold.question.as_of)
        hits = snapshot.search(query, max(_DEPTHS))
        ranks = (hit.rank for hit in hits if contains_answer(hit.text, gold.answers))
        found.append(next(ranks, max(_DEPTHS)))
    for depth in _DEPTHS:
        yield f"@{depth} {sum(rank < depth for rank in found) / len(found):.3f}"


if __name__ == "__main__":
    main()
